/**
 * A museum on one machine: a broker, five hosts with simulated exhibits, and a console of the fleet.
 *
 * @module
 */

import { NATS_SERVER, NatsServer } from "../tests/support/nats_server.ts";
import { PulseboxProcess, runProcess } from "../tests/cli/pulsebox_process.ts";

/** The hosts, and where each belongs. */
const HOSTS: ReadonlyMap<string, string> = new Map([
  ["foyer", "Ground floor"],
  ["planetarium", "Ground floor"],
  ["workshop", "First floor"],
  ["library", "First floor"],
  ["cafe", "Garden"],
]);
const CONSOLE_PORT = Number(Deno.args[0] ?? 8_880);

if (!NATS_SERVER.available) {
  console.error(`A fleet needs a broker: get it with ${NATS_SERVER.howToGet}`);
  Deno.exit(1);
}
const stopped = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => stopped.resolve());
}
const folder = await Deno.makeTempDir({ prefix: "pulsebox-fleet-" });
try {
  await using broker = await NatsServer.start({ folder });
  const fleet = `--fleet=${broker.url}`;
  const { status, stderr } = await runProcess(["fleet", "init", fleet]);
  if (status !== 0) throw new Error(stderr);
  await using processes = new AsyncDisposableStack();
  const start = (args: readonly string[]) =>
    processes.use(new PulseboxProcess(["--console-host=127.0.0.1", fleet, ...args]));
  for (const [host, label] of HOSTS) {
    const started = start([
      "--heartbeat",
      "--heartbeat-port=0",
      "--console-port=0",
      "--demo",
      `--fleet-host=${host}`,
      `--fleet-label=${label}`,
    ]);
    const [, url = ""] = await started.stderrHas(/Listening on (\S+) role=console/);
    console.log(`${host.padEnd(12)} ${url}`);
  }
  const desk = start([`--console-port=${CONSOLE_PORT}`, "--fleet-host=desk", "--fleet-view"]);
  const [, url = ""] = await desk.stderrHas(/Listening on (\S+) role=console/);
  console.log(
    `Kill one of the hosts and see what the console says. Ctrl-C ends all.\n${url}/fleet`,
  );
  await stopped.promise;
} finally {
  await Deno.remove(folder, { recursive: true });
}
