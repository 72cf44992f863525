import { strict as assert } from "node:assert";
import { cleanEnvironment, commandLine } from "../cli/pulsebox_process.ts";
import { RawClient, within } from "../support/tcp.ts";

/** Descriptors that the host may have; about 25 of them are its own. */
const DESCRIPTORS = 100;

Deno.test("a port keeps its room after another one used up all descriptors", async () => {
  const words = commandLine(["--heartbeat", "--heartbeat-port=0", "--console-port=0"]);
  const child = new Deno.Command("sh", {
    args: ["-c", `ulimit -n ${DESCRIPTORS}; exec "$0" "$@"`, ...words],
    env: cleanEnvironment(),
    clearEnv: true,
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let stderr = "";
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    stderr += text;
    if (/role=console/.test(stderr)) break;
  }
  const [heartbeat = 0, console = 0] = [...stderr.matchAll(/127\.0\.0\.1:(\d+)/g)]
    .map(([, port]) => Number(port));
  const open: RawClient[] = [];
  const connect = async (port: number): Promise<RawClient> => {
    const client = await RawClient.connect({ hostname: "127.0.0.1", port });
    open.push(client);
    return client;
  };
  try {
    const used = () => [...Deno.readDirSync(`/proc/${child.pid}/fd`)].length;
    while (used() < DESCRIPTORS && open.length < 2 * DESCRIPTORS) await connect(heartbeat);
    // Its port has no connection that could go, and none of the descriptors.
    const health = await within(fetch(`http://127.0.0.1:${console}/healthz`), "health");
    await health.body?.cancel();
    for (const client of open.splice(0)) client.close();
    const half = "POST /api/v1/resume HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{";
    const first = await connect(console);
    await first.say(half);
    await (await connect(console)).say(half);
    const reply = await within(fetch(`http://127.0.0.1:${console}/healthz`), "health");
    assert.equal(reply.status, 200);
    await reply.body?.cancel();
    await first.say("}");
    assert.match(await first.hear("\r\n"), /^HTTP\/1\.1 200/);
  } finally {
    for (const client of open) client.close();
    child.kill("SIGTERM");
    await within(child.status, "end of the process");
  }
});
