/**
 * Requests that are refused.
 *
 * @module
 */

import type { Http1Case } from "./cases.ts";

const H = "Host: a\r\n";
const CHUNKED = `POST /c HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n`;

function bad(name: string, status: number, bytes: string): Http1Case {
  return { name, bytes, sees: [status] };
}

/** A case that Node serves or waits on. */
function stricter(nodeDiffers: string, refused: Http1Case): Http1Case {
  return { ...refused, nodeDiffers };
}

/** A bad field in an otherwise good head. */
function field(name: string, line: string, status = 400): Http1Case {
  return bad(name, status, `GET / HTTP/1.1\r\n${H}${line}\r\n\r\n`);
}

function chunk(name: string, body: string, status = 400): Http1Case {
  return bad(`chunk: ${name}`, status, CHUNKED + body);
}

function framed(name: string, fields: string, status = 400): Http1Case {
  return bad(`framing: ${name}`, status, `POST / HTTP/1.1\r\n${H}${fields}\r\n\r\n`);
}

function host(value: string): Http1Case {
  return stricter(
    HOSTS,
    bad(`bad host ${JSON.stringify(value)}`, 400, `GET / HTTP/1.1\r\nHost: ${value}\r\n\r\n`),
  );
}

/** A byte where it may not be. */
function misplaced(byte: number): Http1Case[] {
  const character = String.fromCharCode(byte);
  const name = `byte 0x${byte.toString(16).padStart(2, "0")}`;
  return [
    bad(`${name} in the target`, 400, `GET /a${character}b HTTP/1.1\r\n${H}\r\n`),
    field(`${name} in a field name`, `X${character}A: b`),
    field(`${name} in a field value`, `X-A: b${character}c`),
  ];
}

// Where we are stricter than Node, and why it is not.
const BLANKS = "it skips blanks between the parts of the line";
const TARGETS = "it does not judge targets";
const VERSIONS = "it serves versions and protocols that we do not speak";
const EMPTY = "it skips line ends of any kind before a request";
const LIMITS = "it has no such limit, or counts without refusing";
const HOSTS = "it does not judge Host";
const CODINGS = "it leaves transfer codings to the handler";
const OLD_CHUNKS = "it reads chunks in HTTP/1.0, which has none";

const TLS = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";

/** Requests that are refused. */
export const REFUSED: readonly Http1Case[] = [
  bad("no method", 400, ` / HTTP/1.1\r\n${H}\r\n`),
  bad("blank before the method", 400, ` GET / HTTP/1.1\r\n${H}\r\n`),
  stricter(BLANKS, bad("two blanks before the target", 400, `GET  / HTTP/1.1\r\n${H}\r\n`)),
  stricter(BLANKS, bad("two blanks before the version", 400, `GET /  HTTP/1.1\r\n${H}\r\n`)),
  bad("blank after the version", 400, `GET / HTTP/1.1 \r\n${H}\r\n`),
  bad("tabulator after the method", 400, `GET\t/ HTTP/1.1\r\n${H}\r\n`),
  bad("tabulator before the version", 400, `GET /\tHTTP/1.1\r\n${H}\r\n`),
  bad("blank in the target", 400, `GET /hb_ping?5&appid=my app HTTP/1.1\r\n${H}\r\n`),
  bad("no target", 400, `GET HTTP/1.1\r\n${H}\r\n`),
  bad("target without slash", 400, `GET list HTTP/1.1\r\n${H}\r\n`),
  bad("query without path", 400, `GET ?5 HTTP/1.1\r\n${H}\r\n`),
  stricter(TARGETS, bad("asterisk with GET", 400, `GET * HTTP/1.1\r\n${H}\r\n`)),
  stricter(
    TARGETS,
    bad("absolute form of another scheme", 400, `GET ftp://a/b HTTP/1.1\r\n${H}\r\n`),
  ),
  stricter(TARGETS, bad("absolute form without host", 400, `GET http:///b HTTP/1.1\r\n${H}\r\n`)),
  bad("authority form", 400, `GET station:80 HTTP/1.1\r\n${H}\r\n`),
  bad("CONNECT", 501, `CONNECT station:80 HTTP/1.1\r\n${H}\r\n`),
  stricter(
    LIMITS,
    bad("target beyond the limit", 414, `GET /${"x".repeat(8192)} HTTP/1.1\r\n${H}\r\n`),
  ),
  bad("target without end", 414, `GET /${"x".repeat(20_000)}`),
  bad("method beyond the limit", 501, `${"M".repeat(33)} / HTTP/1.1\r\n${H}\r\n`),
  bad("method without end", 501, "M".repeat(20_000)),
  bad("byte in the method", 400, `G@T / HTTP/1.1\r\n${H}\r\n`),
  bad("colon in the method", 400, "Host: a\r\n"),
  stricter(VERSIONS, bad("no version", 400, `GET /\r\n${H}\r\n`)),
  bad("version and blank missing", 400, `GET / \r\n${H}\r\n`),
  bad("version in small letters", 400, `GET / http/1.1\r\n${H}\r\n`),
  stricter(VERSIONS, bad("version of another protocol", 400, `GET / RTSP/1.0\r\n${H}\r\n`)),
  bad("version without minor", 400, `GET / HTTP/1\r\n${H}\r\n`),
  bad("version with comma", 400, `GET / HTTP/1,1\r\n${H}\r\n`),
  bad("version of two digits", 400, `GET / HTTP/1.10\r\n${H}\r\n`),
  // The bytes beside the digits are a fault of the line, not versions that we do not speak.
  ...["/.1", ":.1", "1./", "1.:"].map((version) =>
    bad(`version ${version}`, 400, `GET / HTTP/${version}\r\n${H}\r\n`)
  ),
  stricter(VERSIONS, bad("version 1.9", 505, `GET / HTTP/1.9\r\n${H}\r\n`)),
  stricter(VERSIONS, bad("version 9.1", 505, `GET / HTTP/9.1\r\n${H}\r\n`)),
  bad("bad byte where the target reaches its limit", 400, `GET /${"x".repeat(8191)}\x7f`),
  stricter(VERSIONS, bad("version 0.9", 505, `GET / HTTP/0.9\r\n${H}\r\n`)),
  bad("version 1.2", 505, `GET / HTTP/1.2\r\n${H}\r\n`),
  stricter(VERSIONS, bad("version 2.0", 505, `GET / HTTP/2.0\r\n${H}\r\n`)),
  bad("version 3.1", 505, `GET / HTTP/3.1\r\n${H}\r\n`),
  bad("preface of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  bad("TLS", 400, TLS),
  bad("a banner of SSH", 400, "SSH-2.0-OpenSSH_9.2\r\n"),
  bad("a greeting of ZMTP", 400, "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f"),
  bad("a proxy header", 400, "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"),
  stricter(EMPTY, bad("only carriage returns", 400, "\r\r")),
  stricter(EMPTY, bad("line feed first", 400, `\nGET / HTTP/1.1\r\n${H}\r\n`)),
  bad("line feed alone after the request line", 400, `GET / HTTP/1.1\n${H}\r\n`),
  bad("line feed alone after a field", 400, "GET / HTTP/1.1\r\nHost: a\n\r\n"),
  bad("line feed alone at the end", 400, `GET / HTTP/1.1\r\n${H}\n`),
  bad("line feeds only", 400, "GET / HTTP/1.1\nHost: a\n\n"),
  bad("carriage return alone after the request line", 400, `GET / HTTP/1.1\r${H}\r\n`),
  bad("carriage return alone after a field", 400, "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n"),
  bad("carriage return alone at the end", 400, `GET / HTTP/1.1\r\n${H}\rX`),
  bad("two carriage returns", 400, `GET / HTTP/1.1\r\r\n${H}\r\n`),
  bad("folded line before the first field", 400, `GET / HTTP/1.1\r\n folded\r\n${H}\r\n`),
  field("folded value", "X-A: b\r\n c"),
  field("folded value with tabulator", "X-A: b\r\n\tc"),
  field("folded empty line", "X-A: b\r\n \r\nX-B: c"),
  field("blank before the colon", "X-A : b"),
  field("tabulator before the colon", "X-A\t: b"),
  field("blank in the name", "X A: b"),
  field("no colon", "X-A"),
  field("empty name", ": b"),
  field("line of another request", "GET / HTTP/1.1"),
  field("name that is not ASCII", "caf\xe9: b"),
  field("name in brackets", "[X]: b"),
  field("name in quotes", '"X": b'),
  ...[0x00, 0x01, 0x07, 0x08, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b, 0x1f, 0x7f].flatMap(misplaced),
  stricter(
    LIMITS,
    bad("a hundred and one fields", 431, `GET / HTTP/1.1\r\n${H}${"A: b\r\n".repeat(100)}\r\n`),
  ),
  stricter(
    LIMITS,
    bad("fields without end", 431, `GET / HTTP/1.1\r\n${H}${"A: b\r\n".repeat(5000)}`),
  ),
  field("value beyond the limit", `X-A: ${"b".repeat(17_000)}`, 431),
  field("name beyond the limit", `${"X".repeat(17_000)}: b`, 431),
  stricter(EMPTY, bad("empty lines without end", 431, "\r\n".repeat(9_000))),
  bad("no Host", 400, "GET / HTTP/1.1\r\n\r\n"),
  bad("no Host among others", 400, "GET / HTTP/1.1\r\nAccept: */*\r\n\r\n"),
  stricter(HOSTS, field("second Host", "Host: a")),
  stricter(HOSTS, field("another Host", "host: b")),
  host("a b"),
  host("a/b"),
  host("a?b"),
  host("a#b"),
  host("user@a"),
  host("a\\b"),
  host("caf\xc3\xa9"),
  host('"a"'),
  host("<a>"),
  framed("length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
  framed("chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 5"),
  framed("length of nothing and chunks", "Content-Length: 0\r\nTransfer-Encoding: chunked"),
  framed("two lengths", "Content-Length: 5\r\nContent-Length: 6"),
  framed("two equal lengths", "Content-Length: 5\r\nContent-Length: 5"),
  framed("list of equal lengths", "Content-Length: 5, 5"),
  framed("list of lengths", "Content-Length: 5, 6"),
  framed("length with plus sign", "Content-Length: +5"),
  framed("length with minus sign", "Content-Length: -5"),
  framed("length in hexadecimal", "Content-Length: 0x5"),
  framed("length with letters", "Content-Length: 5x"),
  framed("length with a blank in it", "Content-Length: 1 2"),
  framed("length with fraction", "Content-Length: 5.0"),
  framed("length with underscore", "Content-Length: 1_0"),
  framed("length with exponent", "Content-Length: 1e1"),
  framed("length in quotes", 'Content-Length: "5"'),
  framed("length empty", "Content-Length:"),
  framed("length in other digits", "Content-Length: \xb2"),
  framed("coding unknown", "Transfer-Encoding: gzip", 501),
  stricter(
    CODINGS,
    framed("coding unknown before chunks", "Transfer-Encoding: gzip, chunked", 501),
  ),
  framed("coding that is none", "Transfer-Encoding: identity", 501),
  framed("coding misspelt", "Transfer-Encoding: xchunked", 501),
  framed("coding with parameter", "Transfer-Encoding: chunked;q=1", 501),
  stricter(CODINGS, framed("coding empty", "Transfer-Encoding:", 501)),
  framed("coding with a hidden tabulator", "Transfer-Encoding: chunked\x0b"),
  framed("chunked not last", "Transfer-Encoding: chunked, gzip"),
  framed("chunked twice", "Transfer-Encoding: chunked, chunked"),
  framed("chunked in two fields", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
  stricter(
    CODINGS,
    framed("coding in two fields", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked"),
  ),
  framed("unknown coding and length", "Transfer-Encoding: gzip\r\nContent-Length: 5"),
  stricter(LIMITS, framed("length twice the limit", "Content-Length: 2097152", 413)),
  stricter(LIMITS, framed("length of sixteen digits", "Content-Length: 9007199254740993", 413)),
  framed("length beyond 64 bits", "Content-Length: 18446744073709551616", 413),
  stricter(
    OLD_CHUNKS,
    bad(
      "framing: chunks in HTTP/1.0",
      400,
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
  ),
  framed("expectation unknown", "Expect: 200-ok\r\nContent-Length: 2", 417),
  framed("length with the byte after 9", "Content-Length: 1:"),
  chunk("no size", "\r\n"),
  chunk("size that is none", "x\r\n"),
  chunk("size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"),
  chunk("size with minus sign", "-5\r\nhello\r\n0\r\n\r\n"),
  chunk("size with plus sign", "+5\r\nhello\r\n0\r\n\r\n"),
  chunk("size with blank before", " 5\r\nhello\r\n0\r\n\r\n"),
  chunk("size with blank after", "5 \r\nhello\r\n0\r\n\r\n"),
  chunk("size with underscore", "1_0\r\n0123456789abcdef\r\n0\r\n\r\n"),
  chunk("extension without size", ";a=b\r\n"),
  chunk("line feed after the size", "5\nhello\r\n0\r\n\r\n"),
  chunk("carriage return in the extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
  chunk("line feed in the extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
  chunk("zero byte in the extension", "5;a\x00b\r\nhello\r\n0\r\n\r\n"),
  stricter(LIMITS, chunk("extension without end", `5;${"a".repeat(300)}`)),
  stricter(LIMITS, chunk("size too long", "10000000000000\r\n", 413)),
  stricter(LIMITS, chunk("size of 32 bits and more", "100000001\r\n", 413)),
  stricter(LIMITS, chunk("size beyond the limit", "100001\r\n", 413)),
  stricter(LIMITS, chunk("size with zeros without end", "0".repeat(300), 413)),
  { ...chunk("data too long", "5\r\nhello!\r\n0\r\n\r\n"), sees: [400] },
  chunk("data too short", "6\r\nhello\r\n0\r\n\r\n"),
  chunk("no line end after the data", "5\r\nhello0\r\n\r\n"),
  chunk("line feed after the data", "5\r\nhello\n0\r\n\r\n"),
  chunk("carriage return after the data", "5\r\nhello\r0\r\n\r\n"),
  chunk("bad byte after the last chunk", "0\r\n\x00"),
  chunk("line feed after the last chunk", "0\r\n\n"),
  chunk("trailer folded", "0\r\nA: b\r\n c\r\n\r\n"),
  chunk("trailer without colon", "0\r\nA\r\n\r\n"),
  chunk("trailer with blank before the colon", "0\r\nA : b\r\n\r\n"),
  stricter(LIMITS, chunk("trailers beyond the limit", `0\r\nA: ${"b".repeat(5_000)}\r\n\r\n`, 431)),
  stricter(LIMITS, chunk("too many trailers", `0\r\n${"A: b\r\n".repeat(101)}\r\n`, 431)),
  {
    name: "good request, then rubbish",
    bytes: `GET /a HTTP/1.1\r\n${H}\r\n\x00\x01`,
    sees: ["GET /a", 400],
  },
  {
    name: "body shorter than its length, then a request",
    bytes: `POST /a HTTP/1.1\r\n${H}Content-Length: 1\r\n\r\nhello GET /b HTTP/1.1\r\n${H}\r\n`,
    sees: ["POST /a|h", 400],
  },
  {
    name: "smuggled request behind a length",
    bytes: `POST /a HTTP/1.1\r\n${H}Content-Length: 3\r\n\r\nabc\x00GET /b HTTP/1.1\r\n${H}\r\n`,
    sees: ["POST /a|abc", 400],
  },
];
