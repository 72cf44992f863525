import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import {
  REPEATED_BODY_CHARACTERS_MAX,
  RepeatedReply,
} from "../../../src/net/http/repeated_reply.ts";
import { ByteArena } from "../../../src/wire/bytes/byte_arena.ts";
import { ReplyTemplate } from "../../../src/wire/http1/reply_template.ts";
import type { Persistence } from "../../../src/wire/http1/writer.ts";
import { textOf } from "../../support/tcp.ts";

const TEMPLATES = [200, 404, 204].map((status) => new ReplyTemplate({ status }));
const DATE = "Sat, 28 Nov 2026 23:30:00 GMT";
const ARENA = new ByteArena();

const REPLY = fc.record({
  template: fc.constantFrom(...TEMPLATES),
  body: fc.constantFrom("", "6000", "6000", "900", "\u00e4", "x".repeat(200), new Uint8Array(3)),
  date: fc.constantFrom(DATE, DATE, DATE.replace("30:00", "30:01")),
  persistence: fc.constantFrom<Persistence>("implied", "implied", "keep-alive", "close"),
  method: fc.constantFrom("GET", "GET", "HEAD"),
  times: fc.integer({ min: 1, max: 4 }),
});

Deno.test("RepeatedReply encodes each reply as its template does, whatever came before", () => {
  const property = fc.property(fc.array(REPLY, { minLength: 1, maxLength: 20 }), (replies) => {
    const repeated = new RepeatedReply();
    const sent: { bytes: Uint8Array; text: string }[] = [];
    for (const { template, body, date, persistence, method, times } of replies) {
      const text = textOf(template.encode(body, { date, persistence, method }, ARENA));
      for (let time = 0; time < times; time++) {
        // Somewhere else each time: who compares by identity would never share.
        const reply = { template, body: typeof body === "string" ? body : body.slice() };
        const bytes = repeated.encode(reply, date, persistence, method);
        assert.equal(textOf(bytes), text);
        sent.push({ bytes, text });
      }
    }
    for (const { bytes, text } of sent) assert.equal(textOf(bytes), text, "not changed since");
  });
  fc.assert(property, { numRuns: 1000 });
});

Deno.test("RepeatedReply encodes what comes again once for all connections", () => {
  const repeated = new RepeatedReply();
  const [template] = TEMPLATES as [ReplyTemplate];
  const encode = (body: string | Uint8Array) =>
    repeated.encode({ template, body }, DATE, "implied", "GET");
  const first = encode("6000");
  assert.equal(encode("6000"), first);
  encode("900");
  assert.notEqual(encode("6000"), first);
  const long = "x".repeat(REPEATED_BODY_CHARACTERS_MAX);
  encode(long);
  assert.equal(encode(long), encode(long));
  encode(`${long}x`);
  assert.notEqual(encode(`${long}x`), encode(`${long}x`));
  const bytes = new Uint8Array(1);
  for (const letter of "ABC") {
    bytes[0] = letter.charCodeAt(0);
    assert(textOf(encode(bytes)).endsWith(letter), "bytes may have changed");
  }
});
