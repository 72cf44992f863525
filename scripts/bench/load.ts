/**
 * A load on an HTTP server, run as a process of its own: keep-alive connections, one request in
 * flight on each. Prints one line of JSON, a {@linkcode LoadResult}.
 *
 * Usage: load.ts PORT CONNECTIONS SECONDS APPLICATIONS
 *
 * Applications beat in random order: the clocks of thousands of real ones drift apart.
 *
 * @module
 */

/** What a load run found. */
export interface LoadResult {
  requests: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

/** Latencies are counted in steps of this size. */
const STEP_MS = 0.01;
const STEPS = 100_000;

const encoder = new TextEncoder();

async function main(args: readonly string[]): Promise<LoadResult> {
  const [port, connections, seconds, applications] = args.slice(0, 4).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const requests = Array.from(
    { length: applications },
    (_, index) =>
      encoder.encode(
        // As browsers and the Python client send it.
        `GET /hb_ping?5000&appid=application-${index}&cache_buster=1_${index} HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
          "User-Agent: load\r\nAccept: */*\r\n\r\n",
      ),
  );
  const histogram = new Uint32Array(STEPS);
  let sent = 0;
  const end = performance.now() + seconds * 1000;

  async function drive(): Promise<void> {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    connection.setNoDelay(true);
    const buffer = new Uint8Array(4096);
    let replyBytes = 0;
    for (let now = performance.now(); now < end;) {
      const application = Math.floor(Math.random() * applications);
      await writeAll(connection, requests[application] as Uint8Array);
      let read = await connection.read(buffer) ?? 0;
      // All replies are equally long but the first of a connection may tell how long that is.
      if (replyBytes === 0) replyBytes = read;
      while (read < replyBytes) read += await connection.read(buffer.subarray(read)) ?? NaN;
      if (read !== replyBytes) {
        throw new Error(`Cannot go on: a reply has ${read} bytes, expected ${replyBytes}`);
      }
      const after = performance.now();
      const step = Math.min(STEPS - 1, Math.floor((after - now) / STEP_MS));
      histogram[step] = (histogram[step] ?? 0) + 1;
      sent++;
      now = after;
    }
    connection.close();
  }

  const started = performance.now();
  await Promise.all(Array.from({ length: connections }, drive));
  return {
    requests: sent,
    seconds: (performance.now() - started) / 1000,
    p50Ms: quantile(histogram, sent, 0.5),
    p99Ms: quantile(histogram, sent, 0.99),
  };
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await connection.write(rest));
}

function quantile(histogram: Uint32Array, count: number, share: number): number {
  let seen = 0;
  for (let step = 0; step < histogram.length; step++) {
    seen += histogram[step] ?? 0;
    if (seen >= count * share) return (step + 1) * STEP_MS;
  }
  return Infinity;
}

if (import.meta.main) console.log(JSON.stringify(await main(Deno.args)));
