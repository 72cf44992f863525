/**
 * The floor: what a port of the runtime does without any of ours. Answers each connection's first
 * words with 200.
 *
 *     deno run --allow-net scripts/torture/floor.ts
 *
 * Prints its port.
 *
 * @module
 */

const REPLY = new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");

async function serve(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(65_536);
  try {
    while (await conn.read(buffer) !== null) await conn.write(REPLY);
  } catch {
    // Reset.
  }
  conn.close();
}

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log((listener.addr as Deno.NetAddr).port);
for (;;) {
  try {
    void serve(await listener.accept());
  } catch {
    // The peer was gone before it was accepted.
  }
}
