/**
 * The alarms that a ventilator's host must list, worked out from what the controller raised and from what
 * operators acknowledged.
 *
 * @module
 */

/** An alarm as the API shows it. */
export interface ShownAlarm {
  readonly name: string;
  readonly priority: string;
  readonly count: number;
}

/** What was done less than this before a kill may be forgotten, in milliseconds. */
const UNWRITTEN_MS_MAX = 1_500;

/** An alarm of the list. */
interface Listed {
  /** How often it was raised in this run of the host since it was listed. */
  count: number;
  /** When it was listed, in milliseconds. */
  readonly listedAt: number;
}

/** The list of alarms. Each alarm is named as `PRIORITY NAME`. */
export class AlarmExpectation {
  /** In order of arrival. */
  #listed = new Map<string, Listed>();
  readonly #acknowledgedAt = new Map<string, number>();
  /** Alarms of which nobody can tell whether they are listed: the host was killed right then. */
  readonly #doubtful = new Set<string>();
  #isDoubtful = false;
  /** Each time that an alarm was listed, over all runs of the host: when, and which. */
  readonly #listings: { readonly at: number; readonly alarm: string }[] = [];
  readonly #killedAt: number[] = [];

  /** Whether nobody can tell of any alarm: the disk or the line has failed. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  /** The listed alarms, in order of arrival. */
  get all(): string[] {
    return [...this.#listed.keys()];
  }

  /** How often a listed alarm was raised; 0 if it is not listed. */
  countOf(alarm: string): number {
    return this.#listed.get(alarm)?.count ?? 0;
  }

  /** An alarm is raised now. */
  list(alarm: string, now: number): void {
    const listed = this.#listed.get(alarm);
    if (listed !== undefined) {
      listed.count++;
      return;
    }
    this.#listed.set(alarm, { count: 1, listedAt: now });
    this.#listings.push({ at: now, alarm });
  }

  /** Somebody acknowledges alarms now. */
  acknowledge(alarms: readonly string[], now: number): void {
    for (const alarm of alarms) {
      this.#listed.delete(alarm);
      this.#acknowledgedAt.set(alarm, now);
    }
  }

  /** The host is killed now. */
  kill(now: number): void {
    this.#killedAt.push(now);
    const changes = [...this.#listed].map(([alarm, { listedAt }]) => [alarm, listedAt] as const);
    for (const [alarm, at] of [...changes, ...this.#acknowledgedAt]) {
      if (now - at < UNWRITTEN_MS_MAX) this.#doubtful.add(alarm);
    }
  }

  /** The disk or the line has failed. */
  doubt(): void {
    this.#isDoubtful = true;
  }

  /** The host begins to count anew. */
  restart(): void {
    for (const listed of this.#listed.values()) listed.count = 0;
  }

  /** @throws {Error} if other alarms are shown; those of which nobody can tell become what is shown. */
  check(shown: readonly ShownAlarm[], now: number): void {
    if (this.#isDoubtful || this.#doubtful.size > 0) return this.#settle(shown, now);
    const got = shown.map(({ name, priority, count }) => `${priority} ${name} ${count}`);
    const must = [...this.#listed].map(([alarm, { count }]) => `${alarm} ${count}`);
    if (got.join() !== must.join()) throw new Error(`The alarms are [${got}], must be [${must}]`);
  }

  /** @throws {Error} unless each alarm that was listed was told once. */
  finish(told: readonly { readonly alarm: string; readonly priority: string }[]): void {
    if (this.#isDoubtful) return;
    for (const [alarm, listings] of Map.groupBy(this.#listings, ({ alarm }) => alarm)) {
      const doubtful = listings.filter(({ at }) =>
        this.#killedAt.some((kill) =>
          kill >= at && kill - at < UNWRITTEN_MS_MAX
        )
      ).length;
      const times = told.filter((one) => `${one.priority} ${one.alarm}` === alarm).length;
      if (times > listings.length || times < listings.length - doubtful) {
        throw new Error(`${alarm} was listed ${listings.length} times, and told ${times} times`);
      }
    }
  }

  #settle(shown: readonly ShownAlarm[], now: number): void {
    const names = shown.map(({ name, priority }) => `${priority} ${name}`);
    const rest = (list: readonly string[]) => list.filter((one) => !this.#doubtful.has(one));
    const [got, must] = [rest(names), rest(this.all)];
    if (!this.#isDoubtful && got.join() !== must.join()) {
      throw new Error(`The alarms are [${got}], must be [${must}]`);
    }
    this.#doubtful.clear();
    this.#listed = new Map(
      names.map((name, at) => {
        const listedAt = this.#listed.get(name)?.listedAt ?? now;
        return [name, { count: shown[at]?.count ?? 0, listedAt }];
      }),
    );
  }
}
