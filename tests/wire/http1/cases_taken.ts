/**
 * Requests that are served.
 *
 * @module
 */

import type { Http1Case } from "./cases.ts";

const H = "Host: a\r\n";
const CHUNKED = `${H}Transfer-Encoding: chunked\r\n\r\n`;

function get(name: string, target: string): Http1Case {
  return { name, bytes: `GET ${target} HTTP/1.1\r\n${H}\r\n`, sees: [`GET ${target}`] };
}

function field(name: string, line: string): Http1Case {
  return { name, bytes: `GET / HTTP/1.1\r\n${H}${line}\r\n\r\n`, sees: ["GET /"] };
}

function method(name: string): Http1Case {
  return { name: `method ${name}`, bytes: `${name} / HTTP/1.1\r\n${H}\r\n`, sees: [`${name} /`] };
}

function chunks(name: string, body: string, payload: string): Http1Case {
  return {
    name,
    bytes: `POST /c HTTP/1.1\r\n${CHUNKED}${body}`,
    sees: [payload === "" ? "POST /c" : `POST /c|${payload}`],
  };
}

function host(value: string): Http1Case {
  const bytes = `GET / HTTP/1.1\r\nHost: ${value}\r\n\r\n`;
  return { name: `host ${JSON.stringify(value)}`, bytes, sees: ["GET /"] };
}

/** A list of what the client wants of the connection. */
function connection(name: string, value: string, flags: string): Http1Case {
  return { ...field(`Connection: ${name}`, `Connection: ${value}`), flags: [flags] };
}

const NODE_WANTS_ASCII = "it refuses targets that are not ASCII; Hilbert clients send them";
const NODE_KNOWS_METHODS = "it takes only the methods that it knows";

/** Requests that are served. */
export const TAKEN: readonly Http1Case[] = [
  { name: "nothing at all", bytes: "", sees: [] },
  get("shortest target", "/"),
  get("heartbeat", "/hb_ping?3000&appid=tetris"),
  get("heartbeat with cache buster", "/hb_ping?3000&appid=tetris&cache_buster=1521_123456789"),
  get("empty first piece of the query", "/hb_ping?&appid=x"),
  get("question mark without query", "/list?"),
  get("second question mark", "/hb_ping?5&appid=a?b"),
  get("stray percent sign", "/hb_ping?5&appid=50%off"),
  get("escape that is none", "/hb_ping?5&appid=%zz"),
  get("lone percent sign at the end", "/hb_ping?5&appid=100%"),
  get("escaped blank", "/hb_ping?5&appid=my%20app"),
  get("plus sign", "/hb_ping?5&appid=my+app"),
  { ...get("raw UTF-8", "/hb_ping?5&appid=caf\xc3\xa9"), nodeDiffers: NODE_WANTS_ASCII },
  {
    ...get("bytes that are not UTF-8", "/hb_ping?5&appid=caf\xe9\xff\x80"),
    nodeDiffers: NODE_WANTS_ASCII,
  },
  {
    ...get("raw UTF-8 in the path", "/b\xc3\xbcro/hb_ping?5&appid=x"),
    nodeDiffers: NODE_WANTS_ASCII,
  },
  get("double slash", "//hb_ping?5&appid=x"),
  get("prefix path", "/any/prefix/hb_ping?5&appid=x"),
  get("trailing slash", "/list/"),
  get("dots", "/a/../b/./c"),
  get("quotes, braces, angles, bars", `/a?"{}<>|\\^\`'`),
  get("brackets", "/a?b[]=[1]"),
  get("sub-delimiters", "/a!$&'()*+,;=:@-._~"),
  get("number sign", "/hb_ping?5&appid=a#b"),
  get("semicolon path parameter", "/a;b=c/d"),
  get("target of a thousand bytes", `/${"x".repeat(999)}`),
  get("target at the limit", `/${"x".repeat(8191)}`),
  get("absolute form", "http://station:8888/hb_ping?5&appid=x"),
  get("absolute form without path", "http://station"),
  get("absolute form with query only", "http://station?5"),
  get("absolute form in capitals", "HTTP://STATION/list"),
  get("absolute form over TLS", "https://station/list"),
  { name: "asterisk form", bytes: `OPTIONS * HTTP/1.1\r\n${H}\r\n`, sees: ["OPTIONS *"] },
  method("HEAD"),
  method("POST"),
  method("PUT"),
  method("DELETE"),
  method("OPTIONS"),
  method("PATCH"),
  method("TRACE"),
  method("PROPFIND"),
  { ...method("get"), name: "method in small letters", nodeDiffers: NODE_KNOWS_METHODS },
  { ...method("BREW"), nodeDiffers: NODE_KNOWS_METHODS },
  {
    ...method("!#$%&'*+-.^_`|~09"),
    name: "method of odd characters",
    nodeDiffers: NODE_KNOWS_METHODS,
  },
  {
    ...method("M".repeat(32)),
    name: "method at the limit",
    nodeDiffers: NODE_KNOWS_METHODS,
  },
  { name: "HTTP/1.0 without Host", bytes: "GET /list HTTP/1.0\r\n\r\n", sees: ["GET /list"] },
  { name: "HTTP/1.0 with Host", bytes: `GET /list HTTP/1.0\r\n${H}\r\n`, sees: ["GET /list"] },
  {
    name: "HTTP/1.0 kept alive",
    bytes: "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n",
    sees: ["GET /a", "GET /b"],
  },
  {
    name: "HTTP/1.0 with a body",
    bytes: "POST /a HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi",
    sees: ["POST /a|hi"],
  },
  field("no blank after the colon", "X-A:b"),
  field("many blanks after the colon", "X-A:    b"),
  field("tabulator after the colon", "X-A:\tb"),
  field("blanks after the value", "X-A: b  \t "),
  field("empty value", "X-A:"),
  field("value of blanks", "X-A:   "),
  field("tabulator in the value", "X-A: b\tc"),
  field("Latin 1 in the value", "X-A: caf\xe9"),
  field("UTF-8 in the value", "X-A: caf\xc3\xa9"),
  field("quotes in the value", `X-A: "b, \\"c"; d`),
  field("colons in the value", "X-A: b:c:d"),
  field("odd characters in the name", "!#$%&'*+-.^_`|~09: b"),
  field("one letter name", "A: b"),
  field("name in capitals", "ACCEPT: */*"),
  field("value of a thousand bytes", `X-A: ${"b".repeat(1000)}`),
  field("name of two hundred bytes", `${"X".repeat(200)}: b`),
  field("eight thousand bytes of cookies", `Cookie: ${"c".repeat(8000)}`),
  {
    ...field(
      "ten thousand bytes of fields",
      `X-A: ${"b".repeat(5000)}\r\nX-B: ${"b".repeat(5000)}`,
    ),
  },
  field(
    "fifty fields",
    Array.from({ length: 50 }, (_, index) => `X-${index}: ${index}`).join("\r\n"),
  ),
  field(
    "ninety-nine more fields",
    Array.from({ length: 99 }, (_, i) => `X-${i}: ${i}`).join("\r\n"),
  ),
  field("same field twice", "Accept: a\r\nAccept: b"),
  field("Upgrade without Connection", "Upgrade: websocket"),
  field("Connection keep-alive", "Connection: keep-alive"),
  field("Connection with empty members", "Connection: , keep-alive,,"),
  field("Connection with an unknown member", "Connection: X-Hop"),
  field(
    "HTTP2 settings that are ignored",
    "Connection: HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk",
  ),
  field("Content-Length of nothing", "Content-Length: 0"),
  field("field name that begins like Host", "Hosts: b"),
  field("field name as long as Content-Length", "Content-Lengtx: 5"),
  field("field name as long as Transfer-Encoding", "Transfer-Encodinx: gzip"),
  field("field name as long as Expect", "Expecx: b"),
  field("Keep-Alive field", "Keep-Alive: timeout=5"),
  field("TE field", "TE: trailers"),
  field("Proxy-Connection field", "Proxy-Connection: keep-alive"),
  host("station"),
  host("station:8888"),
  host("192.0.2.1:8888"),
  host("[::1]:8888"),
  host("[fe80::1%25eth0]"),
  host("my_station.local"),
  host("xn--bcher-kva.example"),
  host(""),
  {
    name: "Host in capitals",
    bytes: "GET / HTTP/1.1\r\nHOST: a\r\n\r\n",
    sees: ["GET /"],
  },
  {
    name: "Host after other fields",
    bytes: "GET / HTTP/1.1\r\nAccept: */*\r\nhost: a\r\n\r\n",
    sees: ["GET /"],
  },
  {
    name: "empty line before the request",
    bytes: `\r\nGET / HTTP/1.1\r\n${H}\r\n`,
    sees: ["GET /"],
  },
  {
    name: "three empty lines before the request",
    bytes: `\r\n\r\n\r\nGET / HTTP/1.1\r\n${H}\r\n`,
    sees: ["GET /"],
  },
  {
    name: "empty line between two requests",
    bytes: `GET /a HTTP/1.1\r\n${H}\r\n\r\nGET /b HTTP/1.1\r\n${H}\r\n`,
    sees: ["GET /a", "GET /b"],
  },
  {
    name: "body followed by an empty line that is not counted",
    bytes: `POST /a HTTP/1.1\r\n${H}Content-Length: 2\r\n\r\nhi\r\nGET /b HTTP/1.1\r\n${H}\r\n`,
    sees: ["POST /a|hi", "GET /b"],
  },
  {
    name: "three pipelined requests",
    bytes: ["/a", "/b", "/c"].map((target) => `GET ${target} HTTP/1.1\r\n${H}\r\n`).join(""),
    sees: ["GET /a", "GET /b", "GET /c"],
  },
  {
    name: "body by length",
    bytes: `POST /b HTTP/1.1\r\n${H}Content-Length: 5\r\n\r\nhello`,
    sees: ["POST /b|hello"],
  },
  {
    name: "body of line ends",
    bytes: `POST /b HTTP/1.1\r\n${H}Content-Length: 4\r\n\r\n\r\n\r\n`,
    sees: ["POST /b|\r\n\r\n"],
  },
  {
    name: "body that looks like a request",
    bytes: `POST /b HTTP/1.1\r\n${H}Content-Length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    sees: ["POST /b|GET / HTTP/1.1\r\n\r\n"],
  },
  {
    name: "body of every byte",
    bytes: `POST /b HTTP/1.1\r\n${H}Content-Length: 256\r\n\r\n${everyByte()}`,
    sees: [`POST /b|${everyByte()}`],
  },
  {
    name: "body of five thousand bytes",
    bytes: `POST /b HTTP/1.1\r\n${H}Content-Length: 5000\r\n\r\n${"z".repeat(5000)}`,
    sees: [`POST /b|${"z".repeat(5000)}`],
  },
  {
    name: "Content-Length with leading zeros",
    bytes: `POST /b HTTP/1.1\r\n${H}Content-Length: 0005\r\n\r\nhello`,
    sees: ["POST /b|hello"],
  },
  {
    name: "Content-Length in small letters, blanks around",
    bytes: `POST /b HTTP/1.1\r\n${H}content-length:  5 \r\n\r\nhello`,
    sees: ["POST /b|hello"],
  },
  {
    name: "body of a GET",
    bytes: `GET /b HTTP/1.1\r\n${H}Content-Length: 5\r\n\r\nhello`,
    sees: ["GET /b|hello"],
  },
  {
    name: "POST without body and length",
    bytes: `POST /hb_init?5&appid=x HTTP/1.1\r\n${H}\r\n`,
    sees: ["POST /hb_init?5&appid=x"],
  },
  {
    name: "form body of the Python client",
    bytes:
      `POST /hb_init?500&appid=test_python HTTP/1.1\r\n${H}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 17\r\nConnection: close\r\n\r\nappid=test_python`,
    sees: ["POST /hb_init?500&appid=test_python|appid=test_python"],
  },
  {
    name: "two bodies pipelined",
    bytes: `POST /a HTTP/1.1\r\n${H}Content-Length: 1\r\n\r\n1`.repeat(2),
    sees: ["POST /a|1", "POST /a|1"],
  },
  {
    name: "body waited for with Expect",
    bytes: `POST /b HTTP/1.1\r\n${H}Content-Length: 2\r\nExpect: 100-continue\r\n\r\nhi`,
    sees: ["POST /b|hi"],
  },
  {
    name: "Expect in capitals",
    bytes: `POST /b HTTP/1.1\r\n${H}Content-Length: 2\r\nEXPECT: 100-Continue\r\n\r\nhi`,
    sees: ["POST /b|hi"],
  },
  {
    name: "Expect, then a body that is sent at once",
    bytes: ["Expect: 100-continue\r\n", ""].map((expect) =>
      `POST /b HTTP/1.1\r\n${H}Content-Length: 2\r\n${expect}\r\nhi`
    ).join(""),
    sees: ["POST /b|hi", "POST /b|hi"],
    flags: ["keep expects", "keep"],
  },
  connection("a list that begins with blanks and ends with close", " \t , x ,close", "close"),
  connection("close before blanks and a comma", "close \t, x", "close"),
  connection("what only contains close", "closed, xclose, clos", "keep"),
  connection("keep-alive does not undo close", "close, keep-alive", "close"),
  {
    name: "empty line and method at the limit, twice",
    bytes: `\r\n${"M".repeat(32)} / HTTP/1.1\r\n${H}\r\n`.repeat(2),
    sees: [`${"M".repeat(32)} /`, `${"M".repeat(32)} /`],
    nodeDiffers: NODE_KNOWS_METHODS,
  },
  chunks("no chunks", "0\r\n\r\n", ""),
  chunks("one chunk", "5\r\nhello\r\n0\r\n\r\n", "hello"),
  chunks("three chunks", "1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n", "abcdef"),
  chunks("size in small letters", "a\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
  chunks("size in capitals", "A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
  ...Array.from("123456789abcdefABCDEF", (digit) => {
    const data = "x".repeat(Number.parseInt(digit, 16));
    return chunks(`size ${digit}`, `${digit}\r\n${data}\r\n0\r\n\r\n`, data);
  }),
  chunks("size with leading zeros", "0005\r\nhello\r\n00\r\n\r\n", "hello"),
  chunks("chunk of line ends", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"),
  chunks("chunk of 300 bytes", `12c\r\n${"y".repeat(300)}\r\n0\r\n\r\n`, "y".repeat(300)),
  chunks("extension", "5;a=b\r\nhello\r\n0\r\n\r\n", "hello"),
  chunks("extension in quotes", '5;a="b c"\r\nhello\r\n0\r\n\r\n', "hello"),
  chunks("extension without value", "5;a\r\nhello\r\n0;z\r\n\r\n", "hello"),
  chunks("trailer", "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n", "hello"),
  chunks("two trailers", "5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-B: c\r\n\r\n", "hello"),
  {
    name: "chunked in mixed case",
    bytes: `POST /c HTTP/1.1\r\n${H}transfer-encoding: ChunKed\r\n\r\n1\r\na\r\n0\r\n\r\n`,
    sees: ["POST /c|a"],
  },
  {
    name: "chunked GET",
    bytes: `GET /c HTTP/1.1\r\n${CHUNKED}1\r\na\r\n0\r\n\r\n`,
    sees: ["GET /c|a"],
  },
  {
    name: "request after chunks",
    bytes: `POST /c HTTP/1.1\r\n${CHUNKED}1\r\na\r\n0\r\n\r\nGET /d HTTP/1.1\r\n${H}\r\n`,
    sees: ["POST /c|a", "GET /d"],
  },
  {
    name: "request after trailers",
    bytes: `POST /c HTTP/1.1\r\n${CHUNKED}0\r\nA: b\r\n\r\nGET /d HTTP/1.1\r\n${H}\r\n`,
    sees: ["POST /c", "GET /d"],
  },
  {
    name: "two requests with trailers",
    bytes: `POST /c HTTP/1.1\r\n${CHUNKED}0\r\nA: b\r\n\r\n`.repeat(2),
    sees: ["POST /c", "POST /c"],
  },
];

function everyByte(): string {
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");
}
