import { strict as assert } from "node:assert";
import { captureHead, captureLine, readCapture } from "../../../src/wire/hev/capture.ts";

Deno.test("readCapture reads what was written", () => {
  const packets = [{ atMs: 0, text: '{"a":1}' }, { atMs: 1000.125, text: '{"b": "x \u2028y"}' }];
  for (const dialect of ["seed", "nul"] as const) {
    const text = captureHead(dialect) + packets.map(captureLine).join("");
    assert.deepEqual(readCapture(text), { dialect, packets });
  }
});

Deno.test("readCapture leaves out a line that is broken off", () => {
  const text = captureHead("seed") + '0 {"a":1}\n5 {"b"';
  assert.deepEqual(readCapture(text)?.packets, [{ atMs: 0, text: '{"a":1}' }]);
});

Deno.test("readCapture knows what is no capture", () => {
  for (const text of ["", "b'a0'\n", "pulsebox-hev-capture 2 seed\n", '0 {"a":1}\n']) {
    assert.equal(readCapture(text), undefined);
  }
});

Deno.test("captureLine keeps a packet in one line", () => {
  assert.equal(captureLine({ atMs: 1.23456, text: '{\n"a":1}' }), '1.235 { "a":1}\n');
});
