import { strict as assert } from "node:assert";
import { HELLO_BYTES_MAX, HelloBuffer, type HelloState } from "../../../src/wire/tls/hello.ts";

/** A first record with so many bytes after its header. */
function hello(recordBytes: number): Uint8Array {
  const message = new Uint8Array(recordBytes);
  message.fill(1, 0, 1);
  return Uint8Array.of(22, 3, 1, recordBytes >> 8, recordBytes & 255, ...message);
}

/** Pushes in pieces of at most so many bytes; gives the states in their order. */
function push(buffer: HelloBuffer, bytes: Uint8Array, pieceBytes: number): HelloState[] {
  const states: HelloState[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = buffer.space();
    const count = Math.min(space.length, pieceBytes, bytes.length - at);
    assert.ok(count > 0, "there is room");
    space.set(bytes.subarray(at, at + count));
    at += count;
    states.push(buffer.commit(count));
  }
  return states;
}

Deno.test("HelloBuffer gathers a client's first record, however it is split", () => {
  for (const recordBytes of [4, 292, 512, 1_750, HELLO_BYTES_MAX - 5]) {
    for (const pieceBytes of [1, 5, 511, 100_000]) {
      const buffer = new HelloBuffer();
      const bytes = hello(recordBytes);
      const states = push(buffer, bytes, pieceBytes);
      assert.equal(states.at(-1), "complete");
      assert.deepEqual(new Set(states.slice(0, -1)).difference(new Set(["partial"])), new Set());
      assert.deepEqual(buffer.bytes, bytes);
    }
  }
});

Deno.test("HelloBuffer sees at the first byte that can tell that something is no hello", () => {
  const right = hello(292);
  for (const [at, wrong] of [[0, 0x47], [0, 23], [1, 2], [5, 2]] as const) {
    const bytes = right.with(at, wrong);
    const states = push(new HelloBuffer(), bytes.subarray(0, at + 1), 1);
    assert.deepEqual(states, [...new Array<HelloState>(at).fill("partial"), "no-hello"]);
  }
  for (const recordBytes of [0, 3, HELLO_BYTES_MAX - 4, 65_535]) {
    const bytes = hello(recordBytes).subarray(0, 5);
    assert.equal(push(new HelloBuffer(), bytes, 5)[0], "no-hello", `${recordBytes}`);
  }
});

Deno.test("HelloBuffer takes no more memory than comes, whatever is announced", () => {
  const buffer = new HelloBuffer();
  push(buffer, hello(HELLO_BYTES_MAX - 5).subarray(0, 6), 6);
  assert.ok(buffer.space().buffer.byteLength <= 512);
});
