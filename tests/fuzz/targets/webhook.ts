/**
 * What an endpoint for notifications answers, from a server that is out of its mind.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { sendWebhook } from "../../../src/net/webhook.ts";
import type { Random } from "../../sim/random.ts";
import { split, type Target, textOf, texts } from "../target.ts";

/** Stands for the server's own port in an input. */
const PORT_WORD = "PORT";
/** A part of the URL that must never come up in a reason. */
const SECRET = "s3cret";
const BODY = '{"type":"test"}';
/** How long the sender waits, in milliseconds; the product has more patience. */
const PATIENCE_MS = 300;
/** How long it may take all in all, on a busy machine. */
const OVER_MS_MAX = 10_000;
const RETRY_AFTER_MS_MAX = 3_600_000;
const ENDLESS_BYTES = 65_536;
/** Statuses after which a message is given up (RFC 9110 section 15.5). */
const GONE = new Set([400, 410, 413, 415, 422]);

/** How an answer comes: at once, in pieces, without an end, or as a part of one that never ends. */
type Manner = "at once" | "in pieces" | "endless" | "left open";
const MANNERS: Readonly<Record<string, Manner>> = {
  "~": "in pieces",
  "*": "endless",
  "_": "left open",
};

/** The target of webhooks. */
export const WEBHOOK_TARGETS: readonly Target[] = [{
  name: "webhook-answers",
  holds:
    "whatever an endpoint answers, only a 2xx delivers, no redirect is followed, no secret is told",
  seeds: texts(
    "HTTP/1.1 204 No Content\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "~HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "*HTTP/1.1 200 OK\r\n\r\nmore",
    "*HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "_HTTP/1.1 200",
    `HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:${PORT_WORD}/else\r\n\r\n`,
    "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n\r\n",
    "HTTP/1.1 429 Busy\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\nDate: x\r\n\r\n",
    "HTTP/1.1 410 Gone\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "SSH-2.0-OpenSSH_9.2\r\n",
    "",
  ),
  words: [
    ...[
      "HTTP/1.1 ",
      "HTTP/1.0 ",
      "HTTP/2 ",
      "200",
      "204",
      "299",
      "308",
      "307",
      "404",
      "413",
      "600",
    ],
    ...["\r\n", "\r\n\r\n", "Content-Length: ", "Transfer-Encoding: chunked\r\n", "Retry-After: "],
    ...[
      "Location: ",
      `http://127.0.0.1:${PORT_WORD}/`,
      "Connection: ",
      "Upgrade: h2c\r\n",
      "*",
      "~",
      "_",
    ],
    ...["Content-Encoding: gzip\r\n", "Set-Cookie: a=b\r\n"],
  ],
  run: async (input, random) => {
    const manner = MANNERS[String.fromCharCode(input[0] ?? 0)] ?? "at once";
    const answer = manner === "at once" ? input : input.subarray(1);
    await using server = new MadServer(answer, manner, random);
    const url = `http://127.0.0.1:${server.port}/hook/${SECRET}`;
    const began = performance.now();
    const outcome = await sendWebhook(url, BODY, {}, AbortSignal.timeout(PATIENCE_MS));
    const tookMs = performance.now() - began;
    assert.ok(tookMs < OVER_MS_MAX, `it took ${tookMs} ms`);
    // The runtime asks again at once, as the same message, where the connection ends without an answer.
    const most = outcome.result === "failed" && !/^status/.test(outcome.reason) ? 2 : 1;
    assert.ok(server.requests <= most, `${server.requests} requests: ${JSON.stringify(outcome)}`);
    const said = textOf(answer);
    switch (outcome.result) {
      case "delivered":
        assert.ok(outcome.status >= 200 && outcome.status <= 299, String(outcome.status));
        assert.match(said, new RegExp(`HTTP/1\\.[01] +${outcome.status}`), "who says so?");
        break;
      case "gone":
        assert.ok(GONE.has(Number(outcome.reason.match(/^status (\d+)$/)?.[1])), outcome.reason);
        break;
      case "failed":
        assert.match(outcome.reason, /\S/);
        assert.doesNotMatch(outcome.reason, new RegExp(`${SECRET}|https?://`), "a secret is told");
        if (outcome.retryAfterMs !== undefined) {
          assert.ok(outcome.retryAfterMs >= 0 && outcome.retryAfterMs <= RETRY_AFTER_MS_MAX);
        }
    }
  },
}];

/** Takes connections, and gives the same answer on each of them. */
class MadServer implements AsyncDisposable {
  requests = 0;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #pieces: readonly Uint8Array[];
  readonly #manner: Manner;
  readonly #open = new Set<Deno.TcpConn>();
  readonly #serving: Promise<void>[] = [];

  constructor(answer: Uint8Array<ArrayBuffer>, manner: Manner, random: Random) {
    this.#manner = manner;
    const said = new TextDecoder("latin1").decode(answer).replaceAll(PORT_WORD, `${this.port}`);
    const bytes = Uint8Array.from(said, (character) => character.charCodeAt(0) & 0xff);
    this.#pieces = manner === "in pieces" ? split(bytes, random).slice(0, 50) : [bytes];
    this.#serving.push(this.#accept());
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const conn of this.#open) conn.close();
    while (this.#serving.length > 0) await this.#serving.pop();
  }

  async #accept(): Promise<void> {
    try {
      for await (const conn of this.#listener) {
        this.#open.add(conn);
        this.#serving.push(this.#serve(conn));
      }
    } catch {
      // It was closed.
    }
  }

  async #serve(conn: Deno.TcpConn): Promise<void> {
    try {
      if (!await isAsked(conn)) return;
      this.requests++;
      for (const piece of this.#pieces) await writeAll(conn, piece);
      if (this.#manner === "at once" || this.#manner === "in pieces") return;
      const more = new Uint8Array(ENDLESS_BYTES).fill(0x61);
      while (this.#manner === "endless") await writeAll(conn, more);
      while (await conn.read(more) !== null);
    } catch {
      // The other end has left, or all was closed.
    } finally {
      // Closed by now if all was.
      if (this.#open.delete(conn)) closeQuietly(conn);
    }
  }
}

/** Reads a whole request. */
async function isAsked(conn: Deno.TcpConn): Promise<boolean> {
  const buffer = new Uint8Array(4_096);
  for (let text = ""; !text.endsWith(BODY);) {
    const count = await conn.read(buffer);
    if (count === null) return false;
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return true;
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await conn.write(rest));
}

function closeQuietly(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch {
    // Closed before.
  }
}
