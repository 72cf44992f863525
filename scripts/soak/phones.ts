/**
 * Phones that are woken each second: some stay, some walk away, some are switched off.
 *
 * @module
 */

import { TriggerClient } from "../../src/clients/trigger/client.ts";
import { encodeRegistration, isPing } from "../../src/wire/tix/datagram.ts";
import { about, type Crowd, familyOf, type Judge, pause, sampleOf, type Scene } from "./crowd.ts";

const SECOND_MS = 1_000;
const REGISTRATIONS_PER_LEASE = 3;
/** Pings that a phone may miss where it came and where it was looked at. */
const EDGE_PINGS = 2;
/** Walkers at a time. */
const WALKERS = 2;
/** Share of the walkers that are switched off, so that their port is closed. */
const SWITCHED_OFF_SHARE = 0.1;
/** After its last registration, a walker listens on for the lease and this much longer. */
const LISTENS_ON_MS = 2_000;

/** A phone that stays: what it has heard in this life of the host. */
interface Stayer {
  readonly client: TriggerClient;
  firstAt: number | undefined;
  lastAt: number;
  pings: number;
}

/** All phones. */
export class Phones implements Crowd {
  readonly #scene: Scene;
  readonly #stayers: readonly Stayer[];
  readonly #running: Promise<unknown>;
  /** Pings that arrived in this life, and in those before. */
  #pings = 0;
  #pingsBefore = 0;
  /** Pings that may have gone to phones that were switched off, in this life. */
  #toNobody = 0;
  #walks = 0;
  #switchedOff = 0;

  constructor(count: number, scene: Scene) {
    this.#scene = scene;
    const { places, pace, signal } = scene;
    this.#stayers = Array.from({ length: count }, () => ({
      client: new TriggerClient({
        hostname: "127.0.0.1",
        port: places.trigger,
        leaseMs: pace.leaseMs,
        local: { hostname: "127.0.0.1" },
        signal,
      }),
      firstAt: undefined,
      lastAt: 0,
      pings: 0,
    }));
    const walking = Array.from({ length: WALKERS }, () => this.#walkAgainAndAgain());
    this.#running = Promise.all([...this.#stayers.map((each) => this.#hear(each)), ...walking]);
  }

  begin(): void {
    this.#pingsBefore += this.#pings;
    this.#pings = 0;
    this.#toNobody = 0;
    for (const stayer of this.#stayers) {
      stayer.firstAt = undefined;
      stayer.pings = 0;
    }
  }

  look(): Judge {
    const received = this.#pings;
    const missed = this.#missed();
    const phones = this.#stayers.length;
    return (before, after) => {
      const lost = this.#toNobody + familyOf(before, "tix_send_errors_total");
      const skipped = sampleOf(after, "tix_ticks_skipped_total");
      return [
        {
          law: "wake-ups: received <= counted",
          value: sampleOf(after, "tix_pings_total"),
          atLeast: received,
        },
        {
          law: "wake-ups: counted <= received + those to nobody",
          value: sampleOf(before, "tix_pings_total"),
          // What this process has not read yet is on its way.
          atMost: received + lost + 2 * (phones + WALKERS),
        },
        {
          law: "wake-ups: one each second",
          value: missed,
          atMost: (EDGE_PINGS + skipped) * phones,
        },
      ];
    };
  }

  figures(): Readonly<Record<string, number>> {
    return {
      "wake-ups received": this.#pingsBefore + this.#pings,
      "phones that walked away": this.#walks,
      "phones that were switched off": this.#switchedOff,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#stayers.map(({ client }) => client.close()));
    await this.#running;
  }

  /** Seconds between the first and the last wake-up of phones that stay, without a wake-up. */
  #missed(): number {
    return this.#stayers.reduce((sum, { firstAt, lastAt, pings }) => {
      if (firstAt === undefined) return sum;
      return sum + Math.max(0, Math.round((lastAt - firstAt) / SECOND_MS) + 1 - pings);
    }, 0);
  }

  async #hear(stayer: Stayer): Promise<void> {
    for await (const { at } of stayer.client) {
      this.#pings++;
      stayer.firstAt ??= at;
      stayer.lastAt = at;
      stayer.pings++;
    }
  }

  async #walkAgainAndAgain(): Promise<void> {
    const { pace, random, signal } = this.#scene;
    while (!signal.aborted) {
      await this.#walk(about(pace.actMs, random), random() < SWITCHED_OFF_SHARE);
      await pause(about(pace.actMs / 4, random), signal);
    }
  }

  /** Is there for a while, then says no more. */
  async #walk(staysMs: number, isSwitchedOff: boolean): Promise<void> {
    const { places, pace, signal } = this.#scene;
    const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    const to: Deno.NetAddr = { transport: "udp", hostname: "127.0.0.1", port: places.trigger };
    const listening = this.#listen(socket);
    try {
      const endAt = performance.now() + staysMs;
      while (performance.now() < endAt && !signal.aborted) {
        await socket.send(encodeRegistration(), to);
        await pause(pace.leaseMs / REGISTRATIONS_PER_LEASE, signal);
      }
      if (isSwitchedOff) {
        this.#switchedOff++;
        this.#toNobody += Math.ceil(pace.leaseMs / SECOND_MS) + 1;
      } else {
        this.#walks++;
        await pause(pace.leaseMs + LISTENS_ON_MS, signal);
      }
    } finally {
      socket.close();
      await listening;
    }
  }

  async #listen(socket: Deno.DatagramConn): Promise<void> {
    for await (const [datagram] of socket) if (isPing(datagram)) this.#pings++;
  }
}
