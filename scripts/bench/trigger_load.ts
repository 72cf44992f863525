/**
 * Phones for a trigger service: many that only register, some that measure.
 *
 * `trigger_load.ts PORT CLIENTS SAMPLES SECONDS REGISTER_EVERY_SECONDS` prints `ready` when all are
 * registered and one line of JSON at the end. Each phone has an address of its own, 127.x.y.z. The
 * many share one port, where a socket that nobody reads takes their pings, so that the load costs the
 * machine as little as possible.
 *
 * @module
 */

import { Cadence, type CadenceFigures } from "../../src/clients/trigger/cadence.ts";

/** What was measured. */
export interface TriggerLoadResult extends CadenceFigures {
  /** Mean change of a phone's phase from one ping to the next, in milliseconds. */
  driftMs: number;
  /** Phones of a burst that were pinged within three seconds, of {@linkcode BURST}. */
  burstServed: number;
}

/** Registrations in one burst. */
export const BURST = 2_000;

const SINK_PORT = 20_000;
const REGISTRATION = Uint8Array.of(0, 0);
const SPREAD_MS = 20;

async function main([port, clients, samples, seconds, everySeconds]: number[]) {
  const to: Deno.NetAddr = { transport: "udp", hostname: "127.0.0.1", port: port ?? 0 };
  const sink = Deno.listenDatagram({
    transport: "udp",
    hostname: "0.0.0.0",
    port: SINK_PORT,
    reuseAddress: true,
  });
  for (let index = 0; index < (clients ?? 0); index++) await register(index, to);
  const cadence = new Cadence();
  const phones = Array.from({ length: samples ?? 0 }, () => new SamplePhone(cadence));
  for (const phone of phones) {
    await phone.register(to);
    // Later samples come at other moments, as phones do.
    if (phones.indexOf(phone) % 10 === 0) await sleep(SPREAD_MS);
  }
  await sleep(2_500);
  console.log("ready");
  for (const phone of phones) phone.begin();
  const endAt = performance.now() + (seconds ?? 0) * 1_000;
  await refresh(clients ?? 0, everySeconds ?? 0, to, endAt);
  await sleep(endAt - performance.now());
  const drifts = phones.map((phone) => phone.driftMs()).filter((drift) => !Number.isNaN(drift));
  const driftMs = drifts.reduce((sum, drift) => sum + drift, 0) / drifts.length;
  const figures = cadence.figures();
  for (const phone of phones) phone.close();
  const burstServed = await burst(to);
  sink.close();
  const result: TriggerLoadResult = { ...figures, driftMs, burstServed };
  console.log(JSON.stringify(result));
  Deno.exit(0);
}

/** Binds a phone's address, registers, and leaves its pings to the sink. */
async function register(index: number, to: Deno.NetAddr): Promise<void> {
  const hostname = `127.${16 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
  const socket = Deno.listenDatagram({
    transport: "udp",
    hostname,
    port: SINK_PORT,
    reuseAddress: true,
  });
  await socket.send(REGISTRATION, to);
  socket.close();
}

/** Registers everybody again and again, evenly over the time; nobody if `everySeconds` is 0. */
async function refresh(clients: number, everySeconds: number, to: Deno.NetAddr, endAt: number) {
  if (everySeconds === 0) return;
  const start = performance.now();
  const perMs = clients / (everySeconds * 1_000);
  for (let sent = 0; performance.now() < endAt;) {
    const due = Math.floor((performance.now() - start) * perMs);
    for (; sent < due; sent++) await register(sent % clients, to);
    await sleep(10);
  }
}

/** Registers many at once; returns how many of them are pinged. */
async function burst(to: Deno.NetAddr): Promise<number> {
  const cadence = new Cadence();
  const phones = Array.from({ length: BURST }, () => new SamplePhone(cadence));
  await Promise.all(phones.map((phone) => phone.register(to)));
  await sleep(3_000);
  const served = phones.filter((phone) => phone.pings > 0).length;
  for (const phone of phones) phone.close();
  return served;
}

/** A phone whose intervals count. */
class SamplePhone {
  readonly #socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  readonly #cadence: Cadence;
  #isCounting = false;
  #firstAt = NaN;
  #lastAt = NaN;
  #counted = 0;
  pings = 0;

  constructor(cadence: Cadence) {
    this.#cadence = cadence;
    void this.#read();
  }

  async register(to: Deno.NetAddr): Promise<void> {
    await this.#socket.send(REGISTRATION, to);
  }

  begin(): void {
    this.#isCounting = true;
  }

  driftMs(): number {
    return (this.#lastAt - this.#firstAt) / (this.#counted - 1) - 1_000;
  }

  close(): void {
    this.#socket.close();
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(4);
    try {
      for (;;) {
        await this.#socket.receive(buffer);
        const at = performance.now();
        this.pings++;
        if (!this.#isCounting) continue;
        if (this.#counted++ === 0) this.#firstAt = at;
        else this.#cadence.observe(at - this.#lastAt);
        this.#lastAt = at;
      }
    } catch {
      // Closed.
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));
}

if (import.meta.main) await main(Deno.args.map(Number));
