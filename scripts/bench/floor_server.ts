/**
 * The floors that the HTTP roles are compared with, each a process of its own. Prints its port.
 *
 * Usage: floor_server.ts serve | tcp
 *
 * @module
 */

const BODY = "6000";

if (import.meta.main) {
  if (Deno.args[0] === "serve") serve();
  else await answerAnything();
}

/** The runtime's own server with the smallest handler that answers like a heartbeat server. */
function serve(): void {
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    automaticCompression: false,
    onListen: ({ port }) => console.log(port),
  }, () => new Response(BODY, { headers: { "content-type": "text/plain" } }));
}

/** No HTTP at all: a fixed reply to whatever arrives. Nothing that speaks HTTP can be faster. */
async function answerAnything(): Promise<void> {
  const reply = new TextEncoder().encode(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
  );
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  console.log(listener.addr.port);
  for await (const connection of listener) void answer(connection, reply);
}

async function answer(connection: Deno.Conn, reply: Uint8Array): Promise<void> {
  const buffer = new Uint8Array(4096);
  try {
    while (await connection.read(buffer) !== null) await connection.write(reply);
  } catch {
    // The load ended while a read or write was under way.
  }
  connection.close();
}
