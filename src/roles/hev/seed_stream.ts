/**
 * Decides when each packet of the seed dialect is sent.
 *
 * @module
 */

import type { AlarmEntry } from "../../wire/hev/alarm_list.ts";
import { encodeSeedPacket } from "../../wire/hev/seed_packet.ts";
import type { SeedView } from "../../wire/hev/seed_view.ts";
import { PACKET_BYTES_MAX_DEFAULT, PACKET_GAP_MS, type PacketOptions } from "./options.ts";

/** The content of a packet. */
export interface SeedContent {
  /** The latest values. */
  readonly view: SeedView;
  /** The listed alarms. */
  alarms(): readonly AlarmEntry[];
}

/**
 * Paces packets: newer values replace waiting ones. No alarm is lost by that, because each packet
 * contains all alarms. Before the first data, there is no packet. Times are in milliseconds.
 */
export class SeedStream {
  readonly #content: SeedContent;
  readonly #intervalMs: number;
  readonly #bytesMax: number;
  #sentAt = -Infinity;
  #dueAt = Infinity;
  /** The packet of the current content, kept until the content changes. */
  #packet: Uint8Array | undefined;

  /** @throws {RangeError} if the interval is shorter than {@linkcode PACKET_GAP_MS}. */
  constructor(content: SeedContent, options: PacketOptions = {}) {
    const { dataIntervalMs = PACKET_GAP_MS, packetBytesMax = PACKET_BYTES_MAX_DEFAULT } = options;
    if (!(dataIntervalMs >= PACKET_GAP_MS)) {
      throw new RangeError(
        `Cannot pace packets: dataIntervalMs is ${dataIntervalMs}, must be >= ${PACKET_GAP_MS}`,
      );
    }
    this.#content = content;
    this.#intervalMs = dataIntervalMs;
    this.#bytesMax = packetBytesMax;
  }

  /** The content has changed: values wait for the interval, alarms only for the gap. */
  changed(what: "values" | "alarms", now: number): void {
    this.#packet = undefined;
    if (!this.#content.view.ready) return;
    const waitMs = what === "values" ? this.#intervalMs : PACKET_GAP_MS;
    this.#dueAt = Math.min(this.#dueAt, Math.max(this.#sentAt + waitMs, now));
  }

  /** When {@linkcode SeedStream.take} next has a packet; `undefined` while nothing is new. */
  nextWake(): number | undefined {
    return this.#dueAt === Infinity ? undefined : this.#dueAt;
  }

  /** The packet to send now, if one is due. */
  take(now: number): Uint8Array | undefined {
    return this.skip(now) ? this.current() : undefined;
  }

  /** Leaves out the packet that is due now, if one is: nobody would get it. */
  skip(now: number): boolean {
    if (now < this.#dueAt) return false;
    this.#sentAt = now;
    this.#dueAt = Infinity;
    return true;
  }

  /** The packet of the current content, for a new client; `undefined` before the first data. */
  current(): Uint8Array | undefined {
    const { view } = this.#content;
    if (!view.ready) return undefined;
    return this.#packet ??= encodeSeedPacket(view.sensors(), this.#content.alarms(), {
      bytesMax: this.#bytesMax,
    });
  }
}
