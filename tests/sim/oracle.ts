/**
 * Judges what a host shows by what was done to it. It shares no code with the product.
 *
 * @module
 */

import type { CommandRun, Message } from "./endpoint.ts";
import { Expectation, type HostPause, type Shown } from "./expectation.ts";
import type { Listener, ToldChange } from "./listener.ts";

/** A member as the API shows it. */
interface ApiMember {
  readonly id: string;
  readonly state: Shown;
  readonly pause: unknown;
  readonly silentMs: number;
}

/** What was done less than this before a kill may be forgotten, in milliseconds. */
const UNWRITTEN_MS_MAX = 1_500;
/** Outages within an hour with which a member may count as flapping; then less is told. */
const FLAPPING_OUTAGES = 4;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The stream tells of what has happened up to this much later, in milliseconds. */
const GATHER_MS = 100;
/** How exactly each change can be dated, in milliseconds. */
const UPTIME_SLACK_MS = 60;
const DOWN: readonly string[] = ["lost", "gone"];

/** Worse than the one before, so that silence alone never leads back. */
const ORDER: readonly string[] = ["starting", "ok", "late", "lost", "gone"];

/** The judge. */
export class Oracle {
  readonly #now: () => number;
  readonly #known = new Map<string, Expectation>();
  /** Members that a kill may have brought back. */
  readonly #ghosts = new Set<string>();
  /** The state that was shown last, since the last beat. */
  readonly #shown = new Map<string, string>();
  /** When members were forgotten or said goodbye, in milliseconds. */
  readonly #removedAt = new Map<string, number>();
  readonly #kills: number[] = [];
  #restartedAt = -Infinity;
  /** Members that were in maintenance once. */
  readonly #pausedOnce = new Set<string>();
  /** Whether time went on evenly, without a restart, a standstill or a change of the clock. */
  isPlain = true;
  /** Whether records may be there of which nobody can tell. */
  #isDiskDoubtful = false;
  #isHostPaused = false;
  #hostPauseAt = -Infinity;
  #isHostPauseUncertain = false;

  readonly #hasWebhook: boolean;

  /**
   * @param now Monotonic time in milliseconds.
   * @param hasWebhook Whether messages go anywhere.
   */
  constructor(now: () => number, hasWebhook: boolean) {
    this.#now = now;
    this.#hasWebhook = hasWebhook;
  }

  heard(id: string, promiseMs: number, kind: "starting" | "ok"): void {
    const now = this.#now();
    const known = this.#known.get(id);
    this.#ghosts.delete(id);
    this.#shown.delete(id);
    if (known === undefined) this.#known.set(id, new Expectation(id, promiseMs, kind, now));
    else known.hear(promiseMs, kind, now);
  }

  failed(id: string, promiseMs: number): void {
    this.heard(id, promiseMs, "ok");
    this.#known.get(id)?.fail(promiseMs, this.#now());
  }

  /** It said goodbye. */
  left(id: string): void {
    const known = this.#known.get(id);
    this.#shown.delete(id);
    if (known === undefined) return;
    if (known.pause === "none") this.gone(id);
    else known.leave(this.#now());
  }

  /** Its record was ended. */
  gone(id: string): void {
    this.#known.delete(id);
    this.#shown.delete(id);
    this.#removedAt.set(id, this.#now());
  }

  pause(id: string, forMs: number): void {
    this.#pausedOnce.add(id);
    this.#known.get(id)?.begin(forMs, this.#now());
  }

  resume(id: string): void {
    const known = this.#known.get(id);
    this.#shown.delete(id);
    if (known?.isAbsent !== true) return known?.end(this.#now());
    this.gone(id);
    // Perhaps the kill has undone its goodbye.
    if (known.isUncertain) this.#ghosts.add(id);
  }

  pauseHost(isPaused: boolean): void {
    this.isPlain = false;
    this.#isHostPaused = isPaused;
    this.#hostPauseAt = this.#now();
    this.#isHostPauseUncertain = false;
    if (!isPaused) { for (const known of this.#known.values()) known.excuse(); }
  }

  /** The API refused a call about a member: it may do so only if the member is not there. */
  refused(id: string, { status, body }: { status: number; body: string }): void {
    const known = this.#known.get(id);
    if (known !== undefined && !known.isUncertain && !known.isAbsent) {
      throw new Error(`${id} is there, and a call about it got ${status}: ${body}`);
    }
  }

  listen(ms: number): void {
    for (const known of this.#known.values()) known.listen(ms, this.hostPause);
  }

  stand(ms: number): void {
    if (ms < 500) return this.listen(ms);
    for (const known of this.#known.values()) known.stand(ms, this.hostPause);
  }

  killed(): void {
    const now = this.#now();
    this.#kills.push(now);
    for (const known of this.#known.values()) known.kill(now, UNWRITTEN_MS_MAX);
    for (const [id, at] of this.#removedAt) {
      if (now - at < UNWRITTEN_MS_MAX) this.#ghosts.add(id);
    }
    if (now - this.#hostPauseAt < UNWRITTEN_MS_MAX) this.#isHostPauseUncertain = true;
  }

  restarted(awayMs: number): void {
    this.#restartedAt = this.#now();
    this.#shown.clear();
    for (const known of this.#known.values()) known.restart(awayMs);
  }

  /**
   * The host begins anew, and its disk failed before: it knows what was written until then, no more, and
   * may find it only when the disk works again.
   */
  doubtDisk(): void {
    this.#isDiskDoubtful = true;
    this.#isHostPauseUncertain = true;
    for (const known of this.#known.values()) known.kill(this.#now(), Infinity);
  }

  /** Members of whom everything is known. */
  certain(): string[] {
    return [...this.#known.values()].filter((known) => !known.isUncertain).map(({ id }) => id);
  }

  checkMembers(
    { members, phones }: {
      readonly members: readonly ApiMember[];
      readonly phones: { readonly count: number } | null;
    },
    { verdict, alarms, problems, warnings }: {
      readonly verdict: string;
      readonly alarms: readonly { readonly priority: string }[];
      readonly problems: readonly string[];
      readonly warnings: readonly string[];
    },
    hasEmergency: boolean,
  ): void {
    if (this.#isHostPauseUncertain) return;
    const shown = new Map(members.map((member) => [member.id, member]));
    for (const known of this.#known.values()) {
      if (known.isUncertain) continue;
      const member = shown.get(known.id);
      if (member === undefined) throw new Error(`${known.id} is missing`);
      const allowed = known.allowed();
      if (!allowed.has(member.state)) {
        throw new Error(`${known.id} is ${member.state}, must be ${[...allowed].join(" or ")}`);
      }
      const isPaused = member.pause !== null;
      if (known.pause !== "maybe" && isPaused !== (known.pause === "certain")) {
        throw new Error(`${known.id}: in maintenance is ${isPaused}`);
      }
      const before = this.#shown.get(known.id);
      if (before !== undefined && ORDER.indexOf(member.state) < ORDER.indexOf(before)) {
        throw new Error(`${known.id} went from ${before} to ${member.state} without being heard`);
      }
      this.#shown.set(known.id, member.state);
    }
    for (const { id } of members.filter(isApplication)) {
      if (id.includes("hostile")) throw new Error("A hostile peer has become a member");
      if (this.#known.has(id) || this.#ghosts.has(id) || this.#isDiskDoubtful) continue;
      throw new Error(`${id} is listed and nobody knows it`);
    }
    const expected = problems.length + warnings.length > 0
      ? "problem"
      : hasEmergency || alarms.some(({ priority }) => priority === "PRIORITY_HIGH")
      ? "alarm"
      : this.#verdictOf(members, {
        phones: phones?.count ?? 0,
        hasAlarm: alarms.some(({ priority }) => priority === "PRIORITY_MEDIUM"),
      });
    if (verdict !== expected) throw new Error(`The verdict is ${verdict}, must be ${expected}`);
  }

  checkList(text: string): void {
    if (this.#isHostPauseUncertain) return;
    const listed = new Set(text.split("\n").filter((line) => line !== ""));
    for (const known of this.#known.values()) {
      if (known.isUncertain || known.isAbsent) continue;
      const allowed = known.allowed();
      const name = known.id.slice("hilbert/".length);
      if (!allowed.has("gone") && !listed.has(name)) throw new Error(`/list lacks ${name}`);
      if (allowed.size === 1 && allowed.has("gone") && listed.has(name)) {
        throw new Error(`/list still has ${name}`);
      }
    }
  }

  /** What the stream and the API do not agree on. */
  differenceOf(
    listener: Listener,
    { members }: { readonly members: readonly ApiMember[] },
  ): string | undefined {
    for (const { id, state } of members) {
      const streamed = listener.states.get(id);
      if (streamed !== state) return `${id} is ${state}, the stream says ${streamed}`;
    }
    return listener.states.size === members.length
      ? undefined
      : `The stream has ${listener.states.size} members, not ${members.length}`;
  }

  /** Alarms that people were told of, each message once. */
  alarmsOf(messages: readonly Message[]): { readonly alarm: string; readonly priority: string }[] {
    const unique = new Map(messages.map((message) => [message.id, message]));
    return [...unique.values()].filter(({ type }) => type === "alarm").flatMap(({ items }) =>
      items.map(({ alarm = "", priority = "" }) => ({ alarm, priority }))
    );
  }

  /** Each outage was told once and closed once. */
  checkTold(changes: readonly ToldChange[], messages: readonly Message[]): void {
    const unique = new Map(messages.map((message) => [message.id, message]));
    const items = [...unique.values()].flatMap(({ type, items }) =>
      items.map((item) => ({ type, id: item.id, member: memberOf(item) }))
    );
    const outages = new Map<string, string[]>();
    for (const { type, id } of items) {
      if (type !== "flapping" && type !== "alarm") {
        outages.set(id, [...outages.get(id) ?? [], type]);
      }
    }
    const open = new Map<string, number>();
    for (const [id, types] of outages) {
      const lost = types.filter((type) => type === "lost").length;
      if (this.#isDiskDoubtful) continue;
      const closed = types.filter((type) => type === "recovered" || type === "ended").length;
      const member = items.find((item) => item.id === id)?.member ?? "";
      if (lost !== 1 && !this.#isDiskDoubtful) {
        throw new Error(`An outage of ${member} was told ${lost} times: ${types}`);
      }
      if (closed > 1) throw new Error(`An outage of ${member} was closed ${closed} times`);
      if (closed === 0) open.set(member, (open.get(member) ?? 0) + 1);
    }
    if (this.#isDiskDoubtful) return;
    const fresh = this.#changedLately(changes);
    for (const [member, count] of open) {
      if (fresh.has(member)) continue;
      // The kill has undone that it was forgotten.
      if (this.#ghosts.has(member) || !isApplication({ id: member })) continue;
      const known = this.#known.get(member);
      const isDown = known !== undefined &&
        [...known.allowed()].some((state) => DOWN.includes(state));
      if (count > 1) throw new Error(`${count} outages of ${member} are open`);
      if (!isDown && known?.isUncertain !== true && known?.isAbsent !== true) {
        throw new Error(`An outage of ${member} was never closed`);
      }
    }
    this.#checkMissed(changes, items);
  }

  /** Whether somebody who is lost has had no run of the command since. */
  owesRun(changes: readonly ToldChange[], runs: readonly CommandRun[]): boolean {
    return [...this.#known.values()].some((known) => {
      if (known.isUncertain || known.pause !== "none" || this.hostPause !== "none") return false;
      const lost = changes.filter(({ member }) => member === known.id).at(-1);
      const began = changes.filter(({ member, to }) => member === known.id && to === "lost").at(-1);
      if (lost === undefined || began === undefined || !DOWN.includes(lost.to)) return false;
      // A run that was still to come is not remembered over a restart.
      if (began.from === "gone" || began.at < this.#restartedAt || this.#flaps(changes, known.id)) {
        return false;
      }
      return !runs.some((run) => run.member === known.id && run.at >= began.at - GATHER_MS);
    });
  }

  /** No command runs for somebody who is well. */
  checkRuns(changes: readonly ToldChange[], runs: readonly CommandRun[]): void {
    for (const { at, member } of runs) {
      // The stream tells of it in a moment.
      if (at > this.#now() - GATHER_MS) continue;
      const losses = changes.filter((change) =>
        change.member === member && DOWN.includes(change.to)
      );
      if (losses.some((loss) => loss.at <= at + GATHER_MS)) continue;
      throw new Error(`The command ran for ${member}, which was never lost`);
    }
  }

  /** Outages and lengths agree with what the stream told. */
  checkUptime(
    id: string,
    { spans }: { readonly spans: readonly { span: string; knownMs: number; downMs: number }[] },
    changes: readonly ToldChange[],
  ): void {
    for (const { span, knownMs, downMs } of spans) {
      if (downMs > knownMs) {
        throw new Error(`${id} was down for ${downMs} of ${knownMs} ms in ${span}`);
      }
    }
    const [day] = spans;
    // The figures of a day are whole half-hours, so a long run has left some out.
    if (!this.isPlain || day === undefined || this.#now() > DAY_MS || this.#pausedOnce.has(id)) {
      return;
    }
    let expectedMs = 0;
    let downSince: number | undefined;
    let isPaused = false;
    for (const { member, at, to, cause, silentMs, paused } of changes) {
      if (member !== id) continue;
      isPaused ||= paused;
      if (to === "lost") downSince ??= cause === "failed" ? at : at - silentMs;
      else if (!DOWN.includes(to) && downSince !== undefined) {
        expectedMs += at - downSince;
        downSince = undefined;
      }
    }
    if (downSince !== undefined) expectedMs += this.#now() - downSince;
    const slackMs = UPTIME_SLACK_MS * (1 + changes.length);
    if (!isPaused && Math.abs(day.downMs - expectedMs) > slackMs) {
      throw new Error(`${id} was down for ${day.downMs} ms, must be ${expectedMs}`);
    }
  }

  /** Members of whom the last is perhaps not written down yet, and so not told. */
  #changedLately(changes: readonly ToldChange[]): Set<string> {
    const since = this.#now() - UNWRITTEN_MS_MAX;
    return new Set(changes.filter(({ at }) => at > since).map(({ member }) => member));
  }

  #flaps(changes: readonly ToldChange[], id: string): boolean {
    const lost = changes.filter(({ member, to }) => member === id && to === "lost");
    return lost.some(({ at }) =>
      lost.filter((other) => other.at <= at && at - other.at < HOUR_MS).length >= FLAPPING_OUTAGES
    );
  }

  #checkMissed(
    changes: readonly ToldChange[],
    items: readonly { readonly type: string; readonly member: string }[],
  ): void {
    if (!this.#hasWebhook) return;
    const fresh = this.#changedLately(changes);
    const losses = Map.groupBy(
      changes.filter(({ from, to, paused }) => from !== "gone" && to === "lost" && !paused),
      ({ member }) => member,
    );
    for (const [member, lost] of losses) {
      if (this.#flaps(changes, member) || fresh.has(member)) continue;
      const doubtful = lost.filter(({ at }) =>
        this.#kills.some((kill) =>
          kill >= at && kill - at < UNWRITTEN_MS_MAX
        )
      ).length;
      const told = items.filter((item) => item.type === "lost" && item.member === member).length;
      if (told < lost.length - doubtful) {
        throw new Error(`${member} was lost ${lost.length} times, and told ${told} times`);
      }
    }
  }

  /** Whether the whole host is in maintenance. */
  get hostPause(): HostPause {
    if (this.#isHostPauseUncertain) return "maybe";
    return this.#isHostPaused ? "certain" : "none";
  }

  #verdictOf(
    members: readonly ApiMember[],
    { phones, hasAlarm }: { readonly phones: number; readonly hasAlarm: boolean },
  ): string {
    const counted = members.filter(({ pause }) => pause === null && !this.#isHostPaused);
    const has = (...states: string[]) => counted.some(({ state }) => states.includes(state));
    if (has("lost", "gone")) return "lost";
    if (has("late") || hasAlarm) return "late";
    if (has("starting", "unknown")) return "starting";
    if (this.#isHostPaused) return "maintenance";
    if (members.length === 0) return phones > 0 ? "well" : "starting";
    return counted.length < members.length ? "maintenance" : "well";
  }
}

function memberOf(item: { readonly member?: unknown }): string {
  const { member } = item as { member?: { id?: string } };
  return member?.id ?? "";
}

function isApplication({ id }: Pick<ApiMember, "id">): boolean {
  return id.startsWith("hilbert/");
}
