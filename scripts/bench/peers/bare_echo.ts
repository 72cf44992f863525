/**
 * The floor of everything that answers: for each so many bytes that come, a fixed number goes back.
 * Prints its port.
 *
 * Usage: bare_echo.ts REQUEST_BYTES REPLY_BYTES
 *
 * @module
 */

if (import.meta.main) {
  const [requestBytes = 1, replyBytes = 1] = Deno.args.map(Number);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  console.log(JSON.stringify({ tcp: listener.addr.port }));
  for await (const connection of listener) void answer(connection, requestBytes, replyBytes);
}

async function answer(
  connection: Deno.TcpConn,
  requestBytes: number,
  replyBytes: number,
): Promise<void> {
  connection.setNoDelay(true);
  const reply = new Uint8Array(replyBytes);
  const buffer = new Uint8Array(4_096);
  let bytes = 0;
  try {
    for (let count; (count = await connection.read(buffer)) !== null;) {
      for (bytes += count; bytes >= requestBytes; bytes -= requestBytes) {
        await connection.write(reply);
      }
    }
  } catch {
    // The load ended while a read or write was under way.
  }
  connection.close();
}
