/**
 * Requests that end early, and requests as well-known programs send them.
 *
 * @module
 */

import type { Http1Case } from "./cases.ts";

const H = "Host: a\r\n";

function half(name: string, bytes: string): Http1Case {
  return { name: `half: ${name}`, bytes, sees: ["more"] };
}

/** Requests that end early, and requests as well-known programs send them. */
export const PORTABLE: readonly Http1Case[] = [
  half("one letter", "G"),
  half("method", "GET"),
  half("method and blank", "GET "),
  half("slash", "GET /"),
  half("target", "GET /hb_ping?3000&appid=te"),
  half("version", "GET / HTTP/1"),
  half("line without line feed", "GET / HTTP/1.1\r"),
  half("request line", "GET / HTTP/1.1\r\n"),
  half("field name", "GET / HTTP/1.1\r\nHos"),
  half("field without line feed", "GET / HTTP/1.1\r\nHost: a\r"),
  half("field", `GET / HTTP/1.1\r\n${H}`),
  half("last carriage return", `GET / HTTP/1.1\r\n${H}\r`),
  half("body by length not begun", `POST / HTTP/1.1\r\n${H}Content-Length: 5\r\n\r\n`),
  half("body by length", `POST / HTTP/1.1\r\n${H}Content-Length: 5\r\n\r\nhel`),
  half("chunk size", `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n5`),
  half("chunk", `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`),
  half("no last chunk", `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`),
  half("trailers", `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n`),
  {
    name: "half a second request",
    bytes: `GET /a HTTP/1.1\r\n${H}\r\nGET /b HTTP/1.1\r\nHo`,
    sees: ["GET /a", "more"],
  },
  {
    name: "as curl sends it",
    bytes:
      "GET /hb_ping?3000&appid=x HTTP/1.1\r\nHost: localhost:8888\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n",
    sees: ["GET /hb_ping?3000&appid=x"],
  },
  {
    name: "as wget sends it",
    bytes:
      'POST /hb_init?3000&appid=x HTTP/1.1\r\nHost: localhost:8888\r\nUser-Agent: Wget/1.21.3\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: Keep-Alive\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"appid":"x"}',
    sees: ['POST /hb_init?3000&appid=x|{"appid":"x"}'],
  },
  {
    name: "as Python's urllib sends it",
    bytes:
      "GET /list?cache_buster=1.5 HTTP/1.1\r\nAccept-Encoding: identity\r\nHost: localhost:8888\r\nUser-Agent: Python-urllib/3.11\r\nConnection: close\r\n\r\n",
    sees: ["GET /list?cache_buster=1.5"],
  },
  {
    name: "as ab sends it",
    bytes:
      "GET /status HTTP/1.0\r\nConnection: Keep-Alive\r\nHost: a:1\r\nUser-Agent: ApacheBench/2.3\r\nAccept: */*\r\n\r\n",
    sees: ["GET /status"],
  },
  {
    name: "as a browser sends a beacon",
    bytes:
      'POST /hb_done?0&appid=kiosk HTTP/1.1\r\nHost: localhost:8888\r\nConnection: keep-alive\r\nContent-Length: 0\r\nsec-ch-ua: "Chromium";v="120", "Not?A_Brand";v="8"\r\nOrigin: null\r\nUser-Agent: Mozilla/5.0 (X11; Linux aarch64)\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n',
    sees: ["POST /hb_done?0&appid=kiosk"],
  },
  {
    name: "as a browser asks for leave first",
    bytes:
      "OPTIONS /status HTTP/1.1\r\nHost: localhost:8888\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Private-Network: true\r\nOrigin: http://example.org\r\n\r\n",
    sees: ["OPTIONS /status"],
  },
];
