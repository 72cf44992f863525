import { strict as assert } from "node:assert";
import { problemOfWebhook, WEBHOOK_LENGTH_MAX } from "../../../src/wire/url/webhook.ts";

Deno.test("problemOfWebhook takes URLs of HTTP up to the longest one", () => {
  const longest = "https://a.example/".padEnd(WEBHOOK_LENGTH_MAX, "x");
  for (
    const url of ["http://10.0.0.1:8080/hook?a=b", "HTTPS://a.example", "http://[::1]", longest]
  ) {
    assert.equal(problemOfWebhook(url), undefined, url);
  }
  assert.match(problemOfWebhook(`${longest}x`) ?? "", /at most 2048 characters/);
});

Deno.test("problemOfWebhook refuses anything else, and repeats none of it: a URL may hold a secret", () => {
  for (
    const text of ["", "a.example/s3cret", "file:///s3cret", "httpss://s3cret", "xhttp://s3cret"]
  ) {
    assert.equal(problemOfWebhook(text), "must be a URL such as https://example.org/hook", text);
  }
});
