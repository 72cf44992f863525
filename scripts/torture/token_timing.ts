/**
 * Whether the time of a wrong token tells how much of it is right:
 * `deno run -A scripts/torture/token_timing.ts [SAMPLES] [URL TOKEN]`.
 *
 * Two kinds of wrong tokens take turns at random: one differs from a right one in its first character,
 * the other in its last. Welch's t compares their times, all of them and those below each decile, as
 * dudect does; beyond 4.5 the kinds can be told apart. With a URL, a running host is asked over one
 * connection.
 *
 * @module
 */

import { TokenTable } from "../../src/console/tokens.ts";

const SAMPLES_DEFAULT = 1_000_000;
/** Samples that are thrown away: the program is not compiled yet. */
const WARM_UP = 10_000;
/** Tokens of the table that is measured without a host. */
const TOKENS = 10;
const TOKEN = "write-token-0123456789abcdef0123456789abcdef";
const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;
/** Beyond this the two kinds can be told apart. */
const T_MAX = 4.5;

/** Welch's t of the times below a limit, in milliseconds. */
export interface Comparison {
  readonly limitMs: number;
  readonly t: number;
}

type Right = (token: string) => unknown;

/** Measures a table of tokens, or what else says whether `token` is right. */
export function compareTable(samples: number, rightOf: Right = table()): Comparison[] {
  const wrong = wrongOnes(TOKEN);
  const times = new Times(samples);
  for (let sample = -WARM_UP; sample < samples; sample++) {
    const kind = pick();
    // Another text each time: nothing remembers it.
    const text = [...wrong[kind]].join("");
    const start = performance.now();
    rightOf(text);
    const time = performance.now() - start;
    if (sample >= 0) times.keep(kind, time);
  }
  return times.compare();
}

/** Measures a running host over one connection. */
export async function compareHost(
  samples: number,
  { hostname, port, host }: URL,
  token: string,
): Promise<Comparison[]> {
  using conn = await Deno.connect({ hostname, port: Number(port) });
  conn.setNoDelay();
  const requests = wrongOnes(token).map((text) =>
    new TextEncoder().encode(
      `GET /api/v1/verdict HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${text}\r\n\r\n`,
    )
  );
  const times = new Times(samples);
  const buffer = new Uint8Array(65_536);
  for (let sample = -WARM_UP; sample < samples; sample++) {
    const kind = pick();
    const start = performance.now();
    await conn.write(requests[kind] as Uint8Array);
    const got = await conn.read(buffer);
    const time = performance.now() - start;
    if (got === null) throw new Error("The host has ended the connection");
    if (sample >= 0) times.keep(kind, time);
  }
  return times.compare();
}

/** Times of two kinds, in milliseconds. */
class Times {
  readonly #times: readonly [Float64Array, Float64Array];
  readonly #counts = [0, 0] as [number, number];

  constructor(samples: number) {
    this.#times = [new Float64Array(samples), new Float64Array(samples)];
  }

  keep(kind: 0 | 1, time: number): void {
    this.#times[kind][this.#counts[kind]++] = time;
  }

  compare(): Comparison[] {
    const [first, second] = [this.#of(0), this.#of(1)];
    const all = new Float64Array(first.length + second.length);
    all.set(first);
    all.set(second, first.length);
    all.sort();
    return DECILES.map((decile) => {
      const limitMs = all[Math.ceil(decile * all.length) - 1] ?? 0;
      return { limitMs, t: welch(momentsOf(first, limitMs), momentsOf(second, limitMs)) };
    });
  }

  #of(kind: 0 | 1): Float64Array {
    return this.#times[kind].subarray(0, this.#counts[kind]);
  }
}

interface Moments {
  readonly mean: number;
  /** Variance of the mean. */
  readonly error: number;
}

function momentsOf(times: Float64Array, limit: number): Moments {
  let [count, mean, squares] = [0, 0, 0];
  for (const time of times) {
    if (time > limit) continue;
    count++;
    const delta = time - mean;
    mean += delta / count;
    squares += delta * (time - mean);
  }
  return { mean, error: count < 2 ? 0 : squares / (count - 1) / count };
}

function welch(first: Moments, second: Moments): number {
  const t = (first.mean - second.mean) / Math.sqrt(first.error + second.error);
  // So short are the times of one kind only, or the clock is too coarse: neither proves anything good.
  return Number.isFinite(t) ? t : Infinity;
}

function table(): Right {
  const others = Array.from(
    { length: TOKENS - 1 },
    (_, index) => `read another-token-of-it-${index}`,
  );
  const tokens = TokenTable.parse([`write ${TOKEN}`, ...others].join("\n"));
  return (text) => tokens.rightOf(text);
}

function wrongOnes(token: string): readonly [string, string] {
  return [`#${token.slice(1)}`, `${token.slice(0, -1)}#`];
}

function pick(): 0 | 1 {
  return Math.random() < 0.5 ? 0 : 1;
}

if (import.meta.main) {
  const [count = "", url, token = TOKEN] = Deno.args;
  const samples = Number(count) || SAMPLES_DEFAULT;
  const comparisons = url === undefined
    ? compareTable(samples)
    : await compareHost(samples, new URL(url), token);
  for (const { limitMs, t } of comparisons) {
    console.log(
      `up to ${(limitMs * 1_000).toFixed(2).padStart(9)} µs  t = ${t.toFixed(2).padStart(6)}`,
    );
  }
  const worst = Math.max(...comparisons.map(({ t }) => Math.abs(t)));
  console.log(`${samples} samples, worst |t| = ${worst.toFixed(2)}, must be below ${T_MAX}`);
  if (worst >= T_MAX) Deno.exit(1);
}
