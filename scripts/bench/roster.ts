/**
 * A million members of one roster: what each weighs, and how fast they are heard.
 *
 * @module
 */

import { Events } from "../../src/core/events.ts";
import { Roster } from "../../src/core/roster.ts";
import { runChild } from "../process.ts";
import { type Figures, FIGURES_CHILD, perSecond, reachableBytes } from "./core_figures.ts";
import type { Row } from "./row.ts";

const MEMBERS = 1_000_000;
const ADDRESSES = 1000;
const MEMBER_BYTES_MAX = 400;
const PROMISE_MS = 5000;

/** Measures in a child process; the floor of hearing is a look-up in a plain `Map`. */
export async function run(): Promise<Row[]> {
  const { memberBytes = NaN, heard = NaN, found = NaN, stepped = NaN } = await runChild<Figures>([
    ...FIGURES_CHILD,
    "scripts/bench/roster.ts",
  ]);
  const area = "core";
  return [
    {
      area,
      measure: "memory of a member with identity and lease, of a million",
      value: memberBytes,
      unit: "B",
      goal: `<= ${MEMBER_BYTES_MAX} B`,
      pass: memberBytes <= MEMBER_BYTES_MAX,
    },
    {
      area,
      measure: "beats of known members, floor: Map.get",
      value: heard,
      unit: "/s",
      floor: found,
      ratio: heard / found,
    },
    { area, measure: "members missed, late, lost, gone", value: stepped, unit: "/s" },
  ];
}

function measure(): Figures {
  const addresses = Array.from(
    { length: ADDRESSES },
    (_, index) => `10.0.${index >> 8}.${index & 255}`,
  );
  // Asked for by name, the identities are made anew for each use, as a request makes them.
  const who = (index: number) => {
    const name = `application-${index}`;
    const address = addresses[index % ADDRESSES] ?? "";
    return { id: `${name} @ ${address}`, name, address, promiseMs: PROMISE_MS };
  };
  const before = reachableBytes();
  const roster = new Roster(
    {
      protocol: "hilbert",
      limits: { missed: 1, late: 3, lost: 5, gone: 6 },
      rememberGoneMs: 86_400_000,
      membersMax: MEMBERS,
      membersPerAddressMax: MEMBERS,
    },
    0,
    new Events(),
  );
  for (let index = 0; index < MEMBERS; index++) roster.hear({ ...who(index), kind: "beat" }, 0);
  const memberBytes = (reachableBytes() - before) / MEMBERS;

  const heard = perSecond(MEMBERS, () => {
    for (let index = 0; index < MEMBERS; index++) {
      roster.hear({ ...who(index), kind: "beat" }, 1000);
    }
  });
  const stepped = perSecond(MEMBERS, () => roster.advance(1e6));
  for (const member of roster.values()) {
    if (member.state !== "gone") throw new Error(`Cannot measure members: one is ${member.state}`);
  }
  return { memberBytes, heard, stepped, found: lookUps(who) };
}

function lookUps(who: (index: number) => { id: string }): number {
  const members = new Map<string, { id: string }>();
  for (let index = 0; index < MEMBERS; index++) members.set(who(index).id, who(index));
  let lengths = 0;
  const found = perSecond(MEMBERS, () => {
    for (let index = 0; index < MEMBERS; index++) {
      lengths += members.get(who(index).id)?.id.length ?? NaN;
    }
  });
  // What nobody looks at is not computed.
  if (!(lengths > 0)) throw new Error("Cannot measure look-ups: one found nothing");
  return found;
}

if (import.meta.main) console.log(JSON.stringify(measure()));
