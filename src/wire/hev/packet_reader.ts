/**
 * Reads packets of either dialect from pieces of a stream.
 *
 * @module
 */

/** An alarm as newer servers describe it (hev.md section 3.4). */
export interface PacketAlarm {
  /** The priority, such as `PRIORITY_HIGH`. */
  readonly alarm_type: string;
  /** The name, such as `APNEA`. */
  readonly alarm_code: string;
  /** What else the server tells of it, such as `timestamp` and `param`. */
  readonly [field: string]: unknown;
}

/** One packet. `text` is the JSON document as received, without the NUL. */
export type HevPacket =
  | {
    /** Bare JSON, from servers until April 2020. */
    readonly dialect: "seed";
    /** The document as received. */
    readonly text: string;
    /** The values by name. */
    readonly values: Readonly<Record<string, unknown>>;
    /** The names of the listed alarms. */
    readonly alarms: readonly string[];
  }
  | {
    /** A NUL follows each document, since May 2020. */
    readonly dialect: "nul";
    /** The document as received, without the NUL. */
    readonly text: string;
    /** What the packet is about, such as `DATA` or `ALARM`. */
    readonly type: string;
    /** The fields of that payload by name. */
    readonly values: Readonly<Record<string, unknown>>;
    /** The listed alarms. */
    readonly alarms: readonly PacketAlarm[];
  }
  | { readonly dialect: "nul"; readonly text: string; readonly type: "keepalive" };

/** The longest packet in bytes; a longer one is skipped. */
export const PACKET_BYTES_MAX = 65_536;

const NUL = 0x00;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * A reader that may be fed any pieces of the stream. A packet is a JSON object; where one ends is told
 * by its braces, so packets may follow each other with a NUL between them or with nothing. Bytes that
 * belong to no packet are skipped and counted.
 */
export class PacketReader {
  readonly #bytes = new Uint8Array(PACKET_BYTES_MAX);
  readonly #decoder = new TextDecoder();
  #length = 0;
  #depth = 0;
  #place: "structure" | "string" | "escape" = "structure";
  #skipped = 0;

  /** Number of bytes that belonged to no packet, documents that were no packets included. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Takes the next bytes and calls back with each packet that they complete, in order. */
  push(bytes: Uint8Array, onPacket: (packet: HevPacket) => void): void {
    for (const byte of bytes) {
      if (this.#depth === 0) {
        if (byte === OPEN) this.#begin();
        else if (byte !== NUL) this.#skipped++;
        continue;
      }
      if (byte === NUL || this.#length === PACKET_BYTES_MAX) {
        // No document contains a NUL: what came before it is broken, what follows is whole.
        this.#skipped += this.#length;
        this.#depth = 0;
        continue;
      }
      this.#bytes[this.#length++] = byte;
      if (!this.#step(byte)) continue;
      const packet = parsePacket(this.#decoder.decode(this.#bytes.subarray(0, this.#length)));
      if (packet === undefined) this.#skipped += this.#length;
      else onPacket(packet);
    }
  }

  #begin(): void {
    this.#bytes[0] = OPEN;
    this.#length = 1;
    this.#depth = 1;
    this.#place = "structure";
  }

  /** Follows the structure; true at the brace that closes the document. */
  #step(byte: number): boolean {
    switch (this.#place) {
      case "string":
        if (byte === QUOTE) this.#place = "structure";
        else if (byte === BACKSLASH) this.#place = "escape";
        return false;
      case "escape":
        this.#place = "string";
        return false;
      case "structure":
        if (byte === QUOTE) this.#place = "string";
        else if (byte === OPEN) this.#depth++;
        else if (byte === CLOSE) return --this.#depth === 0;
        return false;
    }
  }
}

/** Reads one document; `undefined` if it is no packet. */
export function parsePacket(text: string): HevPacket | undefined {
  const fields = fieldsOf(parseJson(text));
  if (fields === undefined) return undefined;
  // Servers of the first days wrote null for no alarms.
  const alarms = fields.get("alarms") ?? [];
  const sensors = fieldsOf(fields.get("sensors"));
  if (sensors !== undefined) {
    if (!Array.isArray(alarms) || !alarms.every((alarm) => typeof alarm === "string")) return;
    return { dialect: "seed", text, values: Object.fromEntries(sensors), alarms };
  }
  const type = fields.get("type");
  if (typeof type !== "string") return undefined;
  if (type === "keepalive") return { dialect: "nul", text, type };
  const values = fieldsOf(fields.get(type));
  if (values === undefined || !Array.isArray(alarms) || !alarms.every(isAlarm)) return undefined;
  return { dialect: "nul", text, type, values: Object.fromEntries(values), alarms };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

function isAlarm(value: unknown): value is PacketAlarm {
  const fields = fieldsOf(value);
  return typeof fields?.get("alarm_type") === "string" &&
    typeof fields.get("alarm_code") === "string";
}
