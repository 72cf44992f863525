import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { bytesOf } from "../../support/tcp.ts";
import { CASES } from "./cases.ts";
import { everyByte, summaryOf, transcriptOf } from "./transcript.ts";

function handMade(bytes: string, cuts: readonly number[] = []): string[] {
  return transcriptOf(bytesOf(bytes), cuts, {}, "hand-made");
}

/** What the reader for protocol ports takes and the strict one does not. */
const TAKEN: Readonly<Record<string, string>> = {
  "GET /hb_ping?5000&appid=x HTTP/1.0\n\n": "head GET /hb_ping?5000&appid=x 1.0 body=0 close",
  "GET /a HTTP/1.0\nConnection: keep-alive\n\n": "head GET /a 1.0 body=0 close",
  "GET /a HTTP/1.1\nHost: a\n\n": "head GET /a 1.1 body=0 close",
  "GET /a HTTP/1.1\r\nHost: a\n\r\n": "head GET /a 1.1 body=0 close",
  "GET /a HTTP/1.1\nHost: a\r\n\n": "head GET /a 1.1 body=0 close",
  "GET   /a   HTTP/1.0  \r\n\r\n": "head GET /a 1.0 body=0 close",
  "GET  /a HTTP/1.0\r\n\r\n": "head GET /a 1.0 body=0 close",
  "\n\nGET /a HTTP/1.0\n\n": "head GET /a 1.0 body=0 close",
  "POST /a HTTP/1.0\n\n": "head POST /a 1.0 body=0 close",
  "POST /a HTTP/1.0\nContent-Length: 0\n\n": "head POST /a 1.0 body=0 close",
  "GET /a HTTP/1.1\nHost: a\nConnection: Upgrade\nUpgrade: websocket\n\n":
    "head GET /a 1.1 body=0 close",
};

for (const [bytes, head] of Object.entries(TAKEN)) {
  Deno.test(`RequestParser takes a hand-made ${JSON.stringify(bytes)}`, () => {
    const transcript = handMade(bytes);
    assert.equal(transcript[0], head);
    assert.equal(transcript.at(-1), "end");
    assert.deepEqual(handMade(bytes, everyByte(bytes.length)), transcript);
    assert.equal(typeof summaryOf(transcriptOf(bytesOf(bytes), [])).at(-1), "number");
  });
}

/** What stays refused: a body, a doubt about one, and everything else that is wrong. */
const REFUSED: readonly string[] = [
  "POST /a HTTP/1.0\nContent-Length: 1\n\nx",
  "POST /a HTTP/1.1\r\nHost: a\nContent-Length: 1\r\n\r\nx",
  "POST  /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx",
  "POST /a HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n0\r\n\r\n",
  "POST /a HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nContent-Length: 0\n\n",
  "POST /a HTTP/1.1\nHost: a\nTransfer-Encoding: gzip\n\n",
  "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\n\n",
  "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\n\r\n",
  "GET /a HTTP/1.0\rHost: a\r\n\r\n",
  "GET /a HTTP/1.0\nHost: a\n b\n\n",
  "GET /a HTTP/1.0\nHost : a\n\n",
  "GET /a HTTP/1.1\n\n",
  "GET\t/a HTTP/1.0\n\n",
  "GET /a b HTTP/1.0\n\n",
  "GET /a\n\n",
  " GET /a HTTP/1.0\n\n",
  "GET /a HTTP/2.0\n\n",
];

for (const bytes of REFUSED) {
  Deno.test(`RequestParser refuses a hand-made ${JSON.stringify(bytes)}`, () => {
    assert.equal(typeof summaryOf(handMade(bytes)).at(-1), "number");
  });
}

Deno.test("RequestParser reads on after a hand-made line, and forgets it", () => {
  const post = "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";
  const handMadeLine = "GET  /a HTTP/1.1\nHost: a\r\n\r\n";
  assert.deepEqual(summaryOf(handMade(handMadeLine.repeat(2) + post)), [
    "GET /a",
    "GET /a",
    "POST /b|x",
  ]);
});

Deno.test("RequestParser for hand-made heads takes all else as the strict one does", () => {
  let irregular = 0;
  for (const { name, bytes } of CASES) {
    const strict = transcriptOf(bytesOf(bytes), []);
    const loose = handMade(bytes);
    if (loose.join() === strict.join()) continue;
    irregular++;
    // Only what the strict one refuses is read otherwise, and then there is no body and no successor.
    assert.match(strict.at(-1) ?? "", /^violation 400 /, name);
    const head = loose.find((line, index) => line !== strict[index]) ?? "";
    assert.match(head, /^head .* body=0 close$|^violation /, name);
  }
  assert(irregular > 0);
});

Deno.test("RequestParser reads a head the same whether its lines end with or without CR", () => {
  const cases = CASES.filter(({ bytes, sees }) =>
    sees.length === 1 && /^(GET|HEAD) /.test(String(sees[0])) &&
    bytes.startsWith(String(sees[0])) &&
    !bytes.includes("\n\n")
  );
  assert(cases.length > 20);
  const property = fc.property(
    fc.constantFrom(...cases),
    fc.infiniteStream(fc.boolean()),
    ({ bytes }, keeps) => {
      const made = bytes.replaceAll("\r\n", (line) => keeps.next().value === true ? line : "\n");
      const withoutFlags = (lines: string[]) =>
        lines.map((line) => line.replace(/ (keep|close)( upgrade)?$/, ""));
      const strict = transcriptOf(bytesOf(bytes), []);
      if (strict.some((line) => line.startsWith("body "))) return;
      const loose = handMade(made);
      if (strict.some((line) => /^head .* body=[^0]/.test(line))) {
        assert(made === bytes || /^violation/.test(loose.at(-1) ?? ""));
      } else assert.deepEqual(withoutFlags(loose), withoutFlags(strict));
    },
  );
  fc.assert(property);
});
