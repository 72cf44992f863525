/**
 * Stewards on a real broker, in virtual time: what they hear is handed to them.
 */

import { strict as assert } from "node:assert";
import { Events } from "../../../src/core/events.ts";
import { Members } from "../../../src/core/members.ts";
import type { Notice } from "../../../src/core/notices.ts";
import type { NatsLink } from "../../../src/net/nats/link.ts";
import { fleetRules } from "../../../src/roles/fleet/options.ts";
import { Steward } from "../../../src/roles/fleet/steward.ts";
import { Viewer } from "../../../src/roles/fleet/viewer.ts";
import { encodeBeat } from "../../../src/wire/fleet/beat.ts";
import { fleetSubject } from "../../../src/wire/fleet/subjects.ts";
import { runProcess } from "../../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { openLink } from "../../support/nats_link.ts";
import { NATS_SERVER, NatsServer } from "../../support/nats_server.ts";
import { requirement } from "../../support/require.ts";
import { until } from "../../support/tcp.ts";
import { NO_COUNTS } from "./started_role.ts";

/** A console without anything else. */
class Desk implements AsyncDisposable {
  now = 0;
  readonly told: { id: string; notice: Notice; notices: readonly Notice[] }[] = [];
  readonly viewer: Viewer;
  readonly steward: Steward;
  readonly #link: NatsLink;
  readonly #members: Members;
  readonly #events = new Events();
  /** Whether its webhook takes nothing. */
  isStuck = false;
  /** Whether it hears the fleet. */
  hears = true;

  constructor(readonly name: string, port: number) {
    this.#members = new Members({ now: 0, events: this.#events });
    const now = () => this.now;
    this.viewer = new Viewer({
      roster: this.#members.open(fleetRules()),
      now,
      wake: () => {},
      onRefused: () => {},
    });
    this.#link = openLink(port, name, {
      onUp: () => this.steward.up(),
      onForbidden: (reason) => assert.fail(reason),
    });
    this.steward = new Steward({
      link: this.#link,
      fleet: "museum",
      host: name,
      viewer: this.viewer,
      voice: {
        post: (id, notices) => void this.told.push({ id, notice: notices[0], notices }),
        isWaiting: () => this.isStuck,
      },
      now,
      hears: () => this.hears,
    });
  }

  /** Hears a host. */
  hear(host: string, n: number, tells = false): void {
    const beat = {
      epoch: 1,
      n,
      seq: 0,
      ageMs: 0,
      verdict: "well",
      counts: NO_COUNTS,
      tells,
    } as const;
    this.viewer.beat(fleetSubject("museum", "beat", host), encodeBeat(beat));
  }

  /** Lets time pass in which nobody is heard. */
  pass(ms: number): void {
    this.now += ms;
    this.#members.advance(this.now);
  }

  lose(host: string): void {
    const member = { protocol: "fleet", id: host, name: host, address: host } as const;
    this.steward.take({ kind: "lost", id: `own-${this.name}`, at: this.now, member });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link.close();
  }
}

function lostTo({ viewer }: Desk): string[] {
  return [...viewer.roster.values()].filter(({ state }) => state === "lost").map(({ id }) => id);
}

/** @return All that the desks have told, as `KIND ID`, in the order of the outages. */
function toldBy(desks: readonly Desk[]): string[] {
  const kinds = ["lost", "recovered"];
  return desks.flatMap(({ told }) => told)
    .sort(({ notice: one }, { notice: other }) =>
      one.at - other.at || kinds.indexOf(one.kind) - kinds.indexOf(other.kind)
    )
    .map(({ id, notice }) => `${notice.kind} ${id}`);
}

async function ticking(desks: readonly Desk[], until_: () => boolean, what: string): Promise<void> {
  await until(() => {
    for (const desk of desks) desk.steward.tick();
    return until_();
  }, what);
}

if (requirement("stewards with a broker", NATS_SERVER)) {
  Deno.test("three stewards tell of an outage and its end once, and another takes over", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path });
    const { status, stderr } = await runProcess(["fleet", "init", `--fleet=${broker.url}`]);
    assert.equal(status, 0, stderr);
    await using stack = new AsyncDisposableStack();
    const desks = ["one", "two", "three"].map((name) => stack.use(new Desk(name, broker.port)));
    for (const desk of desks) {
      for (const other of desks) desk.hear(other.name, 1, true);
      desk.hear("foyer", 7);
      desk.pass(20_001);
      for (const other of desks) desk.hear(other.name, 2, true);
    }
    for (const desk of desks) desk.lose("foyer");
    await ticking(desks, () => toldBy(desks).length > 0, "somebody tells");
    const decided = () => desks.map(({ steward }) => steward.tells("foyer"));
    await ticking(desks, () => !decided().includes(undefined), "all know who tells");
    assert.deepEqual(decided().filter(Boolean), [true]);
    // It comes back: the end is told once, with the same identity.
    for (const desk of desks) desk.hear("foyer", 8);
    await ticking(desks, () => toldBy(desks).length > 1, "the end is told");
    const told = toldBy(desks);
    const [, id = ""] = /^lost (\S+)-lost$/.exec(told[0] ?? "") ?? [];
    assert.deepEqual(told, [`lost ${id}-lost`, `recovered ${id}-over`]);

    // The one that wins the next one cannot deliver.
    for (const desk of desks) {
      desk.isStuck = true;
      desk.pass(20_001);
      for (const other of desks) desk.hear(other.name, 3, true);
      desk.lose("foyer");
    }
    await ticking(desks, () => toldBy(desks).length === 3, "somebody tells");
    // They wait from when they read the claim: it must not come only after their minute.
    await ticking(desks, () => !decided().includes(undefined), "all know who tells again");
    const stuck = desks.find(({ steward }) => steward.tells("foyer") === true);
    const rest = desks.filter((desk) => desk !== stuck);
    for (const desk of rest) {
      desk.isStuck = false;
      desk.pass(61_000);
    }
    await ticking(rest, () => toldBy(desks).length === 4, "another one takes over");
    assert.equal(
      toldBy(desks).at(-1),
      toldBy([stuck ?? assert.fail()]).at(-1),
      "the same identity",
    );
  });

  Deno.test("hosts that are lost together are one message of one steward, and so is their return", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path });
    const { status, stderr } = await runProcess(["fleet", "init", `--fleet=${broker.url}`]);
    assert.equal(status, 0, stderr);
    await using stack = new AsyncDisposableStack();
    const desks = ["three", "one", "two"].map((name) => stack.use(new Desk(name, broker.port)));
    const hall = Array.from({ length: 40 }, (_, index) => `h${index}`);
    let beats = 0;
    const stewardsBeat = () => {
      beats++;
      for (const desk of desks) for (const { name } of desks) desk.hear(name, beats, true);
    };
    const pass = (ms: number) => {
      for (const desk of desks) desk.pass(ms);
      stewardsBeat();
    };
    stewardsBeat();
    // Their beats are spread over five seconds when the switch dies.
    for (const [index, host] of hall.entries()) {
      if (index % 10 === 0) pass(1_200);
      for (const desk of desks) desk.hear(host, 7);
    }
    /** Whether all know of an outage of each of these hosts, or that it has none. */
    const know = (hosts: readonly string[], isLost: boolean) =>
      desks.every(({ steward }) =>
        hosts.every((host) => (steward.tells(host) !== undefined) === isLost)
      );
    const [first = assert.fail()] = desks;
    for (let second = 0; second < 22; second++) {
      const before = lostTo(first);
      pass(1_000);
      const fresh = lostTo(first).filter((host) => !before.includes(host));
      for (const desk of desks) for (const host of fresh) desk.lose(host);
      // Time passes only when the log has been read.
      await ticking(desks, () => know(lostTo(first), true), "the log has the outages");
    }
    const items = () => desks.flatMap(({ told }) => told).map(({ notices }) => notices.length);
    await ticking(desks, () => {
      pass(100);
      return items().length > 0;
    }, "somebody tells");
    assert.deepEqual(items(), [40]);
    const [speaker] = desks.filter(({ told }) => told.length > 0);
    assert.equal(speaker?.name, "one", "the first in the alphabet");
    const [{ id = "" } = {}] = speaker.told;
    assert.match(id, /^[0-9a-f]{32}$/);

    for (const host of hall) {
      pass(100);
      for (const desk of desks) desk.hear(host, 8);
    }
    await ticking(desks, () => know(hall, false), "the log has the ends");
    await ticking(desks, () => {
      pass(100);
      return items().length > 1;
    }, "the return is told");
    assert.deepEqual(items(), [40, 40]);
    assert.deepEqual(speaker.told.map(({ notice }) => notice.kind), ["lost", "recovered"]);
  });

  Deno.test("a steward alone tells without a stream, several say that they cannot agree", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path, jetstream: false });
    await using desk = new Desk("desk", broker.port);
    desk.hear("desk", 1, true);
    desk.hear("foyer", 1);
    desk.pass(20_001);
    desk.lose("foyer");
    await ticking([desk], () => desk.told.length === 1, "it tells");
    assert.deepEqual(desk.steward.warnings(), []);

    desk.hear("other", 1, true);
    desk.hear("hall", 1);
    desk.lose("hall");
    desk.steward.tick();
    desk.now += 60_001;
    desk.hear("other", 2, true);
    await ticking([desk], () => desk.told.length === 2, "it complains");
    const [, complaint] = desk.told;
    assert.equal(complaint?.notice.kind, "alarm");
    assert.match(
      complaint?.notice.alarm ?? "",
      /^Nobody was told that hall is lost, because the consoles cannot agree on who tells people: there is no stream PULSEBOX_museum_TOLD; make it with pulsebox fleet init$/,
    );
    assert.deepEqual(desk.steward.warnings(), [complaint?.notice.alarm]);
    for (desk.hears of [false, true]) desk.steward.tick();
    assert.equal(desk.told.length, 2, "it complains once, deaf in between or not");
    for (let index = 0; index < 7; index++) desk.hear(`s${index}`, 1, true);
    assert.match(
      desk.steward.warnings()[0] ?? "",
      /^9 consoles notify people of lost hosts: at most 8/,
    );
  });
}
