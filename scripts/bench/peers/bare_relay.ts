/**
 * The floor of everything that forwards: what comes from a publisher is written to each subscriber as it
 * is, and nothing more is read until all of them have taken it. Prints its ports.
 *
 * @module
 */

const HOSTNAME = "127.0.0.1";
const READ_BYTES = 65_536;

if (import.meta.main) {
  const publishers = Deno.listen({ hostname: HOSTNAME, port: 0 });
  const subscribers = Deno.listen({ hostname: HOSTNAME, port: 0 });
  console.log(JSON.stringify({ publisher: publishers.addr.port, tcp: subscribers.addr.port }));
  const crowd = new Set<Deno.TcpConn>();
  void (async () => {
    for await (const connection of subscribers) {
      connection.setNoDelay(true);
      crowd.add(connection);
    }
  })();
  for await (const publisher of publishers) void relay(publisher, crowd);
}

async function relay(publisher: Deno.TcpConn, crowd: Set<Deno.TcpConn>): Promise<void> {
  const buffer = new Uint8Array(READ_BYTES);
  for (let count; (count = await publisher.read(buffer)) !== null;) {
    const bytes = buffer.subarray(0, count);
    await Promise.all([...crowd].map((connection) =>
      write(connection, bytes).catch(() => {
        connection.close();
        crowd.delete(connection);
      })
    ));
  }
  publisher.close();
}

async function write(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await connection.write(rest));
}
