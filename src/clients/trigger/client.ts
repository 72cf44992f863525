/**
 * A client of the wake-up service: what a phone does.
 *
 * @module
 */

import { SECOND_MS } from "../../core/clock.ts";
import { messageOf } from "../../core/message_of.ts";
import { Sleep } from "../../net/sleep.ts";
import { SilenceWatch } from "../../net/silence_watch.ts";
import { ListenError } from "../../net/listen_error.ts";
import { addressesOf } from "../../net/tcp/listening.ts";
import { errnoNameOf } from "../../net/libc/errno.ts";
import { systemClock } from "../../net/system_clock.ts";
import type { UdpSocket } from "../../net/udp/socket.ts";
import { isPing, TIX_PORT } from "../../wire/tix/datagram.ts";
import { checkOptions } from "../../core/option_ranges.ts";
import { type StatusListener, StatusReports } from "../../net/client_status.ts";
import { Inbox } from "../inbox.ts";
import { TRIGGER_CHECKS } from "../option_ranges.ts";
import { TriggerError } from "./error.ts";
import { bindTriggerSocket } from "./socket.ts";
import { inBackground } from "../../net/background.ts";

/** Options of {@linkcode TriggerClient}. */
export interface TriggerClientOptions {
  /** Name or address of the service. A name is looked up again for each registration. */
  readonly hostname: string;
  /** UDP port of the service, 0 to 65535; 7561. */
  readonly port?: number;
  /** How long the service keeps a registration, in milliseconds, 300 or more; 120 000. */
  readonly leaseMs?: number;
  /** After this much silence, in milliseconds, 1500 or more, the client registers again; 5000. */
  readonly silenceMs?: number;
  /** The local address for pings; any free port on any address of this machine by default. */
  readonly local?: { readonly hostname?: string; readonly port?: number };
  /** Closes the client like {@linkcode TriggerClient.close}. */
  readonly signal?: AbortSignal;
  /**
   * Called with `up` when pings arrive, with `down` when none has arrived for `silenceMs`, and with
   * `failed` for each registration that could not be sent.
   */
  readonly onStatus?: StatusListener<TriggerError>;
}

/** One wake-up. */
export interface TriggerPing {
  /** When it was read, in milliseconds of monotonic time. */
  readonly at: number;
  /** Milliseconds since the previous ping; `undefined` for the first. */
  readonly intervalMs: number | undefined;
}

/** Default of {@linkcode TriggerClientOptions.leaseMs}. */
export const TRIGGER_LEASE_MS_DEFAULT: number = 120 * SECOND_MS;
/** Default of {@linkcode TriggerClientOptions.silenceMs}. */
export const TRIGGER_SILENCE_MS_DEFAULT: number = 5 * SECOND_MS;
/** The most pings that wait for a slow reader; the oldest is dropped and counted. */
export const PINGS_WAITING_MAX = 64;

/** A lease is refreshed three times, so that two lost datagrams do no harm. */
const REGISTRATIONS_PER_LEASE = 3;
/** Registrations without a ping before a new socket is tried: it may find a new route. */
const REGISTRATIONS_PER_SOCKET = 3;

/**
 * Registers with a wake-up service, stays registered, and delivers its pings: one each second
 * (tix.md section 1).
 *
 * It survives address changes on either side: the service's name is looked up for each
 * registration; silence makes it register again at once, and from a new socket when that does not
 * help.
 *
 * @example
 * ```ts
 * import { TriggerClient } from "@pulsebox/pulsebox";
 *
 * const signal = AbortSignal.timeout(1_500);
 * await using client = new TriggerClient({ hostname: "127.0.0.1", signal });
 * for await (const ping of client) console.log("woken after", ping.intervalMs);
 * ```
 */
export class TriggerClient implements AsyncIterable<TriggerPing>, AsyncDisposable {
  readonly #options: TriggerClientOptions;
  readonly #leaseMs: number;
  readonly #silenceMs: number;
  readonly #sleep = new Sleep();
  readonly #inbox = new Inbox<TriggerPing>({ waitingMax: PINGS_WAITING_MAX });
  readonly #running: Promise<void>;
  readonly #status: StatusReports<TriggerError>;
  readonly #silence: SilenceWatch;
  #socket: UdpSocket;
  #reading: Promise<void>;
  #heardAt: number | undefined;
  #pings = 0;
  #registrations = 0;
  #registrationsUnheard = 0;
  #isClosed = false;
  /**
   * The service's address that was last written to, and its index among all addresses of the name.
   */
  #address = "";
  #addressNumber = 0;

  /**
   * Registers, and keeps doing so.
   *
   * @throws {ListenError} if the local address cannot be used.
   * @throws {TypeError} if an option is unknown.
   * @throws {RangeError} if a time is out of range.
   */
  constructor(options: TriggerClientOptions) {
    const { leaseMs = TRIGGER_LEASE_MS_DEFAULT, silenceMs = TRIGGER_SILENCE_MS_DEFAULT } = options;
    checkOptions("trigger client", options, TRIGGER_CHECKS);
    this.#options = options;
    this.#leaseMs = leaseMs;
    this.#silenceMs = silenceMs;
    this.#status = new StatusReports(options.onStatus);
    this.#socket = bindTriggerSocket(this.#options.local);
    this.#reading = inBackground(this.#read());
    // Separate from registering, which may wait long for the address of a name.
    this.#silence = new SilenceWatch(
      silenceMs,
      () => this.#status.down(new TriggerError("timeout", `No ping arrived for ${silenceMs} ms`)),
    );
    if (options.signal?.aborted) this.#end();
    else options.signal?.addEventListener("abort", this.#end);
    this.#running = inBackground(this.#run());
  }

  /** Port on which pings arrive. */
  get localPort(): number {
    return this.#socket.address.port;
  }

  /** Whether pings arrive: the last one is younger than `silenceMs`. */
  get isConnected(): boolean {
    return this.#status.isUp;
  }

  /** Number of pings received. */
  get pings(): number {
    return this.#pings;
  }

  /** Number of registrations sent. */
  get registrations(): number {
    return this.#registrations;
  }

  /** Number of dropped pings: up to 64 wait for the reader, then the oldest is dropped. */
  get dropped(): number {
    return this.#inbox.dropped;
  }

  /** The pings from now on, for one reader; ends when the client is closed. */
  [Symbol.asyncIterator](): AsyncIterableIterator<TriggerPing> {
    return this.#inbox;
  }

  /**
   * Closes the client. The service is not told, because the protocol has no message for it.
   * Idempotent.
   */
  async close(): Promise<void> {
    this.#end();
    await this.#running;
    await this.#reading;
  }

  /** Closes the client. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #end = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.signal?.removeEventListener("abort", this.#end);
    this.#sleep.close();
    this.#silence[Symbol.dispose]();
    this.#socket.close();
    this.#inbox.close();
  };

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      await this.#register();
      const registeredAt = systemClock.now();
      const refreshAt = registeredAt + this.#leaseMs / REGISTRATIONS_PER_LEASE;
      for (let now = registeredAt; now < refreshAt && !this.#isClosed; now = systemClock.now()) {
        const silentAt = Math.max(this.#heardAt ?? 0, registeredAt) + this.#silenceMs;
        if (now >= silentAt) break;
        await this.#sleep.sleep(Math.min(refreshAt, silentAt) - now);
      }
    }
  }

  async #register(): Promise<void> {
    if (++this.#registrationsUnheard > REGISTRATIONS_PER_SOCKET) await this.#changeSocket();
    this.#registrations++;
    const { hostname, port = TIX_PORT } = this.#options;
    const fail = (reason: string, cause?: unknown) => {
      const message = `Cannot register with "${hostname}" port ${port}: ${reason}`;
      this.#status.failed(new TriggerError("unreachable", message, { cause }));
    };
    const addresses = await this.#lookUp(fail);
    // If no ping arrives, try the next address of the name; if sending fails, try it at once.
    if (this.#registrationsUnheard > 1) this.#addressNumber++;
    let error: unknown;
    for (let tries = 0; tries < addresses.length && !this.#isClosed; tries++) {
      this.#address = addresses[this.#addressNumber % addresses.length] ?? hostname;
      error = await this.#socket.send(this.#address, port);
      if (error === undefined || this.#isClosed) return;
      this.#addressNumber++;
    }
    if (error !== undefined) fail(errnoNameOf(error), error);
  }

  /** All addresses of the service, IPv4 first: the service listens on IPv4 by default. */
  async #lookUp(fail: (reason: string, cause: unknown) => void): Promise<string[]> {
    const { hostname, port = TIX_PORT } = this.#options;
    try {
      const addresses = (await addressesOf(hostname, port)).map((address) => address.hostname);
      return addresses.toSorted((a, b) => Number(a.includes(":")) - Number(b.includes(":")));
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      fail("there is no such name", error);
      return [];
    }
  }

  async #changeSocket(): Promise<void> {
    this.#registrationsUnheard = 1;
    this.#socket.close();
    await this.#reading;
    if (this.#isClosed) return;
    try {
      this.#socket = bindTriggerSocket(this.#options.local);
    } catch (error) {
      // The closed socket stays; the next registration tries again.
      this.#registrationsUnheard = REGISTRATIONS_PER_SOCKET;
      this.#status.failed(new TriggerError("local", messageOf(error), { cause: error }));
      return;
    }
    this.#reading = inBackground(this.#read());
  }

  #read(): Promise<void> {
    return this.#socket.listen({
      onDatagram: (datagram) => {
        if (isPing(datagram)) this.#take();
      },
      onReceiveError: () => {},
    });
  }

  #take(): void {
    const at = systemClock.now();
    const intervalMs = this.#heardAt === undefined ? undefined : at - this.#heardAt;
    this.#heardAt = at;
    this.#pings++;
    this.#silence.heard();
    this.#status.up(this.#address);
    this.#registrationsUnheard = 0;
    this.#inbox.push({ at, intervalMs });
  }
}
