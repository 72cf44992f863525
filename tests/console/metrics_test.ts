/**
 * The metrics of a whole host, read by Prometheus' own parser.
 */

import { strict as assert } from "node:assert";
import { METRICS } from "../../src/console/metric_table.ts";
import { WholeHost } from "../cli/whole_host.ts";
import { hasPythonModule, PYTHON } from "../support/python.ts";
import { requirement } from "../support/require.ts";
import { within } from "../support/tcp.ts";

const PARSER = new URL("../support/python_prometheus.py", import.meta.url).pathname;

/** Families that only some hosts have: those with a serial port, or after a failure. */
const CONDITIONAL: ReadonlySet<string> = new Set([
  "hev_serial_opened_total",
  "hev_serial_noise_bytes_total",
  "hev_recording_skipped",
  "hev_serial_unusable_payloads_total",
  "hev_serial_commands_total",
  "tix_send_errors_total",
  "tix_receive_errors_total",
]);

/** Turns on what has metrics of its own; nobody listens there, and nobody is lost. */
const NOTIFYING = [
  "--webhook=http://127.0.0.1:9/",
  "--on-lost=true",
  "--fleet=nats://127.0.0.1:9",
  "--fleet-view",
];

async function scrape(host: WholeHost): Promise<string> {
  const response = await fetch(`http://${await host.address("console")}/metrics`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  return await response.text();
}

function value(text: string, sample: string): number {
  const line = text.split("\n").find((line) => line.startsWith(`${sample} `));
  assert.ok(line, `no sample ${sample}`);
  return Number(line.slice(sample.length));
}

Deno.test("every metric of a host is in the table, and the table has no other", async () => {
  await using host = new WholeHost(NOTIFYING);
  const text = await scrape(host);
  assert.doesNotMatch(text, / untyped$/m);
  const told = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map((match) => match[1]));
  const missing = METRICS.filter(({ name }) => !told.has(name) && !CONDITIONAL.has(name));
  assert.deepEqual(missing, []);
});

Deno.test("metrics count what happens, and name no client", async () => {
  await using host = new WholeHost();
  const heartbeat = await host.address("heartbeat");
  for (let beat = 0; beat < 3; beat++) {
    await (await fetch(`http://${heartbeat}/hb_ping?60000&appid=secret`)).text();
  }
  const text = await scrape(host);
  assert.equal(value(text, 'hilbert_requests_total{command="ping"}'), 3);
  assert.equal(value(text, 'pulsebox_members{protocol="hilbert",state="ok"}'), 1);
  assert.equal(value(text, 'pulsebox_role_up{role="hev"}'), 1);
  assert.ok(value(text, "process_resident_memory_bytes") > 1e7);
  const heapBytes = value(text, "process_heap_bytes");
  assert.ok(heapBytes > 1e6 && heapBytes < value(text, "process_resident_memory_bytes"));
  assert.ok(value(text, "process_cpu_seconds_total") > 0);
  assert.ok(Math.abs(value(text, "process_start_time_seconds") - Date.now() / 1000) < 60);
  assert.ok(value(text, "pulsebox_loop_lag_seconds") < 1);
  assert.doesNotMatch(text, /secret/);
});

const hasParser = requirement("metrics read by Prometheus' parser", {
  name: "python3-prometheus-client",
  available: hasPythonModule("prometheus_client"),
  howToGet: "apt-get install python3-prometheus-client",
});

if (hasParser) {
  Deno.test("Prometheus' own parser reads every family", async () => {
    await using host = new WholeHost(NOTIFYING);
    const child = new Deno.Command(PYTHON, {
      args: [PARSER],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(await scrape(host)));
    await writer.close();
    const { success, stdout, stderr } = await within(child.output(), "the parser");
    assert.ok(success, new TextDecoder().decode(stderr));
    const families = new TextDecoder().decode(stdout).trim().split("\n");
    for (const { name, type } of METRICS) {
      if (CONDITIONAL.has(name)) continue;
      const plain = type === "counter" ? name.replace(/_total$/, "") : name;
      assert.ok(families.some((line) => line.startsWith(`${type} ${plain} `)), name);
    }
  });
}
