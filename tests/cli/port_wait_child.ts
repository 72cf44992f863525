/**
 * Runs in a network of its own, in which outgoing connections get one port only: that of a role.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { PulseboxProcess, runProcess } from "./pulsebox_process.ts";

const PORT = 54_320;
const HOST = ["--hev", "--hev-source=dump", "--no-console"];

Deno.writeTextFileSync("/proc/sys/net/ipv4/ip_local_port_range", `${PORT} ${PORT}`);
const listener = Deno.listen({ hostname: "127.0.0.1", port: 1_000 });
const outgoing = await Deno.connect({ hostname: "127.0.0.1", port: 1_000 });
const incoming = await listener.accept();
assert.equal((outgoing.localAddr as Deno.NetAddr).port, PORT);

{
  await using host = new PulseboxProcess(HOST);
  await host.stderrHas(/Waiting for 127\.0\.0\.1:54320, at most 90 s: an outgoing connection/);
  // The end that closes first keeps its port for a minute: not ours.
  incoming.close();
  assert.equal(await outgoing.read(new Uint8Array(1)), null);
  outgoing.close();
  await host.stderrHas(/127\.0\.0\.1:54320 is free after/);
  await host.stderrHas(/Listening on tcp:\/\/127\.0\.0\.1:54320 role=hev/);

  // A port on which somebody listens will not become free by itself.
  const second = await runProcess(HOST, {}, undefined, 8_000);
  assert.equal(second.status, 1);
  assert.match(
    second.stderr,
    /Cannot listen on 127\.0\.0\.1:54320: another program uses this port/,
  );
}

// Who waits can be stopped.
const again = await Deno.connect({ hostname: "127.0.0.1", port: 1_000 });
{
  await using host = new PulseboxProcess(HOST);
  await host.stderrHas(/Waiting for 127\.0\.0\.1:54320/);
  host.signal("SIGTERM");
  assert.equal((await host.finished()).status, 0);
}
// A port that is reserved is nobody's; it is not waited for.
Deno.writeTextFileSync("/proc/sys/net/ipv4/ip_local_reserved_ports", `${PORT}`);
assert.equal((await runProcess(HOST, {}, undefined, 8_000)).status, 1);
again.close();
listener.close();
