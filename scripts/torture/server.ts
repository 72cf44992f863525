/**
 * A server to be tortured: the fast path answers everything with four bytes.
 *
 * Prints one line of JSON with its port, then one per line that it is asked for on standard input.
 *
 * @module
 */

import { HttpServer } from "../../src/net/http/server.ts";
import { ReplyTemplate } from "../../src/wire/http1/reply_template.ts";

const template = new ReplyTemplate({ status: 200, headers: { "Content-Type": "text/plain" } });
const reply = { template, body: "4000" };

await using server = HttpServer.listen({
  addresses: [{ hostname: "0.0.0.0", port: 0 }],
  fast: () => reply,
  onError: (error) => console.error(error),
});
console.log(JSON.stringify({ port: server.addresses[0]?.port }));
const answer = new Uint8Array(64);
while (await Deno.stdin.read(answer) !== null) {
  const { rss } = Deno.memoryUsage();
  console.log(JSON.stringify({ rss, connections: server.connections, ...server.counters }));
}
