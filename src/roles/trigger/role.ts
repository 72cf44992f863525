/**
 * The trigger role: registrations in, one ping a second out, on UDP.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import { MINUTE_MS, SECOND_MS } from "../../core/clock.ts";
import type { Events } from "../../core/events.ts";
import { messageOf } from "../../core/message_of.ts";
import { hostAndPort, type Peer } from "../../net/address.ts";
import { settlesWithin, Sleep } from "../../net/sleep.ts";
import type { ListenAddress } from "../../net/tcp/listening.ts";
import type { OwnAddresses } from "../../net/udp/source_address.ts";
import { systemClock } from "../../net/system_clock.ts";
import type { DatagramListener, UdpSocket } from "../../net/udp/socket.ts";
import { TIX_PORT } from "../../wire/tix/datagram.ts";
import { isLinkLocal } from "../../wire/url/place.ts";
import type { Role } from "../role.ts";
import { totalsSince } from "./counters.ts";
import { type TriggerOptions, triggerRules } from "./options.ts";
import { TurnRecipients } from "./turn_recipients.ts";
import { Pinger } from "./pinger.ts";
import { type ClientChange, TriggerService } from "./service.ts";
import { bindSockets } from "./sockets.ts";
import { inBackground } from "../../net/background.ts";

/** Options of {@linkcode TriggerRole}. */
export interface TriggerRoleOptions extends TriggerOptions {
  /** Where to listen; `0.0.0.0:7561` only. Port 0 picks one, the same for all addresses. */
  addresses?: readonly ListenAddress[];
  /** The clock of the grid; the system's if not given. */
  clock?: Clock;
  /** The clock of leases, in listening time (ms); the grid's if not given. */
  now?: () => number;
  /** Called each minute with the totals of that minute, if anything happened. */
  events?: Events;
  /** This machine's addresses; the system is asked if not given. */
  own?: OwnAddresses;
  /** `kernel` (default) sends many pings in one call where FFI is permitted; `runtime` never does. */
  batching?: "kernel" | "runtime";
  /** Called with each client that comes and goes. */
  onClient?: ((change: ClientChange, hostname: string, port: number) => void) | undefined;
  /**
   * Called with each datagram that cannot be answered because the phone's IPv6 zone is unknown.
   */
  onLinkLocal?: (hostname: string) => void;
  /** Called with errors of the role itself, which never reach a peer. */
  onError?: (error: unknown) => void;
}

/** Default of {@linkcode TriggerRoleOptions.addresses}: everybody who can reach this machine. */
export const TRIGGER_ADDRESS_DEFAULT: Peer = { hostname: "0.0.0.0", port: TIX_PORT };

/** A role whose loop gave no sign of life for this many milliseconds is unhealthy. */
export const SILENCE_MS_MAX: number = 3 * SECOND_MS;
/** A role has one second to end; the rest is for closing. */
const DRAIN_MS = 800;

/** Listens for registrations and pings every registered client. */
export class TriggerRole implements Role {
  readonly name = "trigger";
  /** The protocol without its sockets. */
  readonly service: TriggerService;
  readonly #now: () => number;
  readonly #clock: Clock;
  readonly #events: Events | undefined;
  readonly #onError: (error: unknown) => void;
  readonly #onLinkLocal: ((hostname: string) => void) | undefined;
  readonly #sockets: readonly UdpSocket[];
  readonly #recipients: readonly TurnRecipients[];
  readonly #sleep = new Sleep();
  readonly #pinger: Pinger;
  readonly #pinging: Promise<void>;
  readonly #reading: Promise<unknown>;
  #aliveAt: number;
  #toldAt: number;
  #told;
  #problem: string | undefined;
  #stopping: Promise<void> | undefined;

  private constructor(options: TriggerRoleOptions) {
    const rules = triggerRules(options);
    this.#clock = options.clock ?? systemClock;
    this.#now = options.now ?? (() => this.#clock.now());
    this.#events = options.events;
    this.#onError = options.onError ?? (() => {});
    this.#onLinkLocal = options.onLinkLocal;
    this.#aliveAt = this.#toldAt = this.#now();
    this.service = new TriggerService({ ...options, rules, now: this.#aliveAt });
    this.#told = this.service.counters.totals();
    this.#sockets = bindSockets(
      options.addresses ?? [TRIGGER_ADDRESS_DEFAULT],
      options.batching ?? "kernel",
    );
    this.#recipients = this.#sockets.map(() => new TurnRecipients(this.service.clients));
    this.#pinger = new Pinger({
      now: () => this.#clock.now(),
      sleep: (ms) => this.#sleep.sleep(ms),
      wake: () => this.#sleep.wake(),
      turnsToNextPhase: (phase) => this.service.clients.turnsToNextPhase(phase),
      runTurn: (turn, lateMs) => this.#runTurn(turn, lateMs),
      onSkipped: (turns) => void (this.service.counters.skippedTurns += turns),
      onAlive: () => this.#onAlive(),
    });
    this.#reading = inBackground(Promise.all(
      this.#sockets.map((socket, index) => this.#guard(socket.listen(this.#listener(index)))),
    ));
    this.#pinging = inBackground(this.#guard(this.#pinger.run()));
  }

  /**
   * Starts the role.
   *
   * @throws {ListenError} if an address cannot be listened on.
   * @throws {RangeError} if an option is out of range.
   */
  static start(options: TriggerRoleOptions = {}): TriggerRole {
    return new TriggerRole(options);
  }

  /** Where it can be reached, as URLs. */
  get addresses(): readonly string[] {
    return this.#sockets.map((socket) => `udp://${hostAndPort(socket.address)}`);
  }

  /** @inheritdoc */
  selfCheck(now: number): string | undefined {
    if (this.#stopping !== undefined) return "Cannot ping: the role has stopped";
    if (this.#problem !== undefined) return this.#problem;
    const silentMs = now - this.#aliveAt;
    if (silentMs < SILENCE_MS_MAX) return undefined;
    return `Cannot ping: the last tick was ${Math.round(silentMs)} ms ago, ` +
      `must be < ${SILENCE_MS_MAX}`;
  }

  /** @inheritdoc */
  metrics(): Readonly<Record<string, number>> {
    const { clients, counters } = this.service;
    return {
      tix_clients: clients.size,
      tix_client_addresses: clients.addresses,
      tix_receive_buffer_bytes: this.#sockets[0]?.receiveBufferBytes ?? 0,
      ...counters.samples(),
    };
  }

  /** Stops reading, ends the running turn, closes the sockets. Idempotent, bounded to one second. */
  stop(): Promise<void> {
    return this.#stopping ??= this.#stop();
  }

  /** @inheritdoc */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(): Promise<void> {
    this.#pinger.stop();
    this.#sleep.close();
    // Do not wait for a turn that waits for room in a send buffer.
    await settlesWithin(this.#pinging, DRAIN_MS);
    for (const socket of this.#sockets) socket.close();
    await Promise.all([this.#reading, this.#pinging]);
  }

  #listener(index: number): DatagramListener {
    const socket = { index, port: this.#sockets[index]?.address.port ?? 0 };
    return {
      onDatagram: ({ length }, hostname, port) => {
        if (this.#stopping !== undefined) return;
        const result = this.service.hear(length, hostname, port, socket, this.#now());
        if (result === "new") this.#pinger.poke();
        else if (result === "refused_address" && isLinkLocal(hostname)) {
          this.#onLinkLocal?.(hostname);
        }
      },
      onReceiveError: (errno) => this.service.counters.countReceiveError(errno),
    };
  }

  async #runTurn(turn: number, lateMs: number): Promise<void> {
    const startedAt = this.#clock.now();
    const { counters } = this.service;
    this.service.collect(turn, this.#recipients, this.#now());
    await Promise.all(this.#sockets.map((socket, index) => this.#sendAll(socket, index)));
    counters.lateness.observe(lateMs);
    counters.duration.observe(this.#clock.now() - startedAt);
  }

  async #sendAll(socket: UdpSocket, index: number): Promise<void> {
    const recipients = this.#recipients[index];
    if (recipients === undefined || recipients.count === 0) return;
    this.service.counters.pings += await socket.sendToAll(
      recipients,
      (place, errno) => this.service.fail(recipients.client(place), errno),
    );
  }

  #onAlive(): void {
    const now = this.#now();
    this.#aliveAt = now;
    if (now - this.#toldAt < MINUTE_MS) return;
    const totals = this.service.counters.totals();
    const since = totalsSince(this.#told, totals);
    this.#toldAt = now;
    this.#told = totals;
    if (Object.values(since).every((count) => count === 0)) return;
    const clients = this.service.clients.size;
    this.#events?.publish({ type: "trigger-minute", at: now, clients, ...since });
  }

  /** The loop must never end by an exception; if it does, report the bug. */
  async #guard(loop: Promise<void>): Promise<void> {
    try {
      await loop;
    } catch (error) {
      this.#problem = `Cannot go on: ${messageOf(error)}`;
      this.#onError(error);
    }
  }
}
