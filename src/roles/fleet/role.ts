/**
 * The fleet role: reports this host to the fleet and, on a console, keeps the picture of the fleet.
 *
 * The host's other work never waits for the fleet: without brokers, everything else goes on.
 *
 * @module
 */

import type { Events } from "../../core/events.ts";
import type { Roster } from "../../core/roster.ts";
import { NatsLink, type NatsLinkOptions } from "../../net/nats/link.ts";
import { inBackground } from "../../net/background.ts";
import { Timer } from "../../net/timer.ts";
import { decodeBeat } from "../../wire/fleet/beat.ts";
import { isFleetViolation } from "../../wire/fleet/fields.ts";
import { inboxPrefix } from "../../wire/fleet/permissions.ts";
import { fleetSubject, hostOfSubject } from "../../wire/fleet/subjects.ts";
import type { Role } from "../role.ts";
import { Echo } from "./echo.ts";
import { BEAT_MS, PROBE_MS } from "./options.ts";
import { Patience } from "./patience.ts";
import { Recollection } from "./recollection.ts";
import { Reporter } from "./reporter.ts";
import { Steward, type Voice } from "./steward.ts";
import type { TellerOptions } from "./teller.ts";
import { Viewer, type ViewerOptions } from "./viewer.ts";
import { fleetWarnings } from "./warnings.ts";

/** After how many beats a console checks again that the brokers keep what hosts report. */
const LOOK_BEATS = 6;

/** Options of {@linkcode FleetRole}. */
export interface FleetRoleOptions
  extends Omit<TellerOptions, "tells">, Pick<ViewerOptions, "onRefused" | "wake"> {
  /** Given on a console; disposed of with the role. */
  readonly forgotten?: (NonNullable<ViewerOptions["forgotten"]> & Disposable) | undefined;
  readonly link: Pick<NatsLinkOptions, "servers" | "tls" | "nkeySeed">;
  /** Name of the fleet. */
  readonly fleet: string;
  /** Name of this host in it. */
  readonly host: string;
  /** The roster of the fleet's hosts; given on a console. */
  readonly roster?: Roster | undefined;
  /** How this console notifies people of lost hosts; undefined if it does not. */
  readonly voice?: Voice | undefined;
  readonly events: Events;
  /** Wall time in milliseconds since 1970, from which a run gets its epoch. */
  readonly wall: () => number;
  /**
   * Called with each sentence that an operator should know, and with what those have in common that differ
   * only in details.
   */
  readonly onWarning: (message: string, kind?: string) => void;
}

/** The identity of a host in its fleet. */
export class FleetRole implements Role {
  readonly name = "fleet";
  readonly addresses: readonly string[] = [];
  /** The fleet's name. */
  readonly fleet: string;
  /** This host's name in it. */
  readonly host: string;
  /** Listening time in milliseconds. */
  readonly now: () => number;
  readonly viewer: Viewer | undefined;
  /** Sends notifications of lost hosts. */
  readonly steward: Steward | undefined;
  readonly #options: FleetRoleOptions;
  readonly #link: NatsLink;
  readonly #reporter: Reporter;
  readonly #memory: Recollection;
  readonly #echo = new Echo();
  readonly #patience = new Patience();
  readonly #beating: Timer;
  readonly #probing: Timer;
  readonly #listeners = new Set<() => void>();
  /** Why the last attempt to reach the brokers failed; undefined while connected. */
  #reason: string | undefined = "not reached yet";
  /** What the brokers denied since this host last heard itself. */
  #denial: string | undefined;
  /** Whether the brokers have denied anything on this connection. */
  #isDenied = false;
  /** Whether the brokers let this host hear the others, as far as they have answered. */
  #mayView = true;
  #isDeaf = false;
  #stopping: Promise<void> | undefined;

  private constructor(options: FleetRoleOptions) {
    const { fleet, host, roster, link, now, voice } = options;
    this.#options = options;
    this.fleet = fleet;
    this.host = host;
    this.now = now;
    this.#link = NatsLink.open({
      ...link,
      name: `pulsebox ${host}`,
      inboxPrefix: inboxPrefix(host),
      onUp: () => inBackground(this.#onUp()),
      onDown: (reason) => this.#onDown(reason),
      onForbidden: (reason) => this.#onForbidden(reason),
    });
    this.#link.listen(fleetSubject(fleet, "beat", host), (...own) => this.#onOwnBeat(...own));
    if (roster !== undefined) {
      this.viewer = new Viewer({
        ...options,
        roster,
        onChange: () => this.#listeners.forEach((listener) => listener()),
      });
      const { viewer } = this;
      this.#link.listen(fleetSubject(fleet, "beat", "*"), (...one) => viewer.beat(...one));
      this.#link.listen(fleetSubject(fleet, "host", "*"), (...one) => viewer.document(...one));
      if (voice !== undefined) {
        const parts = { link: this.#link, fleet, host, viewer, voice, now };
        this.steward = new Steward({ ...parts, hears: () => !roster.isDeaf });
      }
      // Nothing is known of anybody before the first message has come back.
      roster.setDeaf(true, now());
    }
    this.#memory = new Recollection(this.#link, fleet, this.viewer);
    this.#reporter = new Reporter({
      ...options,
      link: this.#link,
      tells: this.steward !== undefined,
      onBeat: () => this.#echo.sent(now()),
      onUnkept: () => this.#memory.look(),
    });
    this.#beating = Timer.every(BEAT_MS, () => this.#beat());
    this.#probing = Timer.every(PROBE_MS, () => this.#probe());
  }

  /** Starts the role. Returns at once, even if no broker can be reached. */
  static start(options: FleetRoleOptions): FleetRole {
    return new FleetRole(options);
  }

  /** The broker in use. */
  get server(): NatsLink["server"] {
    return this.#link.server;
  }

  /** Whether this host fails to hear the fleet. */
  get isDeaf(): boolean {
    return this.#isDeaf;
  }

  /** When the fleet was last heard, in listening time (ms); undefined if never. */
  get heardAt(): number | undefined {
    return this.#echo.heardAt;
  }

  /** Always healthy: the fleet is never a reason to restart the host. */
  selfCheck(): undefined {
    return undefined;
  }

  /** What an operator should know, one sentence for each problem. */
  warnings(): string[] {
    const { host, fleet, now } = this.#options;
    const { heardAt, viewer } = this;
    return fleetWarnings({
      fleet,
      host,
      isDeaf: this.#isDeaf,
      hasHeard: heardAt !== undefined,
      reason: this.#denial ?? this.#reason,
      isCloned: this.#echo.isCloned(now()),
      mayView: this.#mayView,
      memoryProblem: this.#memoryProblem(),
      newer: viewer?.newer.size ?? 0,
      refusal: viewer?.lastRefusal,
    }).concat(this.steward?.warnings() ?? []);
  }

  /**
   * Calls the listener whenever a host has told something, or this console has become deaf or hears
   * again, until disposed of.
   */
  listen(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** @inheritdoc */
  metrics(): Readonly<Record<string, number>> {
    return {
      fleet_link_up: Number(this.#link.isUp),
      fleet_deaf: Number(this.#isDeaf),
      fleet_beats_sent_total: this.#reporter.beats,
      fleet_documents_sent_total: this.#reporter.documents,
      ...this.viewer?.samples(),
    };
  }

  /** @inheritdoc */
  stop(): Promise<void> {
    return this.#stopping ??= this.#stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(): Promise<void> {
    this.#beating.stop();
    this.#probing.stop();
    this.#reporter.stop();
    await this.#link.close();
    this.#options.forgotten?.[Symbol.dispose]();
  }

  /** The link came up, for the first time or again. */
  async #onUp(): Promise<void> {
    const { host, wall, now } = this.#options;
    this.#reason = undefined;
    this.#mayView = true;
    this.#isDenied = false;
    this.#patience.up(now());
    // After a reconnection others wait for us, and brokers may be choosing a leader.
    if (this.#reporter.last === undefined) {
      const stored = await this.#memory.epochOf(host);
      // A clock that was set back must not make this run's epoch smaller than an earlier one.
      this.#reporter.begin(Math.max(Math.floor(wall()), stored + 1));
    }
    this.#reporter.tell();
    this.#beat();
    this.steward?.up();
    await this.#memory.recall();
  }

  #onForbidden(reason: string): void {
    const { fleet, host, onWarning } = this.#options;
    // A wrong key is denied with every message.
    if (!this.#isDenied) {
      onWarning(`The fleet's brokers deny permission: ${reason}`, "permission");
    }
    this.#isDenied = true;
    const watched = (["beat", "host"] as const).map((what) => fleetSubject(fleet, what, "*"));
    if (watched.some((subject) => reason.includes(`"${subject}"`))) this.#mayView = false;
    else this.#denial = `permission denied; does --fleet-key belong to the name ${host}?`;
  }

  #onDown(reason: string): void {
    this.#reason = reason;
    this.#echo.sent(this.#options.now());
  }

  #onOwnBeat(subject: string, bytes: Uint8Array): void {
    const { last } = this.#reporter;
    const beat = decodeBeat(bytes);
    const isOwn = hostOfSubject(subject, "beat") === this.host;
    if (last === undefined || isFleetViolation(beat) || !isOwn) return;
    this.#echo.heard(beat, last, this.#options.now());
    if (this.#isDeaf || this.#options.roster?.isDeaf === true) this.#look();
    if (beat.epoch !== last.epoch) return;
    this.#patience.heard(this.#options.now());
    this.#denial = undefined;
  }

  #beat(): void {
    this.#reporter.beat();
    this.#look();
    const isLookDue = this.#reporter.beats % LOOK_BEATS === 0;
    if (this.#link.isUp) inBackground(this.#memory.refresh(isLookDue));
  }

  /** Consoles check more often whether they hear the fleet, because they show other hosts. */
  #probe(): void {
    const rival = this.#link.isUp ? this.#echo.takeGoneRival(this.#options.now()) : undefined;
    if (this.#reporter.outrank(rival)) this.#beat();
    this.#reporter.retry();
    if (this.viewer !== undefined) this.#reporter.probe();
    this.#look();
    for (const host of this.viewer?.takeMissing() ?? []) inBackground(this.#memory.ask(host));
    this.steward?.tick();
  }

  /** Brokers may describe a stream, and keep nothing in it: what became of our own report tells. */
  #memoryProblem(): string | undefined {
    const { problem } = this.#reporter;
    const ours = problem && `the brokers do not keep what this host reports: ${problem}`;
    if (this.viewer !== undefined) return this.#memory.problem ?? ours;
    // Consoles complain for all, but only a host knows that its own report is too long.
    return ours?.includes("max_payload") === true ? ours : undefined;
  }

  /** Checks whether we hear the fleet; while we do not, no host may be called lost. */
  #look(): void {
    const { roster, now, onWarning, wake } = this.#options;
    const at = now();
    const isDeaf = this.#echo.isDeaf(at);
    // A new connection gets its time to bring our messages back.
    const givesUp = isDeaf && this.#link.isUp && this.#patience.givesUp(at);
    if (givesUp) inBackground(this.#link.reconnect());
    roster?.setDeaf(isDeaf || this.#echo.heardAt === undefined, at);
    if (isDeaf === this.#isDeaf) return;
    this.#isDeaf = isDeaf;
    const why = this.#denial ?? this.#reason;
    onWarning(
      isDeaf
        ? `This host does not hear the fleet${why === undefined ? "" : `: ${why}`}`
        : "This host hears the fleet again",
    );
    this.#listeners.forEach((listener) => listener());
    wake(at);
  }
}
