import { strict as assert } from "node:assert";
import { ByteArena } from "../../../src/wire/bytes/byte_arena.ts";
import { ReplyTemplate } from "../../../src/wire/http1/reply_template.ts";
import { httpDate, mayHaveBody, reasonPhrase } from "../../../src/wire/http1/status.ts";
import { encodeChunk, encodeHead, persistenceFor } from "../../../src/wire/http1/writer.ts";
import { bytesOf, textOf } from "../../support/tcp.ts";

const DATE = "Thu, 01 Jan 1970 00:00:00 GMT";
const arena = new ByteArena(1_024);

Deno.test("encodeHead writes status, fields, date, connection and framing", () => {
  const head = (framing: number | "chunked" | "connection" | "none", status = 200): string =>
    textOf(encodeHead({
      status,
      headers: [["Content-Type", "text/plain"], ["X-A", "caf\xe9"]],
      framing,
      persistence: "close",
      date: DATE,
    }));
  const fields =
    `Content-Type: text/plain\r\nX-A: caf\xe9\r\nDate: ${DATE}\r\nConnection: close\r\n`;
  assert.equal(head(5), `HTTP/1.1 200 OK\r\n${fields}Content-Length: 5\r\n\r\n`);
  assert.equal(head("chunked"), `HTTP/1.1 200 OK\r\n${fields}Transfer-Encoding: chunked\r\n\r\n`);
  assert.equal(head("connection"), `HTTP/1.1 200 OK\r\n${fields}\r\n`);
  assert.equal(head("none"), `HTTP/1.1 200 OK\r\n${fields}\r\n`);
  for (const status of [101, 204, 304]) assert.doesNotMatch(head(0, status), /Content-Length/);
  assert.match(head(0, 299), /^HTTP\/1\.1 299 \r\n/);
});

Deno.test("encodeHead leaves the fields of the writer to the writer", () => {
  const headers: [string, string][] = [
    ["content-length", "7"],
    ["Transfer-Encoding", "gzip"],
    ["connection", "upgrade"],
    ["DATE", "never"],
    ["keep-alive", "timeout=5"],
  ];
  const head = encodeHead({ status: 200, headers, framing: 1, persistence: "implied", date: "" });
  assert.equal(textOf(head), "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
});

Deno.test("encodeHead refuses names and values that would forge fields", () => {
  const write = (name: string, value: string): Uint8Array =>
    encodeHead({
      status: 200,
      headers: [[name, value]],
      framing: 0,
      persistence: "implied",
      date: "",
    });
  for (
    const value of [
      "a\r\nSet-Cookie: b",
      "a\nb",
      "a\rb",
      "a\x00b",
      "a\x7f",
      "\u2603",
      "\u010d\u010a",
    ]
  ) {
    assert.throws(() => write("X-A", value), TypeError);
    assert.throws(() => new ReplyTemplate({ status: 200, headers: { "X-A": value } }), TypeError);
  }
  for (const name of ["", "a b", "a:", "a\r\nb", "caf\xe9", "\u0141"]) {
    assert.throws(() => write(name, "b"), TypeError);
  }
});

Deno.test("encodeChunk frames its payload", () => {
  assert.equal(textOf(encodeChunk(bytesOf("hello"))), "5\r\nhello\r\n");
  const long = "x".repeat(300);
  assert.equal(textOf(encodeChunk(bytesOf(long))), `12c\r\n${long}\r\n`);
});

Deno.test("persistenceFor says only what the version does not imply", () => {
  assert.equal(persistenceFor(1, "keep"), "implied");
  assert.equal(persistenceFor(0, "keep"), "keep-alive");
  assert.equal(persistenceFor(1, "end"), "close");
  assert.equal(persistenceFor(0, "end"), "close");
});

Deno.test("ReplyTemplate writes bodies of any kind and length", () => {
  const template = new ReplyTemplate({ status: 200, headers: { "Content-Type": "text/plain" } });
  const encode = (body: string | Uint8Array, method = "GET", date = DATE, lines = ""): string =>
    textOf(template.encode(body, { date, persistence: "implied", method, lines }, arena));
  const head = (length: number, date = DATE): string =>
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: ${date}\r\nContent-Length: ${length}\r\n\r\n`;
  for (let length = 0; length <= 130; length++) {
    const text = "So Long, and Thanks for All the Fish. ".repeat(4).slice(0, length);
    assert.equal(encode(text), head(length) + text);
    assert.equal(encode(text, "HEAD"), head(length));
    assert.equal(encode(bytesOf(text)), head(length) + text);
  }
  for (const text of ["caf\u00e9", "\x7f", "\x80", "\u07ff", "\u0800"]) {
    const bytes = new TextEncoder().encode(text);
    assert.equal(encode(text), head(bytes.length) + textOf(bytes));
  }
  assert.equal(encode("\u2603".repeat(40)), head(120) + "\xe2\x98\x83".repeat(40));
  assert.equal(encode("x".repeat(5000)), head(5000) + "x".repeat(5000));
  assert.equal(encode(bytesOf("\x00\xff")), `${head(2)}\x00\xff`);
  const later = "Thu, 01 Jan 1970 00:00:01 GMT";
  assert.equal(encode("1500", "GET", later), `${head(4, later)}1500`);
  const own = head(4, later).replace("Date:", "X-Own: a\r\nDate:");
  assert.equal(encode("1500", "GET", later, "X-Own: a\r\n"), `${own}1500`);
});

Deno.test("ReplyTemplate writes no body where the status has none", () => {
  const template = new ReplyTemplate({ status: 204 });
  const reply = template.encode(
    "x",
    { date: DATE, persistence: "close", method: "OPTIONS" },
    arena,
  );
  assert.equal(
    textOf(reply),
    `HTTP/1.1 204 No Content\r\nDate: ${DATE}\r\nConnection: close\r\n\r\n`,
  );
});

Deno.test("httpDate and reasonPhrase write what HTTP wants", () => {
  assert.equal(httpDate(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
  assert.equal(reasonPhrase(431), "Request Header Fields Too Large");
  assert.equal(reasonPhrase(299), "");
  assert(mayHaveBody(200) && !mayHaveBody(100) && !mayHaveBody(204) && !mayHaveBody(304));
});
