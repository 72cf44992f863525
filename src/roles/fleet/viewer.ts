/**
 * A console's picture of its fleet: the hosts as members, and their latest documents.
 *
 * @module
 */

import { FLEET_HOSTS_MAX, FleetPicture, type PicturedHost } from "../../core/fleet_picture.ts";
import type { HeardHost } from "../../core/fleet_claims.ts";
import type { Member } from "../../core/member.ts";
import type { Roster } from "../../core/roster.ts";
import { decodeBeat } from "../../wire/fleet/beat.ts";
import {
  type FleetProblem,
  type FleetViolation,
  isFleetViolation,
} from "../../wire/fleet/fields.ts";
import { decodeDocumentHead } from "../../wire/fleet/host_document.ts";
import { type FleetChannel, hostOfSubject } from "../../wire/fleet/subjects.ts";
import { MessageBudget, MESSAGES_PER_SECOND_MAX } from "./message_budget.ts";
import { BEAT_MS, DOCUMENT_WAIT_MS, LOST_PROMISES, REFUSAL_MEMORY_MS } from "./options.ts";

/** Options of {@linkcode Viewer}. */
export interface ViewerOptions {
  /** The hosts as members. */
  readonly roster: Roster;
  /** Listening time in milliseconds. */
  readonly now: () => number;
  /** Called with deadlines that may be the earliest. */
  readonly wake: (deadline: number) => void;
  /** Called with each message that was not used. */
  readonly onRefused: (refusal: Refusal) => void;
  /** Hosts that somebody has forgotten, and that were not heard since: brokers may keep their documents. */
  readonly forgotten?: { has(host: string): boolean } | undefined;
  /** Called after each new document, and after a host was forgotten. */
  readonly onChange?: () => void;
}

/** A message that was not used. */
export interface Refusal {
  readonly host: string | undefined;
  readonly reason: keyof RefusalCounts;
  readonly detail: string;
  /** Listening time in milliseconds. */
  readonly at: number;
}

/** The number of refused messages, by reason. */
export type RefusalCounts = Readonly<
  Record<FleetProblem | "full" | "wrong subject" | "too many", number>
>;

/** Processes the messages of a fleet's hosts. */
export class Viewer {
  readonly picture = new FleetPicture();
  readonly #options: ViewerOptions;
  readonly #refused: Record<keyof RefusalCounts, number> = {
    "too large": 0,
    "not JSON": 0,
    "newer version": 0,
    "malformed": 0,
    "full": 0,
    "wrong subject": 0,
    "too many": 0,
  };
  readonly #budget = new MessageBudget();
  /** Since when a host's announced document has been missing, in listening time (ms). */
  readonly #missing = new Map<string, number>();
  #lastRefusal: Refusal | undefined;
  /** Hosts whose messages have a newer version. */
  readonly #newer = new Set<string>();

  constructor(options: ViewerOptions) {
    this.#options = options;
  }

  /** The hosts as members. */
  get roster(): Roster {
    return this.#options.roster;
  }

  /** The number of refused messages, by reason. */
  get refused(): RefusalCounts {
    return this.#refused;
  }

  /** These numbers as samples of a metric. */
  samples(): Record<string, number> {
    return Object.fromEntries(
      Object.entries(this.#refused).map(([reason, count]) => [
        `fleet_messages_refused_total{reason="${reason.replaceAll(" ", "_")}"}`,
        count,
      ]),
    );
  }

  /** The last message that could not be used; kept for a minute. */
  get lastRefusal(): Refusal | undefined {
    const refusal = this.#lastRefusal;
    const isRecent = refusal !== undefined && this.#options.now() - refusal.at < REFUSAL_MEMORY_MS;
    return isRecent ? refusal : undefined;
  }

  /** The hosts whose messages only a newer Pulsebox understands. */
  get newer(): ReadonlySet<string> {
    return this.#newer;
  }

  /** Takes a beat. */
  beat(subject: string, bytes: Uint8Array): void {
    const { roster, now, wake } = this.#options;
    const host = this.#admit(subject, "beat");
    if (host === undefined) return;
    const beat = decodeBeat(bytes);
    if (isFleetViolation(beat)) return this.#refuseContent(host, beat);
    const at = now();
    const merged = this.picture.beat(host, beat, at);
    if (merged === "full") return this.#refuseFull(host);
    // A beat that is not newer proves nothing: a broker that comes back delivers old ones.
    if (merged === "old") return;
    this.#newer.delete(host);
    const heard = { id: host, name: host, address: host, promiseMs: BEAT_MS };
    const member = roster.hear({ ...heard, kind: "beat" }, at);
    if (typeof member !== "string") wake(roster.deadline(member));
    if (!this.picture.lacksDocument(host)) this.#missing.delete(host);
    else if (!this.#missing.has(host)) this.#missing.set(host, at);
  }

  /** Takes a document, from a host or from the brokers' memory. */
  document(subject: string, bytes: Uint8Array): void {
    const { roster, now, wake } = this.#options;
    const host = this.#admit(subject, "host");
    if (host === undefined) return;
    const head = decodeDocumentHead(bytes);
    if (isFleetViolation(head)) return this.#refuseContent(host, head);
    const at = now();
    const isKnown = roster.get(host) !== undefined;
    if (!isKnown && this.#options.forgotten?.has(host) === true) return this.picture.forget(host);
    const merged = this.picture.document(host, head, bytes, at);
    if (merged === "full") return this.#refuseFull(host);
    if (merged === "old") return;
    if (!this.picture.lacksDocument(host)) this.#missing.delete(host);
    // One that is lost stays lost until it is heard: the brokers keep documents of the dead.
    if (roster.get(host)?.state !== "lost") {
      // A host that is known only from a document must be heard soon, or it is lost.
      const ref = { id: host, name: host, address: host };
      const member = roster.announce(ref, LOST_PROMISES * BEAT_MS, at);
      if (typeof member !== "string") wake(roster.deadline(member));
    }
    this.#options.onChange?.();
  }

  /**
   * The hosts whose announced document has not arrived; each is returned again after the same wait.
   */
  takeMissing(): string[] {
    const now = this.#options.now();
    const due = [...this.#missing].filter(([, since]) => now - since >= DOCUMENT_WAIT_MS);
    for (const [host] of due) this.#missing.set(host, now);
    return due.map(([host]) => host);
  }

  /** Forgets a host; false if it is not known. */
  forget(host: string): boolean {
    const { roster, now } = this.#options;
    const member = roster.get(host);
    if (member === undefined && this.picture.get(host) === undefined) return false;
    this.picture.forget(host);
    this.#missing.delete(host);
    this.#newer.delete(host);
    if (member !== undefined) roster.forget(member, "operator", now());
    this.#options.onChange?.();
    return true;
  }

  /** A host in the picture. */
  get(host: string): PicturedHost | undefined {
    return this.picture.get(host);
  }

  /** What a host reports now; undefined if it was not heard in this run. */
  hears(host: string): HeardHost | undefined {
    const { beat, beatAt } = this.picture.get(host) ?? {};
    if (beat === undefined || beatAt === undefined) return undefined;
    // The time of the member would not do: it counts no silence while nobody is heard.
    return { beat, isThere: isHeard(this.#options.roster.get(host)), at: beatAt };
  }

  /** The other hosts that notify people of lost hosts and can be heard. */
  stewards(except: string): string[] {
    const stewards: string[] = [];
    for (const { name, beat } of this.picture.hosts()) {
      if (name === except || beat?.tells !== true) continue;
      if (isHeard(this.#options.roster.get(name))) stewards.push(name);
    }
    return stewards;
  }

  /** The host of a message that is to be read; undefined if it is not. */
  #admit(subject: string, channel: FleetChannel): string | undefined {
    const host = hostOfSubject(subject, channel);
    if (host === undefined) this.#refuse(undefined, "wrong subject", subject.slice(0, 100));
    else if (this.picture.isFullFor(host)) this.#refuseFull(host);
    else if (this.#budget.admits(host, this.#options.now())) return host;
    else this.#refuse(host, "too many", `more than ${MESSAGES_PER_SECOND_MAX} messages a second`);
    return undefined;
  }

  #refuseContent(host: string, { problem, detail }: FleetViolation): void {
    // A newer Pulsebox means well.
    if (problem !== "newer version") this.#budget.fine(host, this.#options.now());
    else if (this.#newer.size < FLEET_HOSTS_MAX) this.#newer.add(host);
    this.#refuse(host, problem, detail);
  }

  #refuseFull(host: string): void {
    this.#refuse(host, "full", "the picture has no room for it");
  }

  #refuse(host: string | undefined, reason: keyof RefusalCounts, detail: string): void {
    this.#refused[reason]++;
    const refusal = { host, reason, detail, at: this.#options.now() };
    this.#options.onRefused(refusal);
    // Newer hosts have a warning of their own, which lasts longer.
    if (reason === "newer version") return;
    const { lastRefusal: last } = this;
    const isAlike = last?.host === host && last?.reason === reason;
    // A sentence that changed with each message could not be read.
    this.#lastRefusal = isAlike ? { ...refusal, detail: last.detail } : refusal;
  }
}

function isHeard(member: Member | undefined): boolean {
  return member !== undefined && member.beats > 0 &&
    (member.state === "ok" || member.state === "late");
}
