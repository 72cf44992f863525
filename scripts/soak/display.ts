/**
 * A display of the ventilator's values, and whether it gets each packet that it must.
 *
 * @module
 */

import { HevClient } from "../../src/clients/hev/client.ts";
import type { Places } from "./crowd.ts";
import { keyOfPacket, type PayloadJournal } from "./payload_journal.ts";

/** Between two packets of the web port, in milliseconds: 50, and what a slow machine adds. */
export const WEB_GAP_MS_MAX = 85;
/** Gaps of which the median is taken. */
const GAPS_MAX = 200;
/** A median of fewer would tell of the start. */
const GAPS_MIN = 20;
/** After this long, in milliseconds, no gap but an unplugged controller is the reason. */
const UNPLUGGED_MS_MIN = 500;

/** Where a display listens: the web port sends snapshots, the native port every payload. */
export type DisplayPort = "web" | "native";

/** How many packets did not come as they must. */
interface Faults {
  missing: number;
  /** Came again, or after a later one. */
  repeated: number;
  /** Nobody has sent them. */
  invented: number;
  /** The first fault, in a sentence. */
  first: string;
}

/** Reads packets until it is closed. */
export class Display implements AsyncDisposable {
  readonly port: DisplayPort;
  readonly faults: Faults = { missing: 0, repeated: 0, invented: 0, first: "" };
  readonly #client: HevClient;
  readonly #journal: PayloadJournal;
  readonly #running: Promise<void>;
  #packets = 0;
  #followed = 0;
  /** The number of the last payload; a new connection is `greeted` first with an old one. */
  #at: number | "connecting" | "greeted" = "connecting";
  /** Payloads with lower numbers were sent before it connected. */
  #since = 0;
  readonly #gapsMs: number[] = [];
  #heardAt: number | undefined;

  constructor(port: DisplayPort, places: Places, journal: PayloadJournal, signal: AbortSignal) {
    this.port = port;
    this.#journal = journal;
    this.#client = new HevClient({
      port: port === "web" ? places.hevWeb : places.hevNative,
      queryPort: places.hevQuery,
      signal,
      onStatus: ({ type }) => {
        if (type === "failed") return;
        this.#at = "connecting";
        this.#heardAt = undefined;
        if (type === "up") this.#since = journal.end;
      },
    });
    this.#running = this.#read();
  }

  get isConnected(): boolean {
    return this.#client.isConnected;
  }

  /** Packets so far. */
  get packets(): number {
    return this.#packets;
  }

  /** Packets that were held to what the controller has sent. */
  get followed(): number {
    return this.#followed;
  }

  /** Payloads that were sent since it connected and that it has not got yet. */
  get behind(): number {
    if (this.port !== "native" || !this.isConnected) return 0;
    const last = typeof this.#at === "number" ? this.#at + 1 : 0;
    return this.#journal.end - Math.max(this.#since, last);
  }

  /** The usual time between two packets lately, in milliseconds; `undefined` if it is not known. */
  get gapMs(): number | undefined {
    if (this.#gapsMs.length < GAPS_MIN) return undefined;
    return this.#gapsMs.toSorted((one, other) => one - other)[this.#gapsMs.length >> 1];
  }

  /** Tells the controller to start; whether that is taken. */
  start(): Promise<boolean> {
    return this.#client.sendCmd("GENERAL", "START");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
    await this.#running;
  }

  async #read(): Promise<void> {
    for await (const packet of this.#client.packets()) {
      this.#packets++;
      if (this.port === "web") this.#time();
      const key = keyOfPacket(packet);
      if (key !== undefined) this.#follow(key);
    }
  }

  #time(): void {
    const now = performance.now();
    const gapMs = now - (this.#heardAt ?? -Infinity);
    this.#heardAt = now;
    if (gapMs > UNPLUGGED_MS_MIN) return;
    this.#gapsMs.push(gapMs);
    if (this.#gapsMs.length > GAPS_MAX) this.#gapsMs.shift();
  }

  #follow(key: string): void {
    if (this.#at === "connecting") {
      this.#at = "greeted";
      return;
    }
    this.#followed++;
    const number = typeof this.#at === "number" && this.#journal.has(key, this.#at + 1)
      ? this.#at + 1
      : this.#journal.find(key);
    if (number === undefined) return this.#count("invented", 1, key);
    if (this.#at !== "greeted") {
      if (number <= this.#at) return this.#count("repeated", 1, key);
      const missing = this.#journal.between(this.#at, number);
      if (missing > 0) this.#count("missing", missing, `before ${key}`);
    }
    this.#at = number;
  }

  #count(what: "missing" | "repeated" | "invented", packets: number, detail: string): void {
    this.faults[what] += packets;
    this.faults.first ||= `${packets} ${what}: ${detail.slice(0, 80)}`;
  }
}
