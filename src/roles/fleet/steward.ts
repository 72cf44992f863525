/**
 * One of several consoles that notify people of lost hosts: together they report each outage
 * exactly once.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { MINUTE_MS, SECOND_MS } from "../../core/clock.ts";
import { type ClaimAction, FleetClaims } from "../../core/fleet_claims.ts";
import { FleetGathering } from "../../core/fleet_gathering.ts";
import type { MemberRef } from "../../core/member.ts";
import type { Notice, NoticeKind } from "../../core/notices.ts";
import type { ToldPhase } from "../../core/told_log.ts";
import { inBackground } from "../../net/background.ts";
import type { NatsLink } from "../../net/nats/link.ts";
import { NOTICES_PER_DELIVERY_MAX } from "../../store/outbox.ts";
import { encodeTold } from "../../wire/fleet/told_record.ts";
import { fleetSubject } from "../../wire/fleet/subjects.ts";
import { BEAT_MS, LOST_PROMISES } from "./options.ts";
import { ToldReader } from "./told_reader.ts";
import type { Viewer } from "./viewer.ts";

/** The most consoles of a fleet that may notify people. */
export const STEWARDS_MAX = 8;
/** How long claims may wait for the brokers before people are told about that, in milliseconds. */
const UNCOORDINATED_MS: number = MINUTE_MS;
/**
 * How long each steward leaves new outages to those before it in the alphabet, in milliseconds: the
 * first one claims all hosts that are lost together, so that people get one message.
 */
const TURN_MS: number = 2 * SECOND_MS;

/** Sends notifications to people. */
export interface Voice {
  /**
   * Notifies people in one message; a message that is sent again keeps its identity.
   *
   * @param notices Of one kind, at most {@linkcode NOTICES_PER_DELIVERY_MAX}.
   */
  post(id: string, notices: readonly [Notice, ...Notice[]]): void;
  /** Whether a message has not reached everybody yet. */
  isWaiting(id: string): boolean;
}

/** Options of {@linkcode Steward}. */
export interface StewardOptions {
  readonly link: NatsLink;
  readonly fleet: string;
  /** This host's name in the fleet. */
  readonly host: string;
  readonly viewer: Viewer;
  readonly voice: Voice;
  /** Listening time in milliseconds. */
  readonly now: () => number;
  /** Whether this console hears the fleet, so that its view of other hosts counts. */
  readonly hears: () => boolean;
}

type Delivery = Extract<ClaimAction, { act: "deliver" }>;

/** What waits to be told, alone or with others of its kind. */
interface ToTell {
  readonly kind: NoticeKind;
  /** An outage that this console has won; undefined for a notice of another kind. */
  readonly delivery: Delivery | undefined;
  readonly notice: () => Notice;
}

/** Claims outages, and notifies people of the outages that it has won. */
export class Steward {
  readonly #options: StewardOptions;
  readonly #claims: FleetClaims;
  readonly #reader: ToldReader;
  /** Messages that were given to the outbox and have not been delivered. */
  readonly #sending = new Map<string, readonly Delivery[]>();
  readonly #gathering = new FleetGathering<ToTell>();
  /** Since when a claim has been waiting, in listening time (ms). */
  #waitingSince: number | undefined;
  #hasComplained = false;
  #hasBegun = false;

  constructor(options: StewardOptions) {
    const { link, fleet, host, viewer, now } = options;
    this.#options = options;
    this.#claims = new FleetClaims({
      steward: host,
      hear: (name) => viewer.hears(name),
      newId: () => crypto.randomUUID(),
      turnMs: () => TURN_MS * viewer.stewards(host).filter((other) => other < host).length,
    });
    this.#reader = new ToldReader({
      link,
      fleet,
      isAlone: () => viewer.stewards(host).length === 0,
      onRecord: (about, record, number) => this.#claims.take(about, record, number, now()),
      onRestart: () => this.#claims.restart(),
    });
    link.listen(fleetSubject(fleet, "told", "*"), () => this.#follow());
  }

  /** The link came up: the log may have grown meanwhile. */
  up(): void {
    this.#reader.reset();
    this.#follow();
  }

  /** Call it every second. */
  tick(): void {
    this.#follow();
    this.#complain();
  }

  /** Takes a notice about a host; the log decides which console sends it. */
  take(notice: Notice): void {
    const { viewer, voice, now } = this.#options;
    const { member, kind } = notice;
    if (member === undefined) return voice.post(notice.id, [notice]);
    const { id: host } = member;
    if (kind === "lost") this.#claims.lost(host, now());
    else if (kind === "ended") this.#claims.ended(host);
    else if (kind !== "recovered" && this.#claims.isSpeakerOf(host)) {
      // Notices that neither begin nor end an outage are sent only by the console that spoke last.
      const id = this.#claims.toldId(host) ?? notice.id;
      const told = { ...notice, id, ...this.#placeOf(host) };
      this.#gathering.add({ kind, delivery: undefined, notice: () => told }, now());
    }
    if (viewer.roster.get(host) !== undefined) this.#follow();
  }

  /** Whether this console notifies people of a host's outage; undefined while undecided. */
  tells(host: string): boolean | undefined {
    return this.#claims.tells(host);
  }

  /** What an operator should know, one sentence for each problem. */
  warnings(): string[] {
    const { host, viewer } = this.#options;
    const others = viewer.stewards(host).length;
    const warnings = others < STEWARDS_MAX ? [] : [
      `${others + 1} consoles notify people of lost hosts: at most ${STEWARDS_MAX} may have ` +
      "--fleet-tell",
    ];
    if (this.#isUncoordinated()) warnings.push(this.#sentence());
    return warnings;
  }

  #follow(): void {
    inBackground(this.#reader.read().then(() => this.#act()));
  }

  #act(): void {
    const { voice } = this.#options;
    for (const [message, deliveries] of this.#sending) {
      if (voice.isWaiting(message)) continue;
      this.#sending.delete(message);
      for (const { id, kind } of deliveries) this.#claims.delivered(id, phaseOf(kind));
    }
    this.#decide();
    this.#tell();
  }

  #decide(): void {
    const { viewer, now, hears } = this.#options;
    if (!this.#reader.isUsable || !hears()) return;
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      for (const { id, state, pause } of viewer.roster.values()) {
        if (state === "lost" && pause === undefined) this.#claims.silent(id, now());
      }
    }
    for (const action of this.#claims.due(now())) this.#do(action);
    if (this.#claims.waiting === 0) this.#waitingSince = undefined;
  }

  #do(action: ClaimAction): void {
    const { now } = this.#options;
    const { host } = action;
    if (action.act === "append") {
      inBackground(
        this.#reader.append(host, action.record, encodeTold(action.record))
          .then(() => this.#follow()),
      );
      return;
    }
    const { kind } = action;
    this.#gathering.add({ kind, delivery: action, notice: () => this.#noticeOf(action) }, now());
  }

  /** Tells what waits for nobody else any more. */
  #tell(): void {
    const { viewer, now } = this.#options;
    const hosts = [...viewer.roster.values()].filter(({ pause }) => pause === undefined);
    const outlook = {
      isSomebodyLate: hosts.some(({ state }) => state === "late"),
      isSomebodyLost: hosts.some(({ state }) => state === "lost"),
      isClaimWaiting: this.#claims.waiting > 0,
      isEndWaiting: this.#claims.isEndWaiting,
    };
    for (const group of this.#gathering.due(now(), outlook)) {
      for (let start = 0; start < group.length; start += NOTICES_PER_DELIVERY_MAX) {
        this.#post(group.slice(start, start + NOTICES_PER_DELIVERY_MAX));
      }
    }
  }

  #post(group: readonly ToTell[]): void {
    const [first, ...others] = group.map(({ notice }) => notice());
    if (first === undefined) return;
    const deliveries = group.flatMap(({ delivery }) => delivery ?? []);
    const message = deliveries.length === 0 ? crypto.randomUUID() : messageOfOutages(deliveries);
    if (deliveries.length > 0) this.#sending.set(message, deliveries);
    this.#options.voice.post(message, [first, ...others]);
  }

  #noticeOf({ host, id, kind, readAt }: Delivery): Notice {
    const { viewer, now } = this.#options;
    const known = viewer.roster.get(host);
    const member: MemberRef = known === undefined
      ? { protocol: "fleet", id: host, name: host, address: host }
      : viewer.roster.ref(known);
    const at = now();
    const base = { id, at, member, ...this.#placeOf(host) };
    if (kind === "lost") {
      const silentMs = known === undefined ? LOST_PROMISES * BEAT_MS : at - known.heardAt;
      return { ...base, kind, silentMs };
    }
    // When the claim was read, the host had been silent for this long.
    const downMs = at - readAt + LOST_PROMISES * BEAT_MS;
    return kind === "recovered"
      ? { ...base, kind, downMs }
      : { ...base, kind, downMs, endCause: "operator" };
  }

  #placeOf(host: string): { place?: string } {
    const label = this.#options.viewer.get(host)?.document?.label ?? null;
    return label === null ? {} : { place: label };
  }

  /** Without a majority of the brokers, no console can claim anything: then each reports that. */
  #complain(): void {
    const { now, voice } = this.#options;
    if (this.#claims.waiting === 0) this.#waitingSince = undefined;
    else this.#waitingSince ??= now();
    const isUncoordinated = this.#isUncoordinated();
    if (isUncoordinated && !this.#hasComplained) {
      const id = crypto.randomUUID();
      voice.post(id, [{ kind: "alarm", id, at: now(), alarm: this.#sentence(), priority: "high" }]);
    }
    // A console that is deaf for a while does not complain again of the same.
    this.#hasComplained = this.#waitingSince !== undefined &&
      (this.#hasComplained || isUncoordinated);
  }

  #isUncoordinated(): boolean {
    const { now, hears } = this.#options;
    return hears() && this.#waitingSince !== undefined &&
      now() - this.#waitingSince > UNCOORDINATED_MS;
  }

  #sentence(): string {
    const hosts = this.#claims.waitingHosts();
    const [first = ""] = hosts;
    const rest = hosts.length > 1 ? ` (and ${hosts.length - 1} more)` : "";
    const reason = this.#reader.problem ?? "the brokers do not store records";
    return `Nobody was told that ${first}${rest} is lost, because the consoles cannot agree on who ` +
      `tells people: ${reason}`;
  }
}

function phaseOf(kind: Delivery["kind"]): ToldPhase {
  return kind === "lost" ? "lost" : "over";
}

/**
 * The identity of a message: whoever tells the same of the same outages gives it the same one. That
 * of other outages is another one, so that no receiver takes it for a repeat.
 */
function messageOfOutages(deliveries: readonly Delivery[]): string {
  const [first, ...others] = deliveries.map(({ id, kind }) => `${id}-${phaseOf(kind)}`).sort();
  if (first === undefined || others.length === 0) return first ?? "";
  return createHash("sha256").update([first, ...others].join()).digest("hex").slice(0, 32);
}
