/**
 * A client of a ventilator's broadcast port: what it got, and what it must get.
 *
 * @module
 */

import { sendAll } from "./http_peer.ts";
import type { VirtualConn } from "./virtual_conn.ts";
import type { VirtualNetwork } from "./virtual_network.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** How the packets of a port are written. */
export type Dialect = "seed" | "nul";

/** What a packet says. */
export interface Packet {
  /** The latest value, or the alarm that the packet is about. */
  readonly about: string;
  /** The listed alarms, as `PRIORITY NAME`, in order. */
  readonly alarms: readonly string[];
  /** It may not be left out. */
  readonly mustArrive: boolean;
}

/**
 * Told of a packet that nobody foresaw: what it is about and which alarms it names. Whether a packet is
 * owed since.
 */
export type Unforeseen = (about: string, alarms: readonly string[]) => boolean;

/** What the oldest clients read at once, in bytes. */
const READ_BYTES = 500;
/** No two packets of the seed dialect are closer than this, in milliseconds. */
const GAP_MS = 50;

/** A packet that was sent, and when, in milliseconds. */
interface Owed extends Packet {
  readonly at: number;
}

/** One client. */
export class BroadcastReader {
  readonly dialect: Dialect;
  /** It has always read what came at once. */
  isQuick = true;
  /** It does not read now. */
  isDeaf = false;
  isConnected = true;
  /** The host has ended the connection. */
  isEndedByHost = false;
  /** When it sent more than a client may, in milliseconds; `Infinity` if it has not. */
  floodedAt = Infinity;
  /** Packets that it got. */
  received = 0;
  /** Packets that were left out because it was slow. */
  skipped = 0;
  complaint: string | undefined;
  readonly #time: VirtualTime;
  readonly #conn: VirtualConn;
  readonly #isDue: Unforeseen;
  /** Packets that were sent and that it has not got. */
  #owed: Owed[];
  #lastAt = -Infinity;
  /** What a client of the older dialect was shown last, and how often it may be shown that again. */
  #shown = "";
  #repeats = 0;
  #text = "";
  #hear: (() => void) | undefined;

  constructor(
    network: VirtualNetwork,
    time: VirtualTime,
    { port, dialect, windowBytes }: {
      readonly port: number;
      readonly dialect: Dialect;
      readonly windowBytes: number;
    },
    { welcome, isDue }: {
      readonly welcome: Packet | undefined;
      readonly isDue: Unforeseen;
    },
  ) {
    this.dialect = dialect;
    this.#time = time;
    this.#isDue = isDue;
    this.#owed = welcome === undefined ? [] : [{ ...welcome, at: time.now }];
    this.#conn = network.connect({ hostname: "127.0.0.1", port }, "127.0.0.1", windowBytes);
    this.#read();
  }

  /** Packets that are still to come. */
  get owed(): readonly Packet[] {
    return this.#owed;
  }

  /** The host has ended the connection; one that does not read has not heard so. */
  get isCutOff(): boolean {
    return this.#conn.isEndedByPeer;
  }

  /** The host sends a packet now. */
  owe(packet: Packet): void {
    if (this.isConnected) this.#owed.push({ ...packet, at: this.#time.now });
  }

  /** It stops reading, or goes on. */
  beDeaf(isDeaf: boolean): void {
    this.isDeaf = isDeaf;
    if (isDeaf) this.isQuick = false;
    else this.#hear?.();
  }

  /** Sends far more than a client may. */
  async flood(): Promise<void> {
    this.floodedAt = this.#time.now;
    try {
      await sendAll(this.#conn, new Uint8Array(200_000));
    } catch {
      // It was disconnected, as it must be.
    }
  }

  /** Sends a line, as old clients do now and then. */
  async murmur(): Promise<void> {
    await sendAll(this.#conn, new TextEncoder().encode("hello\n")).catch(() => {});
  }

  close(): void {
    this.isConnected = false;
    if (!this.#conn.isClosed) this.#conn.close();
  }

  reset(): void {
    this.isConnected = false;
    this.#conn.reset();
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(this.dialect === "seed" ? READ_BYTES : 16_384);
    try {
      for (;;) {
        while (this.isDeaf) await new Promise<void>((resolve) => this.#hear = resolve);
        const count = await this.#conn.read(buffer);
        if (count === null) break;
        this.#take(new TextDecoder().decode(buffer.subarray(0, count)));
      }
    } catch {
      // The host was stopped or killed, or has disconnected it.
    }
    this.isEndedByHost = this.isConnected;
    this.isConnected = false;
  }

  #take(text: string): void {
    try {
      if (this.dialect === "seed") return this.#takeSeed(text);
      this.#text += text;
      for (let end = this.#text.indexOf("\0"); end >= 0; end = this.#text.indexOf("\0")) {
        this.#takeNul(JSON.parse(this.#text.slice(0, end)));
        this.#text = this.#text.slice(end + 1);
      }
    } catch (error) {
      this.complaint ??= `A client cannot read "${text.slice(0, 200)}": ${error}`;
    }
  }

  /** Each read is one document, of which nothing but the newest state counts. */
  #takeSeed(text: string): void {
    // A client that was slow gets pieces, as with any stream.
    if (!this.isQuick) {
      this.received++;
      return;
    }
    const { sensors, alarms } = JSON.parse(text);
    this.received++;
    const { now } = this.#time;
    if (now - this.#lastAt < GAP_MS) {
      this.complaint ??= `Two packets came within ${now - this.#lastAt} ms`;
    }
    this.#lastAt = now;
    const about = `DATA ${sensors.pressure_buffer}`;
    // It shows how things are when it is sent, and so all that has happened before this moment.
    const find = () =>
      this.#owed.findLastIndex((packet, index) => {
        const isNewest = this.#owed[index + 1] === undefined || this.#owed[index + 1]?.at === now;
        return isNewest && isSameValue(packet.about, about) &&
          isShown(sensors, packet.alarms, alarms);
      });
    let at = find();
    while (at < 0 && this.#isDue(about, alarms)) at = find();
    const shown = `${about} [${alarms}]`;
    // Two things that happened at once are two packets, and the first shows both.
    if (at < 0 && this.#owed.length === 0 && shown === this.#shown && this.#repeats > 0) {
      this.#repeats--;
      return;
    }
    if (at < 0) {
      this.complaint ??= `A client got ${shown}, must be one of ${
        this.#owed.map(describe).join(", ")
      }`;
      return;
    }
    this.#shown = shown;
    this.#repeats = at;
    this.#owed.splice(0, at + 1);
  }

  #takeNul({ type, alarms, ...rest }: {
    readonly type: string;
    readonly alarms: readonly { alarm_type: string; alarm_code: string }[];
    readonly DATA?: { readonly pressure_buffer: number };
    readonly ALARM?: { readonly alarm_type: string; readonly alarm_code: string };
  }): void {
    this.received++;
    if (type === "keepalive") return;
    const about = type === "DATA"
      ? `DATA ${rest.DATA?.pressure_buffer}`
      : type === "ALARM"
      ? `${rest.ALARM?.alarm_type} ${rest.ALARM?.alarm_code}`
      : type;
    const names = alarms.map(({ alarm_type, alarm_code }) => `${alarm_type} ${alarm_code}`);
    const got = describe({ about, alarms: names, mustArrive: false });
    const find = () => this.#owed.findIndex((packet) => describe(packet) === got);
    let at = find();
    while (at < 0 && this.#isDue(about, names)) at = find();
    const left = this.#owed.slice(0, Math.max(at, 0));
    const wrong = at < 0 || (at > 0 && this.isQuick) || left.some(({ mustArrive }) => mustArrive);
    if (wrong) {
      this.complaint ??= `A client got ${got}, must be ${
        this.#owed.slice(0, 4).map(describe).join(", then ")
      }`;
    }
    this.skipped += left.length;
    this.#owed = this.#owed.slice(at + 1);
  }
}

function describe({ about, alarms }: Packet): string {
  return `${about} [${alarms.join(", ")}]`;
}

/** Whether two are the same value, of which fractions may be shortened to four digits. */
function isSameValue(must: string, got: string): boolean {
  const value = Number(must.slice("DATA ".length));
  if (Number.isInteger(value) || Number.isNaN(value)) return must === got;
  return Math.abs(Number(got.slice("DATA ".length)) - value) <= 6e-4 * Math.abs(value);
}

/** Whether the names in a packet are the listed ones, each once, as far as they fit. */
function isShown(sensors: unknown, alarms: readonly string[], names: readonly string[]): boolean {
  const all = [...new Set(alarms.map((alarm) => alarm.split(" ")[1] ?? ""))];
  if (names.join() === all.join()) return true;
  const fits = JSON.stringify({ sensors, alarms: all }).length <= READ_BYTES;
  return !fits && names.join() === all.filter((name) => names.includes(name)).join();
}
