/**
 * The HEV role: the ventilator's data server.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import type { Members } from "../../core/members.ts";
import type { PortAddress } from "../../net/tcp/listening.ts";
import type { ConnectionLimits } from "../../net/tcp/connection_limits.ts";
import { connectionSamples } from "../../net/tcp/connection_samples.ts";
import type { TcpServerLimits } from "../../net/tcp/limits.ts";
import { type AlarmEntry, alarmEntry, controllerFailure } from "../../wire/hev/alarm_list.ts";
import { ALARMS, PRIORITIES } from "../../wire/hev/alarms.ts";
import type { Payload } from "../../wire/hev/payload.ts";
import type { Query } from "../../wire/hev/query.ts";
import type { Answer } from "../../wire/hev/query_reader.ts";
import { SeedView } from "../../wire/hev/seed_view.ts";
import type { Role } from "../role.ts";
import { type AlarmKeeper, AlarmLatch, type RaisedAlarm } from "./alarm_latch.ts";
import { Broadcast } from "./broadcast.ts";
import { LinkWatch } from "./link_watch.ts";
import {
  BROADCAST_ADDRESSES_DEFAULT,
  type BroadcastAddress,
  type PacketOptions,
  QUERY_ADDRESS_DEFAULT,
  SILENCE_MS_DEFAULT,
} from "./options.ts";
import { QueryPort } from "./query_port.ts";
import type { Source } from "./source.ts";
import { inBackground } from "../../net/background.ts";

/** What the role reports to its host, for the log. */
export type HevNotice =
  | { readonly type: "source-up"; readonly place: string }
  | { readonly type: "source-down" | "trouble" | "refused"; readonly reason: string }
  | { readonly type: "alarm" | "acknowledged"; readonly name: string; readonly priority: string };

/** Options of {@linkcode HevRole.start}. */
export interface HevRoleOptions extends PacketOptions {
  /** Where the values come from; the source belongs to the role from now on. */
  source: Source;
  /** The host's members; the roster of the protocol must be open. */
  members: Members;
  /** Listening time in milliseconds. */
  now: () => number;
  /** Called with deadlines that may be the earliest, in listening time (ms). */
  wake: (deadline: number) => void;
  /** Keeps listed alarms across restarts; they are lost if not given. */
  keeper?: AlarmKeeper;
  /** Ports 54320 and 54322 of this machine if not given. */
  broadcast?: readonly BroadcastAddress[];
  /** Port 54321 of this machine if not given. */
  query?: PortAddress;
  /** The silence after which the controller counts as failed, in milliseconds; 3 s. */
  silenceMs?: number;
  /** How long a client of the query port may be silent, in milliseconds; 10 s. */
  firstByteMs?: number;
  /** How long a request may take to arrive, in milliseconds; 5 s. */
  requestMs?: number;
  limits?: Partial<TcpServerLimits & ConnectionLimits>;
  /** The clock of the connections' deadlines; the system's if not given. */
  clock?: Clock;
  onNotice?: (notice: HevNotice) => void;
  /** Called with errors of the role itself, which never reach a peer. */
  onError?: (error: unknown) => void;
}

/** The protocol version in which a failure is reported while no controller has been heard. */
const VERSION_UNHEARD = 0xa0;

const ACK: Answer = { reply: "ack" };

/**
 * Passes the controller's values and alarms to all clients, and their requests to the controller.
 */
export class HevRole implements Role {
  readonly name = "hev";
  readonly #options: HevRoleOptions;
  readonly #source: Source;
  readonly #view = new SeedView();
  readonly #latch: AlarmLatch;
  readonly #watch: LinkWatch;
  readonly #broadcast: Broadcast;
  readonly #query: QueryPort;
  readonly #listeners = new Set<(payload: Payload) => void>();
  #version = VERSION_UNHEARD;
  #timestamp = 0;
  #payloads = 0;
  #alarms = 0;
  #problem: string | undefined;
  #stopping: Promise<void> | undefined;

  private constructor(options: HevRoleOptions) {
    this.#options = options;
    const { source, members, now, wake, clock, onError, limits } = options;
    const roster = members.roster("hev");
    if (roster === undefined) throw new TypeError('Cannot start role: no roster of "hev" is open');
    this.#source = source;
    this.#latch = new AlarmLatch(options.keeper);
    this.#watch = new LinkWatch({
      roster,
      name: source.name,
      place: source.place,
      silenceMs: options.silenceMs ?? SILENCE_MS_DEFAULT,
      now,
      wake,
      onLost: () => this.#onLost(),
    });
    const port = { limits, clock, onError };
    this.#broadcast = Broadcast.listen({
      ...options,
      addresses: options.broadcast ?? BROADCAST_ADDRESSES_DEFAULT,
      content: { view: this.#view, alarms: () => this.#latch.entries() },
      port,
      now,
    });
    try {
      this.#query = QueryPort.listen({
        address: options.query ?? QUERY_ADDRESS_DEFAULT,
        answer: (query) => this.answer(query),
        firstByteMs: options.firstByteMs,
        requestMs: options.requestMs,
        ...port,
      });
    } catch (error) {
      inBackground(this.#broadcast.close());
      throw error;
    }
  }

  /**
   * Opens the ports, then starts the source. Alarms and records of an earlier run must have been
   * restored.
   *
   * @throws {ListenError} if one of the addresses cannot be listened on; the others are then
   * released.
   * @throws {RangeError} if an option is out of range.
   */
  static start(options: HevRoleOptions): HevRole {
    const role = new HevRole(options);
    role.#watch.start();
    options.source.start({
      onPayload: (payload) => role.#onPayload(payload),
      onUp: (place) => {
        role.#problem = undefined;
        options.onNotice?.({ type: "source-up", place });
      },
      onDown: (reason) => {
        role.#problem = reason;
        options.onNotice?.({ type: "source-down", reason });
      },
      onTrouble: (reason) => options.onNotice?.({ type: "trouble", reason }),
    });
    return role;
  }

  /**
   * Where it can be reached, as URLs: the broadcast ports as in the options, then the query port.
   */
  get addresses(): readonly string[] {
    return [...this.#broadcast.ports, this.#query].flatMap((port) => port.urls);
  }

  /** When and how often a listed alarm was raised; `undefined` if an earlier run listed it. */
  raised(alarm: AlarmEntry): RaisedAlarm | undefined {
    return this.#latch.raised(alarm);
  }

  /** The listed alarms, in order of first arrival. */
  get alarms(): readonly AlarmEntry[] {
    return this.#latch.entries();
  }

  /**
   * Passes each payload to a listener until disposed of. The listener must return at once and not
   * throw.
   */
  listen(listener: (payload: Payload) => void): Disposable {
    // Wrap the listener for each call, so that one function can be added twice.
    const own = (payload: Payload) => listener(payload);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  /** Executes a request, as the query port does. */
  answer(query: Query): Answer {
    switch (query.type) {
      case "command":
      case "personal": {
        const refusal = this.#source.request(query);
        return refusal === undefined ? ACK : this.#refuse(refusal.reason);
      }
      case "acknowledge":
        if (!this.#latch.acknowledge(query.name)) {
          return this.#refuse(`Cannot acknowledge "${query.name.slice(0, 40)}": it is not listed`);
        }
        this.#acknowledged(query.name, "any");
        return ACK;
      case "acknowledge-entry":
        // Clients take a nack for an error, and it is no error if somebody else was faster to
        // acknowledge an alarm.
        if (this.#latch.acknowledgeEntry(query.priority, query.name)) {
          this.#acknowledged(query.name, query.priority);
        }
        return ACK;
      case "refused":
        return this.#refuse(query.reason);
    }
  }

  /** @inheritdoc */
  selfCheck(_now: number): string | undefined {
    if (this.#stopping !== undefined) return "Cannot serve values: the role has stopped";
    return undefined;
  }

  /** @inheritdoc */
  metrics(): Readonly<Record<string, number>> {
    const { ports } = this.#broadcast;
    const { ack, nack } = this.#query.answered;
    return {
      ...this.#source.counters(),
      hev_link_up: this.#watch.isLost || this.#problem !== undefined ? 0 : 1,
      hev_values_total: this.#payloads,
      hev_alarms_raised_total: this.#alarms,
      hev_alarms_listed: this.#latch.size,
      hev_clients: sum(ports.map((port) => port.clients)),
      hev_packets_sent_total: sum(ports.map((port) => port.counters.packets)),
      hev_packets_dropped_total: sum(ports.map((port) => port.counters.dropped)),
      'hev_requests_total{answer="ack"}': ack,
      'hev_requests_total{answer="nack"}': nack,
      ...connectionSamples(this.name, [this.#query.port, ...ports.map(({ port }) => port)]),
    };
  }

  /** @inheritdoc */
  stop(): Promise<void> {
    return this.#stopping ??= this.#end();
  }

  /** @inheritdoc */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #end(): Promise<void> {
    this.#watch.close();
    await this.#source.close();
    await Promise.all([this.#query.close(), this.#broadcast.close()]);
  }

  #onPayload(payload: Payload): void {
    this.#payloads++;
    this.#version = payload.version;
    const { timestamp } = payload.values;
    if (typeof timestamp === "number") this.#timestamp = timestamp;
    this.#watch.heard();
    if (payload.type === "ALARM") this.#raise(alarmEntry(payload));
    this.#view.update(payload);
    this.#broadcast.show(payload);
    for (const listener of this.#listeners) listener(payload);
  }

  /** The controller has failed: raise an alarm like the ones that it raises itself. */
  #onLost(): void {
    const entry = controllerFailure(this.#version, this.#timestamp);
    this.#raise(entry);
    this.#broadcast.show(payloadOf(entry));
  }

  #raise(entry: AlarmEntry): void {
    this.#alarms++;
    if (this.#latch.raise(entry, this.#options.now()) === "updated") return;
    const { alarm_code, alarm_type } = entry;
    this.#options.onNotice?.({ type: "alarm", name: alarm_code, priority: alarm_type });
  }

  #acknowledged(name: string, priority: string): void {
    this.#broadcast.showAlarms();
    this.#options.onNotice?.({ type: "acknowledged", name, priority });
  }

  #refuse(reason: string): Answer {
    this.#options.onNotice?.({ type: "refused", reason });
    return { reply: "nack", reason };
  }
}

function payloadOf({ version, timestamp, alarm_type, alarm_code, param }: AlarmEntry): Payload {
  const values = {
    version,
    timestamp,
    alarm_type: PRIORITIES.code(alarm_type) ?? 0,
    alarm_code: ALARMS.get(version)?.code(alarm_code) ?? 0,
    param,
  };
  return { version, type: "ALARM", values };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
