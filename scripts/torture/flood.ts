/**
 * One peer that sends at full speed and reads what it gets, until its standard input ends; connects
 * again whenever it is ended. Prints how much it sent.
 *
 *     deno run -A scripts/torture/flood.ts PORT LINE
 *
 * @module
 */

const [port = "", line = ""] = Deno.args;
const request = line.startsWith("GET") ? `${line}\r\nHost: a\r\n\r\n` : `${line}\n`;
const words = new TextEncoder().encode(request.repeat(Math.ceil(65_536 / request.length)));
/** Before it connects again, in milliseconds. */
const AGAIN_MS = 20;

let isOver = false;
let bytes = 0;
const started = performance.now();
const over = (async () => {
  for await (const _ of Deno.stdin.readable);
  isOver = true;
})();
while (!isOver) {
  try {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
    const sayAll = async () => {
      // The rest of what the system did not take comes first: half a request would be a violation.
      for (let rest = words; !isOver; rest = rest.length > 0 ? rest : words) {
        const count = await conn.write(rest);
        bytes += count;
        rest = rest.subarray(count);
      }
    };
    await Promise.race([Promise.all([sayAll(), hearAll(conn)]), over]);
  } catch {
    // Ended by the host.
  }
  await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
}
const seconds = (performance.now() - started) / 1_000;
console.log(`${(bytes / 1_000_000 / seconds).toFixed(1)} MB/s`);
Deno.exit();

async function hearAll(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(65_536);
  while (await conn.read(buffer) !== null);
}
