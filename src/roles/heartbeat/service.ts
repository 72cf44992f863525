/**
 * The heartbeat protocol over a roster: a request target in, a reply out.
 *
 * @module
 */

import { inUnit, type LostAfter } from "../../core/lost_after.ts";
import type { Member } from "../../core/member.ts";
import type { Refusal } from "../../core/member_index.ts";
import type { Members } from "../../core/members.ts";
import type { Heard, Roster } from "../../core/roster.ts";
import type { HilbertIdentity } from "../../wire/hilbert/identity.ts";
import {
  FAILURE_NOTED,
  GOODBYE,
  listReply,
  MARGIN_MS,
  MARGIN_SECONDS,
  NO_REASON,
} from "../../wire/hilbert/replies.ts";
import { type HilbertRequest, parseHilbertRequest } from "../../wire/hilbert/request.ts";
import { Addresses, type StationAddress } from "./addresses.ts";
import type { ExpectedKeeper } from "./expected_before.ts";
import {
  GRACE_MS_DEFAULT,
  type HeartbeatOptions,
  heartbeatRules,
  LEARNED_MARGIN_MS_MAX_DEFAULT,
} from "./options.ts";
import { compact } from "./compact.ts";
import { HeartbeatCounters, type Misuse } from "./counters.ts";
import { Expectations } from "./expectations.ts";
import { KnownBeats } from "./known_beats.ts";
import { bad, done, full, type HeartbeatReply, waitReply } from "./reply.ts";
import { listedIds, type Moment, overallStatus, statusOf, statusOfMeant } from "./status.ts";
import { WaitTuner } from "./wait_tuner.ts";

/** What the service needs from its host. */
export interface HeartbeatServiceOptions extends HeartbeatOptions {
  /** All members of the host. A roster for the protocol is opened unless there is one already. */
  members: Members;
  /** Listening time in milliseconds. */
  now: () => number;
  /** Called with deadlines that may be the earliest, in listening time (ms). */
  wake?: (deadline: number) => void;
  /** Called with each misuse, for the debug log. */
  onMisuse?: (misuse: Misuse, id: string) => void;
  /** Stores across restarts which applications were expected; in memory only if not given. */
  keeper?: ExpectedKeeper;
  /** What is wrong with the host, in one sentence for `/healthz`; `undefined` if it is healthy. */
  problem?: () => string | undefined;
}

const MILLISECONDS = { ms: 1, margin: MARGIN_MS };
const SECONDS = { ms: 1_000, margin: MARGIN_SECONDS };
const NO_STATIONS: ReadonlyMap<string, string> = new Map();
const HEALTHY = "ok\n";
/** A wake-up may come this late on a busy machine before it counts as a fault, in milliseconds. */
const DEADLINE_OVERDUE_MS_MAX = 5_000;

/** Answers requests of applications and checkers. It knows no sockets; time comes from outside. */
export class HeartbeatService {
  /** The applications. */
  readonly roster: Roster;
  /** The requests so far, and how they ended. */
  readonly counters: HeartbeatCounters = new HeartbeatCounters();
  readonly #options: HeartbeatServiceOptions;
  readonly #addresses = new Addresses();
  readonly #beats = new KnownBeats();
  readonly #unit: typeof MILLISECONDS;
  readonly #graceMs: number;
  readonly #tuner: WaitTuner | undefined;
  readonly #expectations: Expectations;

  /** @throws {RangeError} if an option is out of range. */
  constructor(options: HeartbeatServiceOptions) {
    const { members, graceMs = GRACE_MS_DEFAULT } = options;
    const marginMsMax = options.learnedMarginMsMax ?? LEARNED_MARGIN_MS_MAX_DEFAULT;
    if (!(graceMs > 0)) throw new RangeError(`Cannot serve: graceMs is ${graceMs}, must be > 0`);
    if (!(marginMsMax >= MARGIN_MS)) {
      throw new RangeError(
        `Cannot serve: learnedMarginMsMax is ${marginMsMax}, must be >= ${MARGIN_MS}`,
      );
    }
    this.roster = members.roster("hilbert") ?? members.open(heartbeatRules());
    this.#options = options;
    this.#graceMs = graceMs;
    const { keeper = new Map<string, string | undefined>(), wake } = options;
    this.#expectations = new Expectations({ roster: this.roster, keeper, graceMs, wake });
    this.#unit = options.unit === "seconds" ? SECONDS : MILLISECONDS;
    this.#tuner = options.waiting === "learned" ? new WaitTuner(marginMsMax) : undefined;
  }

  /**
   * Announces the expected applications; call it once, when earlier records have been restored.
   *
   * @return The applications that found no room.
   */
  expect(): string[] {
    return this.#expectations.begin(this.#options.expected ?? [], this.#options.now());
  }

  /**
   * Replaces the expected applications; nothing changes for those that were expected before.
   *
   * @return The applications that found no room.
   */
  expectInstead(expected: readonly HilbertIdentity[]): string[] {
    return this.#expectations.replace(expected, this.#options.now());
  }

  /**
   * The fast path of {@linkcode answer}, for a heartbeat that is in the cache.
   *
   * @param bytes The buffer that holds the request target.
   * @param start Its first byte.
   * @param end One past its last byte.
   * @param hostname Address of the peer in text form.
   * @return Undefined, without any effect, on a cache miss.
   */
  answerKnown(
    bytes: Uint8Array,
    start: number,
    end: number,
    hostname: string,
  ): HeartbeatReply | undefined {
    const beat = this.#beats.find(bytes, start, end, this.#addresses.of(hostname));
    if (beat < 0) return undefined;
    const promiseMs = this.#beats.promiseMs(beat);
    if (!this.#hearAgain(this.#beats.member(beat), promiseMs)) return undefined;
    return waitReply(promiseMs / this.#unit.ms);
  }

  /**
   * Answers one request.
   *
   * @param target Request target as sent: one code unit from 0 to 255 for each byte.
   * @param hostname Address of the peer in text form.
   */
  answer(target: string, hostname: string): HeartbeatReply {
    const request = parseHilbertRequest(target);
    this.counters.requests[request.command]++;
    switch (request.command) {
      case "ping":
      case "init": {
        const { ms, margin } = this.#unit;
        const kind = request.command === "init" ? "start" : "beat";
        const wait = request.delay + margin;
        if (!(wait > 0)) return bad(target);
        const from = this.#addresses.of(hostname);
        const promiseMs = this.#hear(request.name, from, wait * ms, request.delay * ms, kind);
        if (promiseMs === undefined) return full(target);
        const member = this.roster.get(request.name + from.suffix);
        this.#choose(member, request.lostAfter, ms);
        // Do not cache: a learned promise differs from beat to beat, and `lost_after` may have
        // changed.
        const isLike = kind === "beat" && this.#tuner === undefined;
        if (member !== undefined && isLike && request.lostAfter === undefined) {
          this.#beats.keep(target, from, { member, promiseMs }, this.roster.size);
        }
        return waitReply(promiseMs / ms);
      }
      case "template":
        return this.#answerTemplate(target, request, hostname);
      case "done":
        this.roster.leave(
          request.name + this.#addresses.of(hostname).suffix,
          this.#moment().now,
        );
        return done(GOODBYE);
      case "fail":
        return this.#answerFailure(target, request, this.#addresses.of(hostname));
      case "list":
        return done(listReply(listedIds(this.#moment().roster)));
      case "status": {
        const moment = this.#moment();
        if (request.name === undefined) return done(overallStatus(moment));
        const id = request.name + this.#addresses.of(hostname).suffix;
        if (request.scope === undefined) return done(statusOf(id, moment));
        return done(statusOfMeant(request.name, id, moment, this.#options.stations ?? NO_STATIONS));
      }
      case "health": {
        const problem = this.#options.problem?.() ?? this.selfCheck(this.#options.now());
        return problem === undefined ? done(HEALTHY) : { outcome: "unwell", body: `${problem}\n` };
      }
      case "invalid":
      case "unknown":
        return bad(target);
    }
  }

  /**
   * Whether the protocol works right now: its requests are understood, and silence is noticed.
   *
   * @param now Listening time in milliseconds.
   * @return One sentence about what is wrong, or `undefined`.
   */
  selfCheck(now: number): string | undefined {
    const request = parseHilbertRequest("/hb_ping?5000&appid=self");
    if (request.command !== "ping") return "Cannot take heartbeats: a ping is not understood";
    const overdueMs = now - (this.roster.nextWake() ?? now);
    if (overdueMs <= DEADLINE_OVERDUE_MS_MAX) return undefined;
    return `Cannot notice silence: a deadline is overdue by ${Math.round(overdueMs)} ms`;
  }

  #answerFailure(
    target: string,
    { delay, name, reason }: { delay: number; name: string; reason: string },
    { suffix, address }: StationAddress,
  ): HeartbeatReply {
    const promiseMs = (delay + this.#unit.margin) * this.#unit.ms;
    if (!(promiseMs > 0)) return bad(target);
    const heard = { id: compact(name + suffix), name, address, promiseMs };
    const member = this.roster.fail(heard, reason || NO_REASON, this.#moment().now);
    if (typeof member === "string") return this.#refuse(member) ?? full(target);
    this.#options.wake?.(this.roster.deadline(member));
    return done(FAILURE_NOTED);
  }

  /** An announcement without a number allows the time that a start may take, in a fixed unit. */
  #answerTemplate(
    target: string,
    { delay: delayMs, name, lostAfter }: HilbertRequest & { command: "template" },
    hostname: string,
  ): HeartbeatReply {
    const waitMs = delayMs === undefined ? this.#graceMs : delayMs + MARGIN_MS;
    if (!(waitMs > 0)) return bad(target);
    const from = this.#addresses.of(hostname);
    const announcedMs = delayMs ?? waitMs - MARGIN_MS;
    const promiseMs = this.#hear(name, from, waitMs, announcedMs, "beat");
    if (promiseMs === undefined) return full(target);
    this.#choose(this.roster.get(name + from.suffix), lostAfter, 1);
    return done(String(Math.ceil(promiseMs)));
  }

  #choose(member: Member | undefined, lostAfter: LostAfter | undefined, ms: number): void {
    if (member === undefined || lostAfter === undefined) return;
    this.roster.choose(member, inUnit(lostAfter, ms));
  }

  /** @return The silence that is tolerated from now on, in milliseconds; `undefined` if full. */
  #hear(
    name: string,
    from: StationAddress,
    promiseMs: number,
    announcedMs: number,
    kind: Heard["kind"],
  ): number | undefined {
    const now = this.#options.now();
    const id = name + from.suffix;
    const known = this.#known(id, now);
    this.#noteMisuse(id, known, kind);
    if (known !== undefined) {
      if (this.#tuner !== undefined) {
        const { ms } = this.#unit;
        const tunedMs = this.#tuner.tune(known, announcedMs, now);
        promiseMs = Math.max(promiseMs, Math.ceil(tunedMs / ms) * ms);
      }
      this.roster.renew(known, promiseMs, kind, now);
      this.#options.wake?.(this.roster.deadline(known));
      return promiseMs;
    }
    const { address } = from;
    const heard = { id: compact(id), name, address, promiseMs, kind };
    const member = this.roster.hear(heard, now);
    if (typeof member === "string") return this.#refuse(member);
    this.#options.wake?.(this.roster.deadline(member));
    return promiseMs;
  }

  /** Records a cached beat; false, without any effect, if its member has changed meanwhile. */
  #hearAgain(member: Member, promiseMs: number): boolean {
    const now = this.#options.now();
    if (!member.listed || now >= this.roster.deadline(member)) return false;
    if (!this.roster.renew(member, promiseMs, "beat", now)) return false;
    this.#options.wake?.(this.roster.deadline(member));
    this.counters.requests.ping++;
    return true;
  }

  /**
   * The current record of an identity. Checking this one deadline replaces making all due
   * transitions, because no other member is visible here.
   */
  #known(id: string, now: number): Member | undefined {
    const member = this.roster.get(id);
    if (member === undefined || now < this.roster.deadline(member)) return member;
    this.roster.advance(now);
    return this.roster.get(id);
  }

  /** Makes all transitions that are due. */
  #moment(): Moment {
    const { members } = this.#options;
    const now = this.#options.now();
    members.advance(now);
    return {
      roster: this.roster,
      host: members.pause === undefined ? "watched" : "maintenance",
      now,
    };
  }

  #noteMisuse(id: string, known: Member | undefined, kind: Heard["kind"]): void {
    const isListed = known !== undefined && known.listed;
    // A start that the management side announced counts as an init.
    const isInOrder = kind === "beat" ? isListed || known?.state === "starting" : !isListed;
    if (isInOrder) return;
    const misuse = isListed ? "init-of-known" : "ping-without-init";
    this.counters.misuses[misuse]++;
    this.#options.onMisuse?.(misuse, id);
  }

  #refuse(refusal: Refusal): undefined {
    this.counters.refusals[refusal]++;
    return undefined;
  }
}
