import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { RequestParser } from "../../../src/wire/http1/parser.ts";
import { bytesOf, textOf } from "../../support/tcp.ts";
import { CASES } from "./cases.ts";
import { everyByte, flagsOf, summaryOf, transcriptOf } from "./transcript.ts";

Deno.test("RequestParser sees in each case what the table says", async (t) => {
  for (const { name, bytes, sees, flags } of CASES) {
    await t.step(name, () => {
      const transcript = transcriptOf(bytesOf(bytes), []);
      assert.deepEqual(summaryOf(transcript), sees);
      if (flags !== undefined) assert.deepEqual(flagsOf(transcript), flags);
    });
  }
});

Deno.test("the table has no two cases of one name, and at least two hundred", () => {
  assert.equal(new Set(CASES.map(({ name }) => name)).size, CASES.length);
  assert(CASES.length >= 200, `${CASES.length} cases`);
});

Deno.test("RequestParser sees the same byte by byte", () => {
  for (const { name, bytes } of CASES) {
    const input = bytesOf(bytes);
    const whole = transcriptOf(input, []);
    assert.deepEqual(transcriptOf(input, everyByte(input.length)), whole, name);
  }
});

Deno.test("RequestParser sees the same in every split", () => {
  const cases = CASES.filter(({ bytes }) => bytes.length > 1);
  const property = fc.property(
    fc.constantFrom(...cases),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
    ({ bytes }, places) => {
      const cuts = places.map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b);
      assert.deepEqual(
        transcriptOf(bytesOf(bytes), cuts),
        transcriptOf(bytesOf(bytes), []),
      );
    },
  );
  fc.assert(property, { numRuns: 2000 });
});

Deno.test("RequestParser keeps to the limits that it is given", () => {
  const limits = {
    headBytesMax: 60,
    targetBytesMax: 10,
    methodBytesMax: 4,
    fieldsMax: 2,
    bodyBytesMax: 3,
    chunkLineBytesMax: 8,
    trailerBytesMax: 8,
  };
  const statusOf = (text: string): unknown =>
    summaryOf(transcriptOf(bytesOf(text), [], limits)).at(-1);
  const chunked = "POST / HTTP/1.1\r\nHost:\r\nTransfer-Encoding:chunked\r\n\r\n";
  assert.equal(statusOf("GET /123456789 HTTP/1.1\r\nHost:\r\n\r\n"), "GET /123456789");
  assert.equal(statusOf("GET /1234567890 HTTP/1.1\r\nHost:\r\n\r\n"), 414);
  assert.equal(statusOf("BREWS / HTTP/1.1\r\nHost:\r\n\r\n"), 501);
  assert.equal(statusOf("GET / HTTP/1.1\r\nHost:\r\nA:\r\nB:\r\n\r\n"), 431);
  assert.equal(statusOf(`GET / HTTP/1.1\r\nHost:\r\nA:${"b".repeat(31)}\r\n\r\n`), "GET /");
  assert.equal(statusOf(`GET / HTTP/1.1\r\nHost:\r\nA:${"b".repeat(32)}\r\n\r\n`), 431);
  assert.equal(statusOf("POST / HTTP/1.1\r\nHost:\r\nContent-Length:3\r\n\r\nabc"), "POST /|abc");
  assert.equal(statusOf("POST / HTTP/1.1\r\nHost:\r\nContent-Length:4\r\n\r\n"), 413);
  assert.equal(statusOf(`${chunked}2\r\nab\r\n2\r\n`), 413);
  assert.equal(statusOf(`${chunked}1;12345`), "more");
  assert.equal(statusOf(`${chunked}1;1234567`), 400);
  assert.equal(statusOf(`${chunked}0\r\nA:b\r\n\r\n`), "POST /");
  assert.equal(statusOf(`${chunked}0\r\nA:bcd\r\n\r\n`), 431);
});

Deno.test("RequestParser takes no length that a number cannot hold exactly", () => {
  const lengthOf = (digits: string): string | undefined => {
    const bytes = bytesOf(`POST / HTTP/1.1\r\nHost:\r\nContent-Length:${digits}\r\n\r\n`);
    return transcriptOf(bytes, [], { bodyBytesMax: Number.MAX_SAFE_INTEGER })[0];
  };
  assert.match(lengthOf("9".repeat(15)) ?? "", / body=999999999999999 /);
  const refusal = "violation 413 Cannot take body: Content-Length has more than 15 digits";
  // Leading zeros are digits too.
  for (const digits of [`1${"0".repeat(15)}`, `${"0".repeat(15)}1`]) {
    assert.equal(lengthOf(digits), refusal);
  }
});

Deno.test("RequestParser forgets what the request before asked of the connection", () => {
  const first = "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  const heads = transcriptOf(bytesOf(`${first}GET /b HTTP/1.0\r\n\r\n`), [])
    .filter((line) => line.startsWith("head "));
  assert.deepEqual(heads, ["head GET /a 1.0 body=0 keep", "head GET /b 1.0 body=0 close"]);
});

Deno.test("RequestParser gives fields as sent, and by name", () => {
  const parser = new RequestParser();
  parser.push(
    bytesOf("GET / HTTP/1.1\r\nHost: a\r\nX-Two: 1\r\nACCEPT:  \xe9 \r\nx-two: 2\r\n\r\n"),
  );
  const head = parser.next();
  assert(head?.kind === "head");
  assert.deepEqual(head.headers(), [
    ["Host", "a"],
    ["X-Two", "1"],
    ["ACCEPT", "\xe9"],
    ["x-two", "2"],
  ]);
  assert.equal(head.header("accept"), "\xe9");
  assert.equal(head.header("x-two"), "1, 2");
  assert.equal(head.header("x-three"), undefined);
});

Deno.test("RequestHead knows no field of the head before", () => {
  const parser = new RequestParser();
  // The method of the third request lies where the first has the name of its second field.
  parser.push(bytesOf("GET / HTTP/1.1\r\nHost: abc\r\nX-Two: 1\r\n\r\n"));
  parser.push(bytesOf("GET / HTTP/1.1\r\nHost: a\r\n\r\nX-Two / HTTP/1.1\r\n"));
  assert.equal(parser.next()?.kind, "head");
  assert.equal(parser.next()?.kind, "end");
  const head = parser.next();
  assert(head?.kind === "head");
  assert.equal(head.header("host"), "a");
  assert.equal(head.header("x-two"), undefined);
});

Deno.test("RequestHead refuses to read a target and fields whose bytes are gone", () => {
  const parser = new RequestParser();
  parser.push(bytesOf("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  const head = parser.next();
  assert(head?.kind === "head");
  parser.space();
  assert.throws(() => head.headers(), /Invariant broken/);
  assert.throws(() => head.target, /Invariant broken/);
});

Deno.test("RequestParser says what is awaited", () => {
  const parser = new RequestParser();
  assert(parser.isBetweenRequests);
  for (const half of "\r\n") {
    parser.push(bytesOf(half));
    assert.equal(parser.next(), undefined);
    assert(parser.isBetweenRequests);
  }
  parser.push(bytesOf("G"));
  assert.equal(parser.next(), undefined);
  assert(!parser.isBetweenRequests && !parser.isInBody);
  parser.push(bytesOf("ET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n"));
  assert.equal(parser.next()?.kind, "head");
  assert(parser.isInBody);
  parser.push(bytesOf("hi"));
  assert.equal(parser.next()?.kind, "body");
  assert.equal(parser.next()?.kind, "end");
  assert(parser.isBetweenRequests);
});

Deno.test("RequestParser takes no more than its buffer holds when events are not pulled", () => {
  const parser = new RequestParser();
  const input = bytesOf("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2000));
  const taken = parser.push(input);
  assert.equal(taken, 16_384);
  assert.equal(parser.bufferedBytes, taken);
  assert.equal(parser.space().length, 0);
  let heads = 0;
  for (let event = parser.next(); event !== undefined; event = parser.next()) {
    if (event.kind === "head") heads++;
  }
  assert.equal(heads, Math.floor(taken / 27));
  assert(parser.space().length > 0);
});

Deno.test("RequestParser gives up the rest to another protocol", () => {
  const parser = new RequestParser();
  parser.push(
    bytesOf("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Upgrade\r\nUpgrade: y\r\n\r\nrest"),
  );
  const head = parser.next();
  assert(head?.kind === "head" && head.upgrade);
  assert.equal(textOf(parser.takeRest()), "rest");
  assert.equal(parser.bufferedBytes, 0);
});

Deno.test("RequestParser repeats a violation whatever follows", () => {
  const parser = new RequestParser();
  parser.push(bytesOf("\x00"));
  const first = parser.next();
  assert.equal(first?.kind, "violation");
  parser.push(bytesOf("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  assert.equal(parser.next(), first);
});

Deno.test("RequestHead knows which connections go on", () => {
  const keeps = (request: string): boolean => {
    const parser = new RequestParser();
    parser.push(bytesOf(request));
    const head = parser.next();
    assert(head?.kind === "head");
    return head.keepAlive;
  };
  const http11 = "GET / HTTP/1.1\r\nHost: a\r\n";
  const http10 = "GET / HTTP/1.0\r\n";
  assert(keeps(`${http11}\r\n`));
  assert(keeps(`${http11}Connection: keep-alive\r\n\r\n`));
  assert(!keeps(`${http11}Connection: close\r\n\r\n`));
  assert(!keeps(`${http11}Connection: keep-alive\r\nConnection: x ,\tCLOSE\r\n\r\n`));
  assert(!keeps(`${http10}\r\n`));
  assert(keeps(`${http10}Connection: Keep-Alive\r\n\r\n`));
  assert(!keeps(`${http10}Connection: keep-alive, close\r\n\r\n`));
});
