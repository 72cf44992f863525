import { strict as assert } from "node:assert";
import { HELLO_BYTES_MAX } from "../../../src/wire/tls/hello.ts";
import { plainHttpState, speaksTls } from "../../../src/wire/tls/plain_http.ts";
import { bytesOf } from "../../support/tcp.ts";
import { BINARY } from "./no_http.ts";

Deno.test("plainHttpState takes no binary protocol for HTTP", () => {
  for (const text of BINARY) {
    assert.equal(plainHttpState(bytesOf(text)), "no-http", JSON.stringify(text));
  }
});

Deno.test("plainHttpState waits for the end of a head, or for as many bytes as a hello has", () => {
  const head = bytesOf("GET / HTTP/1.0\r\nHost: h\r\n\r\n");
  for (let length = 1; length < head.length; length++) {
    assert.equal(plainHttpState(head.subarray(0, length)), "partial", `${length}`);
  }
  assert.equal(plainHttpState(head), "complete");
  assert.equal(plainHttpState(bytesOf("POST /a HTTP/1.0\n\nbody")), "complete");
  assert.equal(plainHttpState(bytesOf(`GET /${"a".repeat(HELLO_BYTES_MAX)}`)), "complete");
});

Deno.test("speaksTls knows an alert, and what servers say to plain HTTP", () => {
  for (
    const answer of [
      "\x15\x03\x01\x00\x02\x02\x46",
      "HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port",
      "HTTP/1.1 400 Bad Request\r\n\r\nYou're speaking plain HTTP to an SSL-enabled server port",
    ]
  ) assert.equal(speaksTls(bytesOf(answer)), true, answer);
  for (const answer of ["", "\x15\x02", "HTTP/1.1 400 Bad Request\r\n\r\n"]) {
    assert.equal(speaksTls(bytesOf(answer)), false, answer);
  }
});
