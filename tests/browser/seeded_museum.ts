/**
 * A museum with a past: a data folder as six weeks of running leave it.
 *
 * @module
 */

import { Calendar } from "../../src/core/calendar.ts";
import { HandClock, VirtualHost } from "../store/virtual_host.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const PAST_DAYS = 45;
/** So long that nobody falls silent by chance. */
const PROMISE_MS = 1_000 * DAY_MS;

/** The zone of its host. */
export const MUSEUM_ZONE = "Europe/Berlin";
/** The halls by the addresses of their stations. */
export const HALLS: ReadonlyMap<string, string> = new Map([
  ["127.0.6.1", "Foyer links"],
  ["127.0.6.2", "Foyer rechts"],
  ["127.0.6.3", "Saal 1 · Flächen"],
  ["127.0.6.4", "Saal 2 · Kuppel"],
  ["127.0.6.5", "Saal 3 · Jam"],
]);
/** What runs in each hall. */
export const EXHIBITS: readonly string[] = ["cinderella", "julius", "lenart", "pong", "surfer"];

/** An outage: whose, how many days ago, at what hour, how long. */
type Past = readonly [hall: string, name: string, daysAgo: number, hour: number, minutes: number];

/** Failed most this week. */
export const WORST = { name: "lenart", hall: "Saal 3 · Jam" } as const;

const PAST: readonly Past[] = [
  ["Saal 1 · Flächen", "pong", 40, 9, 300],
  ["Foyer links", "surfer", 31, 14, 45],
  ["Saal 3 · Jam", "julius", 26, 10, 1_500],
  ["Saal 2 · Kuppel", "cinderella", 18, 16, 20],
  ["Saal 1 · Flächen", "pong", 12, 11, 95],
  // One long outage is not the exhibit that failed most often.
  ["Foyer rechts", "julius", 5, 9, 840],
  ["Saal 3 · Jam", "lenart", 4, 10, 21],
  ["Saal 3 · Jam", "lenart", 4, 13, 7],
  ["Saal 3 · Jam", "lenart", 3, 9, 12],
  ["Saal 2 · Kuppel", "pong", 3, 15, 2],
  ["Saal 3 · Jam", "lenart", 2, 11, 16],
  ["Saal 1 · Flächen", "surfer", 2, 12, 41],
  ["Saal 3 · Jam", "lenart", 1, 10, 9],
];

/** Lives through six weeks up to this moment, in a moment. */
export function seedMuseum(directory: string, nowMs: number): void {
  const clock = new HandClock(nowMs - PAST_DAYS * DAY_MS);
  using host = new VirtualHost(directory, clock, { calendar: new Calendar(MUSEUM_ZONE) });
  host.store.load();
  const heard = (address: string, name: string) => ({
    ...{ id: `${name} @ ${address}`, name, address },
    ...{ promiseMs: PROMISE_MS, kind: "beat" as const },
  });
  const addressOf = new Map([...HALLS].map(([address, hall]) => [hall, address]));
  const passTo = (wallMs: number) => {
    while (clock.wallMs < wallMs) {
      clock.pass(Math.min(DAY_MS, wallMs - clock.wallMs));
      host.store.commitDue();
    }
  };
  for (const address of HALLS.keys()) {
    for (const name of EXHIBITS) host.hilbert.hear(heard(address, name), clock.now());
  }
  for (const [hall, name, daysAgo, hour, minutes] of PAST) {
    const who = heard(addressOf.get(hall) ?? "", name);
    const day = Math.floor((nowMs - daysAgo * DAY_MS) / DAY_MS) * DAY_MS;
    passTo(day + hour * HOUR_MS);
    host.hilbert.fail(who, "power cut", clock.now());
    passTo(clock.wallMs + minutes * MINUTE_MS);
    host.hilbert.hear(who, clock.now());
  }
  passTo(nowMs);
}
