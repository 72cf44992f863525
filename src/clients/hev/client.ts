/**
 * A client of a HEV server: values, alarms and commands.
 *
 * @module
 */

import { dialReason } from "../../net/dial_reason.ts";
import { unreachableReason } from "../nobody_there.ts";
import { sleep } from "../../net/sleep.ts";
import { type HevPacket, type PacketAlarm, PacketReader } from "../../wire/hev/packet_reader.ts";
import { Inbox } from "../inbox.ts";
import { failureOf, HevError, type HevFailure } from "./error.ts";
import { askHev } from "./query.ts";
import { SilenceWatch } from "../../net/silence_watch.ts";
import { Patience } from "../../net/timer.ts";
import { checkOptions } from "../../core/option_ranges.ts";
import { type StatusListener, StatusReports } from "../../net/client_status.ts";
import { HEV_CHECKS } from "../option_ranges.ts";
import { hostAndPort } from "../../wire/url/place.ts";
import { inBackground } from "../../net/background.ts";

/** Options of {@linkcode HevClient}. */
export interface HevClientOptions {
  /** Host of the server; `127.0.0.1` if not given. */
  readonly hostname?: string;
  /** Broadcast port, 0 to 65535; 54320 if not given. 54322 sends the NUL dialect. */
  readonly port?: number;
  /** Query port, 0 to 65535; 54321 if not given. */
  readonly queryPort?: number;
  /**
   * How requests are written; if not given, like the packets that arrive, and `seed` before the
   * first.
   */
  readonly dialect?: "seed" | "nul";
  /** Timeout of a request, in milliseconds; 5000. */
  readonly timeoutMs?: number;
  /** The longest pause between two attempts to connect, in milliseconds; 5000. */
  readonly backoffMsMax?: number;
  /** Closes the client like {@linkcode HevClient.close}. */
  readonly signal?: AbortSignal;
  /**
   * After this much silence, in milliseconds, the connection counts as dead and is made again; 10
   * 000. 0 or `Infinity` disables this. The slowest servers send once a second.
   */
  readonly silenceMs?: number;
  /** Called with `up` when data arrives from the broadcast port, and with `down` when that ends. */
  readonly onStatus?: StatusListener<HevError>;
}

/**
 * The controller's values by name, as in the last packet (hev.md sections 3.2, 3.4, 5.4, 5.5).
 *
 * In the seed dialect these are numbers, in this order: `version`, `fsm_state`, `timestamp` (version 161
 * only, milliseconds since the controller started), `pressure_air_supply`, `pressure_air_regulated`,
 * `pressure_o2_supply`, `pressure_o2_regulated`, `pressure_buffer`, `pressure_inhale`, `pressure_patient`,
 * `temperature_buffer`, `pressure_diff_patient`, `readback_valve_air_in`, `readback_valve_o2_in`,
 * `readback_valve_inhale`, `readback_valve_exhale`, `readback_valve_purge`, `readback_mode`.
 *
 * In the NUL dialect they are the fields of the `DATA` payload: those from `fsm_state` (a name there) to
 * `pressure_diff_patient`, `timestamp`, then `ambient_pressure`, `ambient_temperature`,
 * `airway_pressure`, `flow`, `volume`, and more with version 182.
 *
 * Versions 160 and 161 send raw counts of the converter, 0 to 65535, without a unit. From version 170 on
 * `pressure_patient` and `airway_pressure` are in mbar, `flow` and `flow_calc` in mL/min, `volume` in mL;
 * whole numbers stay raw counts. Nothing is promised about a name: check what you read.
 */
export type HevValues = Readonly<Record<string, unknown>>;

/**
 * An alarm (hev.md section 7): its name, such as `APNEA`, in the seed dialect; the whole entry, with
 * `alarm_type` (`PRIORITY_LOW`, `PRIORITY_MEDIUM`, `PRIORITY_HIGH`) and `alarm_code`, in the NUL dialect.
 */
export type HevAlarm = string | PacketAlarm;

/**
 * Packets of a {@linkcode HevClient} in order, for one reader. Up to 1 024 wait; then the oldest is
 * dropped. Leaving the loop ends the stream.
 */
export interface HevPackets extends AsyncIterableIterator<HevPacket> {
  /** Number of packets that were lost because the reader was slow. */
  readonly dropped: number;
}

/** The most packets that wait for a reader; then the oldest is dropped. */
export const PACKETS_WAITING_MAX = 1_024;

/** Default ports of a HEV server. */
export const HEV_PORTS: {
  readonly web: 54320;
  readonly query: 54321;
  readonly native: 54322;
} = { web: 54320, query: 54321, native: 54322 };

const TIMEOUT_MS_DEFAULT = 5_000;
const BACKOFF_MS_MIN = 250;
/** Longest pause between two attempts to connect, in milliseconds, unless told otherwise. */
const BACKOFF_MS_MAX_DEFAULT = 5_000;
/** A silence that means that the server has lost its power or its cable. */
const SILENCE_MS_DEFAULT = 10_000;
const READ_BYTES = 16_384;

/**
 * Listens to a HEV server from the moment it is made until it is closed, and reconnects after every
 * interruption. It understands both dialects and recognizes them by what arrives.
 *
 * @example
 * ```ts
 * import { HevClient } from "@pulsebox/pulsebox";
 *
 * await using client = new HevClient({ hostname: "127.0.0.1" });
 * console.log(client.values(), client.alarms(), client.isConnected);
 * ```
 */
export class HevClient implements AsyncDisposable {
  readonly #options: HevClientOptions;
  readonly #ending = new AbortController();
  readonly #readers = new Set<Inbox<HevPacket>>();
  readonly #running: Promise<void>;
  readonly #status: StatusReports<HevError>;
  #values: HevValues | undefined;
  #valuesAt: number | undefined;
  #alarms: readonly HevAlarm[] = [];
  #dialect: "seed" | "nul" | undefined;
  #isConnected = false;
  #skippedBytes = 0;

  /**
   * Starts to connect at once, and waits for a server that is not there yet.
   *
   * @throws {TypeError} if an option is unknown.
   * @throws {RangeError} if a number is out of range.
   */
  constructor(options: HevClientOptions = {}) {
    checkOptions("HEV client", options, HEV_CHECKS);
    this.#options = options;
    this.#status = new StatusReports(options.onStatus);
    const { signal } = options;
    const end = () => this.#ending.abort();
    if (signal?.aborted) end();
    signal?.addEventListener("abort", end, { once: true });
    this.#running = inBackground(
      this.#run().finally(() => {
        signal?.removeEventListener("abort", end);
        for (const reader of this.#readers) reader.close();
      }),
    );
  }

  /** True from the first bytes on the broadcast port until the connection has ended. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Number of received bytes outside of packets, or in packets of more than 65 536 bytes. */
  get skippedBytes(): number {
    return this.#skippedBytes;
  }

  /** The latest values by name; `undefined` before the first packet. */
  values(): HevValues | undefined {
    return this.#values;
  }

  /**
   * Age of the values in milliseconds, by the monotonic clock; `undefined` before the first packet.
   */
  valuesAgeMs(): number | undefined {
    return this.#valuesAt === undefined ? undefined : performance.now() - this.#valuesAt;
  }

  /** The alarms listed in the last packet; empty before the first. */
  alarms(): readonly HevAlarm[] {
    return this.#alarms;
  }

  /** All packets from now on, including keep-alives; ends when the client is closed. */
  packets(): HevPackets {
    const reader: Inbox<HevPacket> = new Inbox(
      { waitingMax: PACKETS_WAITING_MAX },
      () => this.#readers.delete(reader),
    );
    this.#readers.add(reader);
    if (this.#ending.signal.aborted) reader.close();
    return reader;
  }

  /**
   * Sends a command to the controller (hev.md sections 4.1 and 4.3).
   *
   * Which words are legal depends on the controller's version (`values()?.version`); `docs/hev-names.md`
   * lists all. Every version knows `GENERAL` with `START` and `STOP`; from 161 on there are `SET_MODE`,
   * `SET_THRESHOLD_MIN`, `SET_THRESHOLD_MAX` and `SET_TIMEOUT` (`SET_DURATION` is its other name), from
   * 170 on `SET_VALVE` and `SET_PID`.
   *
   * @param cmdtype The type, in capitals, such as `SET_MODE`.
   * @param cmd A command of that type, in capitals, such as `HEV_MODE_CPAP`.
   * @param param A number: whole, 0 to 4 294 967 295, up to version 161; any finite number from 170
   * on.
   * `null`, the default, counts as 0.
   * @return `true` once the server has queued it; `false` if it refused the words or the number.
   * @throws {HevError} if there was no reply: `refused`, `unreachable`, `timeout`, `dropped`, `protocol`, or
   * `closed` once the client is closed.
   */
  sendCmd(cmdtype: string, cmd: string, param: number | null = null): Promise<boolean> {
    const type = this.#queryDialect() === "nul" ? "CMD" : "cmd";
    return this.#ask({ type, cmdtype, cmd, param }, this.#queryDialect());
  }

  /**
   * Acknowledges an alarm on the server (hev.md section 4.1): by name in all its priorities, or one
   * entry.
   *
   * @return `true` if the server removed the alarm from its list; `false` if it was not listed.
   * @throws {HevError} if there was no reply, as {@linkcode HevClient.sendCmd} says.
   */
  ackAlarm(alarm: HevAlarm): Promise<boolean> {
    if (typeof alarm === "string") return this.#ask({ type: "alarm", ack: alarm }, "seed");
    const { alarm_type, alarm_code } = alarm;
    return this.#ask({ type: "ALARM", alarm_type, alarm_code, param: null }, "nul");
  }

  /** Ends the connection and all readers. Idempotent. */
  close(): Promise<void> {
    this.#ending.abort();
    return this.#running;
  }

  /** Ends the client; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #queryDialect(): "seed" | "nul" {
    return this.#options.dialect ?? this.#dialect ?? "seed";
  }

  async #ask(request: unknown, dialect: "seed" | "nul"): Promise<boolean> {
    const { hostname = "127.0.0.1", queryPort = HEV_PORTS.query, timeoutMs } = this.#options;
    const { isTaken } = await askHev(request, {
      hostname,
      port: queryPort,
      dialect,
      timeoutMs: timeoutMs ?? TIMEOUT_MS_DEFAULT,
      signal: this.#ending.signal,
    });
    return isTaken;
  }

  async #run(): Promise<void> {
    const { backoffMsMax = BACKOFF_MS_MAX_DEFAULT } = this.#options;
    const { signal } = this.#ending;
    for (let failures = 0; !signal.aborted;) {
      const outcome = await this.#connectAndRead(signal);
      if (signal.aborted) return;
      failures = outcome.heard ? 0 : failures + 1;
      this.#status.down(outcome.error);
      // Randomized, so that the clients of a restarted server do not all come back at once.
      const pauseMs = Math.min(BACKOFF_MS_MIN * 2 ** failures, backoffMsMax);
      await sleep(pauseMs * (0.5 + Math.random() / 2), signal);
    }
  }

  /** Serves one connection until it ends; never rejects. */
  async #connectAndRead(signal: AbortSignal): Promise<{ heard: boolean; error: HevError }> {
    const { hostname = "127.0.0.1", port = HEV_PORTS.web } = this.#options;
    const { silenceMs: givenMs = SILENCE_MS_DEFAULT } = this.#options;
    const silenceMs = givenMs === 0 ? Infinity : givenMs;
    const place = hostAndPort({ hostname, port });
    const fail = (kind: HevFailure, detail: string, cause?: unknown) =>
      new HevError(kind, `Not connected to ${place}: ${detail}`, { cause });
    using patience = new Patience(silenceMs, signal);
    let conn: Deno.TcpConn;
    try {
      conn = await Deno.connect({ hostname, port, signal: patience.signal });
    } catch (error) {
      const failure = patience.isOver
        ? fail("timeout", `no connection within ${silenceMs} ms`, error)
        : fail(failureOf(error), unreachableReason(error, hostname, "--hev-host"), error);
      return { heard: false, error: failure };
    }
    const end = () => conn.close();
    signal.addEventListener("abort", end, { once: true });
    let isSilent = false;
    using silence = new SilenceWatch(silenceMs, () => {
      isSilent = true;
      conn.close();
    });
    let failure = fail("dropped", "the server ended the connection");
    let heard = false;
    try {
      const reader = new PacketReader();
      const buffer = new Uint8Array(READ_BYTES);
      for (;;) {
        const count = await conn.read(buffer);
        if (count === null) break;
        silence.heard();
        if (!heard) {
          // Not on connecting: the kernel accepts connections even while the server program is
          // frozen.
          heard = true;
          this.#isConnected = true;
          this.#status.up(place);
        }
        const before = reader.skipped;
        reader.push(buffer.subarray(0, count), this.#onPacket);
        this.#skippedBytes += reader.skipped - before;
      }
    } catch (error) {
      failure = fail("dropped", dialReason(error), error);
    } finally {
      this.#isConnected = false;
      signal.removeEventListener("abort", end);
      if (!signal.aborted && !isSilent) conn.close();
    }
    if (isSilent) {
      failure = fail("timeout", `nothing arrived for ${silenceMs} ms, the values are old`);
    }
    return { heard, error: failure };
  }

  readonly #onPacket = (packet: HevPacket): void => {
    this.#dialect = packet.dialect;
    if ("values" in packet) {
      if (packet.dialect === "seed" || packet.type === "DATA") {
        this.#values = packet.values;
        this.#valuesAt = performance.now();
      }
      this.#alarms = packet.alarms;
    }
    for (const reader of this.#readers) reader.push(packet);
  };
}
