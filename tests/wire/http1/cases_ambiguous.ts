/**
 * Requests that two readers could understand differently, as people who look for such differences
 * between servers collect them (RFC 9112 section 11).
 *
 * @module
 */

import type { Http1Case } from "./cases.ts";

const H = "Host: a\r\n";
/** What is served if a reader takes the body for another length: the proof of a smuggled request. */
const SECOND = `GET /smuggled HTTP/1.1\r\n${H}\r\n`;

function framed(name: string, fields: string, status = 400): Http1Case {
  const bytes = `POST / HTTP/1.1\r\n${H}${fields}\r\n\r\n${SECOND}`;
  return { name: `framing: ${name}`, bytes, sees: [status] };
}

function chunk(name: string, body: string, status = 400): Http1Case {
  const bytes = `POST /c HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n${body}`;
  return { name: `chunk: ${name}`, bytes, sees: [status] };
}

function chunks(name: string, body: string, payload: string): Http1Case {
  return { ...chunk(name, body), name: `chunks: ${name}`, sees: [payload] };
}

/** Fields that have no meaning, before another request. */
function plain(name: string, fields: string): Http1Case {
  const bytes = `GET /a HTTP/1.1\r\n${H}${fields}\r\n\r\nGET /b HTTP/1.1\r\n${H}\r\n`;
  return { name: `no framing: ${name}`, bytes, sees: ["GET /a", "GET /b"] };
}

function host(value: string): Http1Case {
  const bytes = `GET / HTTP/1.1\r\nHost: ${value}\r\n\r\n`;
  return {
    name: `bad host ${JSON.stringify(value)}`,
    bytes,
    sees: [400],
    nodeDiffers: "it does not judge Host",
  };
}

const CODINGS = "it leaves transfer codings to the handler";

/** All of them. */
export const AMBIGUOUS: readonly Http1Case[] = [
  framed(
    "blank before the colon of the coding",
    "Content-Length: 0\r\nTransfer-Encoding : chunked",
  ),
  framed("tabulator before the colon of the coding", "Transfer-Encoding\t: chunked"),
  framed("blank before the colon of the length", "Content-Length: 0\r\nContent-Length : 5"),
  framed("coding in a folded line", "X-A: b\r\n Transfer-Encoding: chunked"),
  framed(
    "coding hidden behind a line feed",
    "Content-Length: 3\r\nX-A: b\nTransfer-Encoding: chunked",
  ),
  framed("coding hidden behind a carriage return", "X-A: b\rTransfer-Encoding: chunked"),
  framed("coding behind a zero byte", "Transfer-Encoding: \0chunked"),
  framed("coding before a zero byte", "Transfer-Encoding: chunked\0"),
  framed("coding in a folded value", "Transfer-Encoding:\r\n chunked"),
  framed("coding in single quotes", "Transfer-Encoding: 'chunked'", 501),
  framed("coding in quotes", 'Transfer-Encoding: "chunked"', 501),
  framed("coding with a blank in it", "Transfer-Encoding: chun ked", 501),
  framed("coding and a comma", "Transfer-Encoding: chunked,"),
  framed("comma and coding", "Transfer-Encoding: , chunked", 501),
  framed("coding and none", "Transfer-Encoding: chunked, identity"),
  framed("none and coding", "Transfer-Encoding: identity, chunked", 501),
  framed(
    "coding and none in two fields",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
  ),
  framed("misspelt coding and length", "Transfer-Encoding: xchunked\r\nContent-Length: 5"),
  {
    ...framed("empty coding and length", "Transfer-Encoding:\r\nContent-Length: 5"),
    nodeDiffers: CODINGS,
  },
  framed("length and empty length", "Content-Length: 5\r\nContent-Length:"),
  framed("length in a folded value", "Content-Length:\r\n 5"),
  framed("length behind a vertical tabulator", "Content-Length: \x0b5"),
  framed("length before a zero byte", "Content-Length: 5\0"),
  framed("length in Arabic digits", "Content-Length: \xd9\xa5"),
  framed("length and comma", "Content-Length: 5,"),
  framed("length in octal", "Content-Length: 0o5"),
  framed("length with a semicolon", "Content-Length: 5;"),
  plain("underscores for hyphens", "Transfer_Encoding: chunked\r\nContent_Length: 5"),
  plain("a hyphen too many", "Content--Length: 5\r\nTransfer-Encoding-: chunked"),
  plain("length named as a hop", "Connection: Content-Length\r\nX-A: b"),
  plain("length of nothing named as a hop", "Connection: Content-Length\r\nContent-Length: 0"),
  plain("TE is not Transfer-Encoding", "TE: chunked"),
  plain("Trailer announces what does not come", "Trailer: Content-Length"),
  plain("another method in a field", "X-HTTP-Method-Override: POST"),
  plain("another target in a field", "X-Original-URL: /c"),
  plain(
    "an upgrade to HTTP/2",
    "Upgrade: h2c\r\nConnection: HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk",
  ),
  {
    name: "body of a GET, then another request",
    bytes:
      `GET /a HTTP/1.1\r\n${H}Content-Length: ${SECOND.length}\r\n\r\n${SECOND}GET /b HTTP/1.1\r\n${H}\r\n`,
    sees: [`GET /a|${SECOND}`, "GET /b"],
  },
  {
    name: "chunked body of a DELETE, then another request",
    bytes:
      `DELETE /a HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET /b HTTP/1.1\r\n${H}\r\n`,
    sees: ["DELETE /a|hello", "GET /b"],
  },
  {
    name: "expectation of a GET without body",
    bytes: `GET /a HTTP/1.1\r\n${H}Expect: 100-continue\r\n\r\n`,
    sees: ["GET /a"],
  },
  {
    ...framed("two expectations", "Expect: 100-continue, 200-ok\r\nContent-Length: 0", 417),
    nodeDiffers: "it looks for 100-continue anywhere in the field",
  },
  chunk("extension behind a blank", "5 ;a=b\r\nhello\r\n0\r\n\r\n"),
  chunk("tabulator after the size", "5\t\r\nhello\r\n0\r\n\r\n"),
  chunk("zero byte after the size", "5\0\r\nhello\r\n0\r\n\r\n"),
  chunk("two carriage returns after the size", "5\r\r\nhello\r\n0\r\n\r\n"),
  chunk("size in Arabic digits", "\xd9\xa5\r\nhello\r\n0\r\n\r\n"),
  chunk("size in full-width digits", "\xef\xbc\x95\r\nhello\r\n0\r\n\r\n"),
  chunk("size in quotes", '"5"\r\nhello\r\n0\r\n\r\n'),
  chunk("size and comma", "5,5\r\nhello\r\n0\r\n\r\n"),
  chunk("size with a letter beyond F", "5g\r\nhello\r\n0\r\n\r\n"),
  chunk("escape character in the extension", "5;a=\x1bb\r\nhello\r\n0\r\n\r\n"),
  chunk("extension without name", "5;\r\nhello\r\n0\r\n\r\n"),
  {
    ...chunk("extension without name but with a value", "5;=b\r\nhello\r\n0\r\n\r\n"),
    nodeDiffers: "it does not judge the names of extensions",
  },
  chunk("no empty line before the next request", `0\r\n${SECOND}`),
  {
    ...chunk("zero byte after the last chunk", `0\r\n\r\n\0${SECOND}`),
    sees: ["POST /c", 400],
  },
  chunk("negative zero", "-0\r\n\r\n"),
  chunk("line feed in a trailer", "0\r\nA: b\n\r\n"),
  chunk("zero byte in a trailer", "0\r\nA: b\0\r\n\r\n"),
  chunk("length as a trailer", `5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n`),
  chunk("coding as a trailer", `5\r\nhello\r\n0\r\nTransfer-Encoding: x\r\n\r\n`),
  {
    ...chunk("host as a trailer", `5\r\nhello\r\n0\r\nHost: b\r\n\r\n`),
    nodeDiffers: "it takes Host for any other trailer",
  },
  chunks("last chunk with an extension", "5\r\nhello\r\n0;a=b\r\n\r\n", "POST /c|hello"),
  host("a:b"),
  host("a:80:90"),
  host("[::1"),
  host("::1"),
  host("[::1]a"),
  host("a[::1]"),
  { name: "byte order mark first", bytes: `\xef\xbb\xbfGET / HTTP/1.1\r\n${H}\r\n`, sees: [400] },
  { name: "tabulator in the target", bytes: `GET /a\tb HTTP/1.1\r\n${H}\r\n`, sees: [400] },
  { name: "zero byte in the version", bytes: `GET / HTTP/1.1\0\r\n${H}\r\n`, sees: [400] },
];
