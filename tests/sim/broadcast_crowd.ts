/**
 * The clients of a ventilator's broadcast ports, what they must get, and what the host must count of it.
 *
 * @module
 */

import { BroadcastReader, type Dialect, type Packet, type Unforeseen } from "./broadcast_reader.ts";
import type { MetricsText } from "./metrics_text.ts";
import type { Random } from "./random.ts";
import { PORTS, type World } from "./world.ts";

const READERS_MAX = 4;
/** Within this time everybody has what was sent, in milliseconds. */
const GAP_MS = 60;
/** A client that floods is disconnected within this time, in milliseconds. */
const FLOOD_MS_MAX = 5_000;
/** What a client's system holds for it, in bytes. */
const WINDOWS = [1_500, 65_536] as const;

/** The ports, in the order of their dialects. */
export const BROADCAST_PORTS: readonly number[] = [PORTS.hevWeb, PORTS.hevNative];

/** What has happened to packets in one run of the host. */
class Tally {
  /** Packets to clients of the newer dialect. */
  owed = 0;
  /** Packets of such clients that are not here any more: received, and left out. */
  skipped = 0;
  received = 0;
  /** Whether nobody was disconnected with packets on their way, and no old client was slow. */
  isExact = true;
  hasSeedReaders = false;
  /** Clients that have closed their connection. */
  closed = 0;
}

/** What the host may be about to send. */
export interface Broadcast {
  /** What a new client gets; nothing if there is no value yet. */
  readonly welcome: Packet | undefined;
  /** Told of a packet that nobody foresaw: whether it is owed now. */
  readonly isDue: Unforeseen;
}

/** The clients. */
export class BroadcastCrowd {
  readonly #world: World;
  readonly #dialects: readonly [web: Dialect, native: Dialect];
  readonly #readers: BroadcastReader[] = [];
  #changedAt = -Infinity;
  #tally = new Tally();

  constructor(world: World, dialects: readonly [web: Dialect, native: Dialect]) {
    this.#world = world;
    this.#dialects = dialects;
  }

  /** One of those that are connected. */
  one(random: Random): BroadcastReader | undefined {
    const connected = this.#connected();
    return connected.length === 0 ? undefined : random.pick(connected);
  }

  join(random: Random, { welcome, isDue }: Broadcast): void {
    if (this.#connected().length >= READERS_MAX) return;
    const index = random.whole(0, 1) as 0 | 1;
    const { network, time } = this.#world;
    const dialect = this.#dialects[index];
    const port = BROADCAST_PORTS[index] ?? 0;
    if (dialect === "seed") this.#tally.hasSeedReaders = true;
    else if (welcome !== undefined) this.#tally.owed++;
    const place = { port, dialect, windowBytes: random.pick(WINDOWS) };
    this.#readers.push(new BroadcastReader(network, time, place, { welcome, isDue }));
  }

  /** A client leaves. */
  part(random: Random): void {
    const reader = this.one(random);
    if (reader === undefined) return;
    if (reader.owed.length > 0) this.#tally.isExact = false;
    if (random.chance(0.5)) return reader.reset();
    // The host learns of it when it next sends: a client may have ended its side alone.
    reader.close();
    this.#tally.closed++;
    this.#tally.isExact = false;
  }

  /** A client sends something, or far too much. */
  async babble(random: Random): Promise<void> {
    const reader = this.one(random);
    if (reader === undefined) return;
    if (random.chance(0.7)) return await reader.murmur();
    reader.flood();
    this.#tally.isExact = false;
  }

  /**
   * The host sends a packet now, if there is a value.
   *
   * @param packet For clients of the newer dialect.
   * @param state The latest value, of which the others are told; undefined if they are told nothing.
   */
  owe(packet: Packet | undefined, state: string | undefined): void {
    this.#changedAt = this.#world.time.now;
    if (packet === undefined) return;
    for (const reader of this.#readers) {
      if (!reader.isConnected || reader.isCutOff) continue;
      if (reader.dialect === "nul") {
        this.#tally.owed++;
        reader.owe(packet);
      } else if (state !== undefined) reader.owe({ ...packet, about: state });
    }
  }

  /** All of them go. */
  forget(): void {
    for (const reader of this.#readers.splice(0)) if (reader.isConnected) reader.close();
  }

  /** All of them reset their connections, which the host learns at once. */
  reset(): void {
    for (const reader of this.#readers.splice(0)) reader.reset();
  }

  /** The host begins anew. */
  restart(): void {
    this.forget();
    this.#tally = new Tally();
  }

  /** @throws {Error} if one of them did not get what it must. */
  check(): void {
    const { now } = this.#world.time;
    for (const reader of this.#readers) {
      if (reader.complaint !== undefined) throw new Error(reader.complaint);
      const { isConnected, isQuick, floodedAt } = reader;
      if (isConnected && !reader.isCutOff && now - floodedAt > FLOOD_MS_MAX) {
        throw new Error("A client that floods is still connected");
      }
      if (reader.isEndedByHost && isQuick && floodedAt === Infinity) {
        throw new Error("A client that reads was disconnected");
      }
      const { owed } = reader;
      if (isConnected && isQuick && owed.length > 0 && now - this.#changedAt > GAP_MS) {
        throw new Error(`A client waits for ${owed[0]?.about} and ${owed.length - 1} more`);
      }
      if (isConnected && !isQuick && reader.dialect === "seed") this.#tally.isExact = false;
    }
    for (let at = this.#readers.length - 1; at >= 0; at--) {
      const reader = this.#readers[at];
      if (reader === undefined || reader.isConnected) continue;
      if (reader.owed.length > 0) this.#tally.isExact = false;
      this.#tally.skipped += reader.skipped;
      this.#tally.received += reader.received;
      this.#readers.splice(at, 1);
    }
  }

  /** @throws {Error} if the host counts clients or packets wrongly. */
  checkMetrics(metrics: MetricsText): void {
    const tally = this.#tally;
    const clients = this.#connected();
    const there = clients.filter(({ isCutOff }) => !isCutOff).length;
    metrics.must("hev_clients", there, there + tally.closed);
    if (there < clients.length) tally.isExact = false;
    if (!tally.isExact || this.#world.time.now - this.#changedAt < GAP_MS) return;
    const sum = (key: "received" | "skipped") =>
      this.#readers.reduce((total, reader) => total + reader[key], 0);
    const ended = tally.received + sum("received");
    if (tally.hasSeedReaders) {
      metrics.must("hev_packets_sent_total", ended, Infinity);
      return;
    }
    metrics.must("hev_packets_sent_total", tally.owed);
    const waiting = this.#readers.reduce((total, { owed }) => total + owed.length, 0);
    const skipped = tally.skipped + sum("skipped");
    metrics.must("hev_packets_dropped_total", skipped, skipped + waiting);
    if (ended + skipped + waiting !== tally.owed) {
      throw new Error(
        `${tally.owed} packets: ${ended} received, ${skipped} dropped, ${waiting} wait`,
      );
    }
  }

  #connected(): BroadcastReader[] {
    return this.#readers.filter(({ isConnected }) => isConnected);
  }
}
