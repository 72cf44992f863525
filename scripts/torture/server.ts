/**
 * A server to be tortured: the fast path answers everything with four bytes.
 *
 *     deno run -A --unstable-net scripts/torture/server.ts [CERTIFICATE KEY]
 *
 * Prints one line of JSON with its port, then one per line that it is asked for on standard input.
 *
 * @module
 */

import { HttpServer } from "../../src/net/http/server.ts";
import { TlsIdentity } from "../../src/net/tcp/tls_identity.ts";
import { ReplyTemplate } from "../../src/wire/http1/reply_template.ts";

const template = new ReplyTemplate({ status: 200, headers: { "Content-Type": "text/plain" } });
const [certificate, key] = Deno.args.map((path) => Deno.readTextFileSync(path));
const tls = certificate === undefined || key === undefined
  ? {}
  : { tls: new TlsIdentity({ cert: certificate, key }) };
const reply = { template, body: "4000" };

await using server = HttpServer.listen({
  addresses: [{ hostname: "0.0.0.0", port: 0 }],
  fast: () => reply,
  ...tls,
  onError: (error) => console.error(error),
});
console.log(JSON.stringify({ port: server.addresses[0]?.port }));
const answer = new Uint8Array(64);
while (await Deno.stdin.read(answer) !== null) {
  const { rss } = Deno.memoryUsage();
  console.log(JSON.stringify({ rss, connections: server.connections, ...server.counters }));
}
