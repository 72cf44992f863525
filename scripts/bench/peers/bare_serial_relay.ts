/**
 * The floor of a serial line with clients: for each frame's worth of bytes that is read, a packet of a
 * fixed length is written to each client. Prints its port.
 *
 * Usage: bare_serial_relay.ts PATH FRAME_BYTES PACKET_BYTES
 *
 * @module
 */

if (import.meta.main) {
  const [path = "", ...sizes] = Deno.args;
  const [frameBytes = 1, packetBytes = 1] = sizes.map(Number);
  const crowd = new Set<Deno.TcpConn>();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  console.log(JSON.stringify({ tcp: listener.addr.port }));
  void relay(path, frameBytes, new Uint8Array(packetBytes).fill(0x70), crowd);
  for await (const connection of listener) {
    connection.setNoDelay(true);
    crowd.add(connection);
  }
}

async function relay(
  path: string,
  frameBytes: number,
  packet: Uint8Array,
  crowd: Set<Deno.TcpConn>,
): Promise<void> {
  const port = await Deno.open(path);
  const buffer = new Uint8Array(4_096);
  let bytes = 0;
  for (let count; (count = await port.read(buffer)) !== null;) {
    for (bytes += count; bytes >= frameBytes; bytes -= frameBytes) {
      await Promise.all([...crowd].map((connection) =>
        write(connection, packet).catch(() => {
          connection.close();
          crowd.delete(connection);
        })
      ));
    }
  }
}

async function write(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await connection.write(rest));
}
