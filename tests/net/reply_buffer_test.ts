import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Connection } from "../../src/net/connection.ts";
import { ReplyBuffer } from "../../src/net/reply_buffer.ts";
import { textOf } from "../support/tcp.ts";

const PREFIXES = ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 404 Not Found\r\n", "x".repeat(600)].map((
  text,
) => new TextEncoder().encode(text));

const REPLY = fc.record({
  prefix: fc.constantFrom(...PREFIXES),
  rest: fc.constantFrom("4", "6000", "y".repeat(40)),
  /** Whether the reply before it is still being sent. */
  isBusy: fc.boolean(),
});

Deno.test("ReplyBuffer hands out a piece that begins with the prefix, whatever came before", () => {
  const property = fc.property(fc.array(REPLY, { minLength: 1, maxLength: 12 }), (replies) => {
    const connection = { queueBytes: 0 };
    const buffer = new ReplyBuffer(connection as Connection);
    let before: { piece: Uint8Array; text: string } | undefined;
    for (const { prefix, rest, isBusy } of replies) {
      connection.queueBytes = isBusy && before !== undefined ? before.piece.length : 0;
      const piece = buffer.take(prefix, prefix.length + rest.length);
      for (let at = 0; at < rest.length; at++) piece[prefix.length + at] = rest.charCodeAt(at);
      assert.equal(textOf(piece), textOf(prefix) + rest);
      if (isBusy && before !== undefined) assert.equal(textOf(before.piece), before.text);
      before = { piece, text: textOf(piece) };
    }
  });
  fc.assert(property, { numRuns: 500 });
});
