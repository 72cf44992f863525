import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { type HttpResponse, ResponseReader } from "../../../src/wire/http1/response.ts";

const LIMITS = { headBytesMax: 200, bodyBytesMax: 50 };

interface ResponseCase {
  name: string;
  bytes: string;
  /** Status and body, the beginning of the fault, or `incomplete` when the connection has ended. */
  expected: [status: number, body: string] | string;
}

const HEAD = "HTTP/1.1 200 OK\r\n";
const CASES: readonly ResponseCase[] = [
  { name: "length", bytes: `${HEAD}Content-Length: 4\r\n\r\n4000`, expected: [200, "4000"] },
  { name: "until the end", bytes: "HTTP/1.0 200 OK\r\nA: b\r\n\r\n4000", expected: [200, "4000"] },
  { name: "empty body", bytes: `${HEAD}content-length:0\r\n\r\n`, expected: [200, ""] },
  { name: "no fields", bytes: "HTTP/1.0 400 Bad\r\n\r\nERROR", expected: [400, "ERROR"] },
  { name: "no reason", bytes: "HTTP/1.0 503\r\n\r\nx", expected: [503, "x"] },
  { name: "bare line feeds", bytes: "HTTP/1.0 200 OK\nA: b\n\n4000", expected: [200, "4000"] },
  {
    name: "more than its length",
    bytes: `${HEAD}Content-Length: 2\r\n\r\n4000`,
    expected: [200, "40"],
  },
  { name: "nothing", bytes: "", expected: "incomplete" },
  { name: "half a head", bytes: "HTTP/1.1 200 OK\r\nA: b\r\n", expected: "incomplete" },
  { name: "half a body", bytes: `${HEAD}Content-Length: 5\r\n\r\n4000`, expected: "incomplete" },
  { name: "not HTTP", bytes: "SSH-2.0-x\r\n\r\n", expected: "Cannot read reply: first line" },
  { name: "HTTP/2", bytes: "HTTP/2 200\r\n\r\n", expected: "Cannot read reply: first line" },
  {
    name: "status too small",
    bytes: "HTTP/1.1 099 x\r\n\r\n",
    expected: "Cannot read reply: first",
  },
  {
    name: "chunked",
    bytes: `${HEAD}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    expected: "Cannot read reply: body is chunked",
  },
  {
    name: "endless head",
    bytes: `${HEAD}A: ${"b".repeat(300)}`,
    expected: "Cannot read reply: head",
  },
  {
    name: "long head",
    bytes: `${HEAD}A: ${"b".repeat(300)}\r\n\r\n`,
    expected: "Cannot read reply: head has more than 200 bytes",
  },
  {
    name: "announced body too long",
    bytes: `${HEAD}Content-Length: 51\r\n\r\n`,
    expected: "Cannot read reply: body has more than 50 bytes",
  },
  {
    name: "endless body",
    bytes: `${HEAD}\r\n${"b".repeat(51)}`,
    expected: "Cannot read reply: body has more than 50 bytes",
  },
];

/** Feeds the pieces until the reader has enough, and tells what came of it. */
function read(pieces: readonly Uint8Array[]): ResponseCase["expected"] {
  const reader = new ResponseReader(LIMITS);
  for (const piece of pieces) if (reader.push(piece)) break;
  const response: HttpResponse | undefined = reader.end();
  if (reader.fault !== undefined) return reader.fault;
  if (response === undefined) return "incomplete";
  return [response.status, new TextDecoder().decode(response.body)];
}

function check(pieces: readonly Uint8Array[], { expected }: ResponseCase): void {
  const result = read(pieces);
  if (typeof expected === "string") assert(String(result).startsWith(expected), String(result));
  else assert.deepEqual(result, expected);
}

for (const each of CASES) {
  const bytes = new TextEncoder().encode(each.bytes);
  Deno.test(`ResponseReader reads: ${each.name}`, () => check([bytes], each));

  Deno.test(`ResponseReader reads byte by byte: ${each.name}`, () => {
    check(Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)), each);
  });

  Deno.test(`ResponseReader reads in any split: ${each.name}`, () => {
    fc.assert(fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const ends = [...cuts.sort((a, b) => a - b), bytes.length];
      check(ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)), each);
    }));
  });
}

Deno.test("ResponseReader takes any bytes", () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 5 }), (pieces) => {
    read(pieces);
  }));
});

Deno.test("ResponseReader grows with a reply", () => {
  const body = "x".repeat(5_000);
  const reader = new ResponseReader({ headBytesMax: 200, bodyBytesMax: 5_000 });
  const bytes = new TextEncoder().encode(`${HEAD}Content-Length: 5000\r\n\r\n${body}`);
  assert(!reader.push(bytes.subarray(0, 300)));
  assert.equal(reader.length, 300);
  assert(reader.push(bytes.subarray(300)));
  assert.equal(new TextDecoder().decode(reader.end()?.body), body);
});
