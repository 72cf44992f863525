/**
 * A steady load on a heartbeat server, run as a process of its own. Prints one line of JSON, a
 * {@linkcode PacedResult}.
 *
 * Usage: paced_load.ts PORT PER_SECOND SECONDS APPLICATIONS
 *
 * @module
 */

import { median, quantile } from "./row.ts";

/** What it found. */
export interface PacedResult {
  requests: number;
  p50Ms: number;
  p99Ms: number;
}

const CONNECTIONS = 20;

async function main(args: readonly string[]): Promise<PacedResult> {
  const [port = 0, perSecond = 1, seconds = 1, applications = 1] = args.map(Number);
  const latencies: number[] = [];
  const everyMs = 1000 * CONNECTIONS / perSecond;
  const end = performance.now() + seconds * 1000;
  let next = 0;
  async function drive(index: number): Promise<void> {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    connection.setNoDelay(true);
    const buffer = new Uint8Array(4096);
    let due = performance.now() + everyMs * index / CONNECTIONS;
    while (due < end) {
      await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())));
      const application = next++ % applications;
      const request =
        `GET /hb_ping?60000&appid=application-${application} HTTP/1.1\r\nHost: a\r\n\r\n`;
      const before = performance.now();
      await connection.write(new TextEncoder().encode(request));
      await connection.read(buffer);
      latencies.push(performance.now() - before);
      due += everyMs;
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => drive(index)));
  return {
    requests: latencies.length,
    p50Ms: median(latencies),
    p99Ms: quantile(latencies, 0.99),
  };
}

if (import.meta.main) console.log(JSON.stringify(await main(Deno.args)));
