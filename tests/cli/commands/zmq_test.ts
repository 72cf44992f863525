import { strict as assert } from "node:assert";
import { ZmqHost } from "../../interop/zmq_host.ts";
import { within } from "../../support/tcp.ts";
import { runProcess } from "../pulsebox_process.ts";

for (const transport of ["tcp", "ws"] as const) {
  Deno.test(`zmq sub writes what zmq pub sends over ${transport}`, async () => {
    await using host = new ZmqHost();
    const sub = runProcess(["zmq", "sub", host.url("sub", transport), "On", "-n1", "-t8s"]);
    await within(host.subscribed("On"), "the subscription comes");
    const pub = await runProcess(["zmq", "pub", host.url("pub", transport), "On1", "a\x1bb", ""]);
    assert.deepEqual(pub, { status: 0, stdout: "", stderr: "" });
    assert.deepEqual(await sub, { status: 0, stdout: "On1\ta\\x1bb\t\n", stderr: "" });
  });
}

Deno.test("zmq req writes the answer, or that there is none", async () => {
  await using host = new ZmqHost();
  const answer = await runProcess(["zmq", "req", host.url("req", "ws"), "--json", "a", "b"]);
  assert.deepEqual(answer, { status: 0, stdout: '["Reply","a","b"]\n', stderr: "" });
  const silence = await runProcess(["zmq", "req", host.url("req", "ws"), "!", "-t300ms"]);
  assert.equal(silence.status, 1);
  assert.match(silence.stderr, /^pulsebox: Cannot get reply from ws:.*: no reply within 300 ms\n$/);
});

Deno.test("zmq pub says that nobody wants its message", async () => {
  const url = "tcp://127.0.0.1:1";
  const { status, stderr } = await runProcess(["zmq", "pub", url, "On", "-t200ms"]);
  assert.equal(status, 1);
  assert.match(stderr, /Connection to tcp:\/\/127\.0\.0\.1:1 ended: nothing listens there/);
  assert.match(stderr, /Cannot publish: nobody at tcp:.* wants "On" within 0\.2 s/);
});

Deno.test("zmq tells what is wrong with its arguments", async () => {
  const cases: [string[], RegExp][] = [
    [["dealer", "tcp://a:1"], /Cannot be "dealer": must be sub, pub, req/],
    [["sub", "http://a:1"], /Cannot use URL "http:\/\/a:1": must be tcp:/],
    [["sub", "tcp://me@a:1"], /Cannot use URL "tcp:\/\/me@a:1": must have no user name/],
    [["req", "tcp://a:1"], /what shall be asked/],
    [["sub", "tcp://a:1", "-n0"], /--count is "0"/],
    [["sub", "tcp://a:1", "-t", "soon"], /--timeout is "soon"/],
  ];
  for (const [args, expected] of cases) {
    const { status, stderr } = await runProcess(["zmq", ...args]);
    assert.equal(status, 2);
    assert.match(stderr, expected);
  }
});

Deno.test("zmq sub that gets nothing in its time says so and fails", async () => {
  await using host = new ZmqHost();
  const nothing = await runProcess(["zmq", "sub", "tcp://127.0.0.1:1", "-t", "500ms"]);
  assert.equal(nothing.status, 1);
  assert.match(nothing.stderr, /No message came from tcp:\/\/127\.0\.0\.1:1 within 0\.5 s\n$/);
  const url = host.url("sub", "tcp");
  const silent = await runProcess(["zmq", "sub", url, "Nothing", "-t", "500ms"]);
  assert.deepEqual([silent.status, silent.stdout], [1, ""]);
  assert.match(silent.stderr, /^pulsebox: No message came from .* within 0\.5 s\n$/);
});
