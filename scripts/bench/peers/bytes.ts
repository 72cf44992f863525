/**
 * Whole reads and writes on a connection.
 *
 * @module
 */

/** Writes all bytes. */
export async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await connection.write(rest));
}

/**
 * Reads a number of bytes and not one more.
 *
 * @throws {Error} if the connection ends before.
 */
export async function readExactly(
  connection: Deno.TcpConn,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await connection.read(bytes.subarray(at));
    if (count === null) throw new Error(`Cannot go on: the server ended after ${at} bytes`);
    at += count;
  }
  return bytes;
}
