/**
 * What the controllers of a soak have sent, so that displays can be held to it.
 *
 * @module
 */

import { encodeNulPacket, isBroadcast } from "../../src/wire/hev/nul_packet.ts";
import { type HevPacket, PacketReader } from "../../src/wire/hev/packet_reader.ts";
import type { Payload } from "../../src/wire/hev/payload.ts";
import type { Recording } from "../../src/wire/hev/recording.ts";

/** Entries that are remembered; the oldest are forgotten, this many at a time. */
const ENTRIES_MAX = 8_192;

/** One payload that displays are shown. */
interface Entry {
  readonly key: string;
  /** Whether its controller was unplugged before the host had acknowledged it. */
  isUncertain: boolean;
}

/** Payloads that displays must get, numbered from 0 on, one controller after the other. */
export class PayloadJournal {
  readonly #entries: Entry[] = [];
  #forgotten = 0;
  /** What the controller that is plugged in has sent last; what is not shown is `undefined`. */
  #sentLast: (Entry | undefined)[] = [];
  readonly #pendingMax: number;

  /** @param pendingMax Payloads that a controller sends before the first is acknowledged. */
  constructor(pendingMax: number) {
    this.#pendingMax = pendingMax;
  }

  /** The same recording; each payload that is taken from it is written down. */
  watch(recording: Recording): Recording {
    return {
      ...recording,
      atMs: (index) => recording.atMs(index),
      step: (index, pass) => {
        const step = recording.step(index, pass);
        if (step.bytes !== undefined) this.#add(step.payload);
        return step;
      },
    };
  }

  /** A controller was unplugged before the host had acknowledged the last so many payloads. */
  unplugged(unacknowledged: number): void {
    for (const entry of this.#sentLast.splice(this.#sentLast.length - unacknowledged)) {
      if (entry !== undefined) entry.isUncertain = true;
    }
    this.#sentLast = [];
  }

  /** The number that the next payload will have. */
  get end(): number {
    return this.#forgotten + this.#entries.length;
  }

  /** The number of the last payload with such a key, if it is remembered. */
  find(key: string): number | undefined {
    const index = this.#entries.findLastIndex((entry) => entry.key === key);
    return index < 0 ? undefined : this.#forgotten + index;
  }

  /** Payloads after one and before another that every display must have got. */
  between(from: number, to: number): number {
    const [start, end] = [from + 1 - this.#forgotten, to - this.#forgotten];
    return this.#entries.slice(Math.max(start, 0), Math.max(end, 0))
      .filter(({ isUncertain }) => !isUncertain).length;
  }

  /** Whether a payload with such a key has this number. */
  has(key: string, number: number): boolean {
    return this.#entries[number - this.#forgotten]?.key === key;
  }

  #add(payload: Payload): void {
    const entry = isBroadcast(payload.type)
      ? { key: keyOfPayload(payload), isUncertain: false }
      : undefined;
    this.#sentLast.push(entry);
    if (this.#sentLast.length > this.#pendingMax) this.#sentLast.shift();
    if (entry === undefined) return;
    this.#entries.push(entry);
    if (this.#entries.length < 2 * ENTRIES_MAX) return;
    this.#entries.splice(0, ENTRIES_MAX);
    this.#forgotten += ENTRIES_MAX;
  }
}

/**
 * What tells one packet from all others; `undefined` if the host made it by itself. The recording has
 * no alarms, so each of them is the host's own.
 */
export function keyOfPacket(packet: HevPacket): string | undefined {
  if (packet.dialect !== "nul" || packet.type === "ALARM" || !("values" in packet)) {
    return undefined;
  }
  return `${packet.type} ${JSON.stringify(packet.values)}`;
}

function keyOfPayload(payload: Payload): string {
  let key = "";
  new PacketReader().push(encodeNulPacket(payload, []), (packet) => {
    key = keyOfPacket(packet) ?? "";
  });
  return key;
}
