/**
 * Compares what a console shows of its fleet with what it must show.
 *
 * @module
 */

import { judgeFleetStatus } from "../../src/cli/commands/check/fleet.ts";
import type { ExpectedConsole, KnownHost } from "./fleet_console.ts";
import type { FleetPeers } from "./fleet_peers.ts";
import type { World } from "./world.ts";

/** What `pulsebox check --fleet` says of each verdict. */
const CHECK_WORDS: Readonly<Record<string, string>> = {
  problem: "WARNING",
  alarm: "CRITICAL",
  lost: "CRITICAL",
  late: "WARNING",
  starting: "UNKNOWN",
  maintenance: "OK",
  well: "OK",
};

interface ShownHost {
  readonly host: string;
  readonly state: string;
  readonly verdict: string | null;
  readonly headline: string | null;
  readonly label: string | null;
}

/** The judge of one console. */
export class FleetJudge {
  readonly #world: World;
  readonly #console: ExpectedConsole;

  constructor(world: World, expected: ExpectedConsole) {
    this.#world = world;
    this.#console = expected;
  }

  /** @throws {Error} if the console shows what cannot be. */
  async check(): Promise<void> {
    this.#console.pass();
    const status = await this.#ask("status");
    const { hosts } = await this.#ask("");
    this.#console.pass();
    this.#checkHearing(status.deaf);
    // A run begins with nothing that is known, and nothing to complain of.
    this.#checkStates(hosts, status.deaf || status.heardMsAgo === null);
    this.#checkStatus(status, hosts);
    for (const shown of hosts) await this.#checkHost(shown);
    await this.#checkRefused();
  }

  /** @throws {Error} if a host shows a fleet that was not asked to. */
  async checkThatThereIsNone(): Promise<void> {
    const { status } = await this.#world.ask("/api/v1/fleet/status");
    if (status !== 404) throw new Error(`A host that shows no fleet answers ${status}`);
  }

  /** The state of each host of which all is certain. */
  async states(): Promise<Map<string, string>> {
    const { hosts }: { hosts: ShownHost[] } = await this.#ask("");
    const certain = hosts.filter(({ host }) => {
      const silence = this.#console.hosts.get(host)?.silence;
      return silence?.isDoubtful === false && silence.allowed().size === 1;
    });
    return new Map(certain.map(({ host, state }) => [host, state]));
  }

  /**
   * Everything has worked for a while: the picture is what hosts said last.
   *
   * @throws {Error} if it is not.
   */
  async checkPicture({ all, cloned }: FleetPeers): Promise<void> {
    if (this.#console.hearing !== "hears") {
      throw new Error("The console does not hear its fleet, although all brokers work");
    }
    for (const peer of all) {
      if (peer.nextAt === Infinity || cloned.has(peer.name)) continue;
      const document = this.#console.hosts.get(peer.name)?.document;
      const isCurrent = document?.epoch === peer.epoch && document.seq === peer.seq;
      if (!isCurrent) throw new Error(`The console lacks the last document of ${peer.name}`);
      const { state } = await this.#ask(`hosts/${peer.name}`);
      if (state !== "ok") throw new Error(`${peer.name} beats, and is ${state}`);
    }
  }

  #checkHearing(isDeaf: boolean): void {
    const { hearing, deafMs } = this.#console;
    if (isDeaf ? hearing === "hears" : hearing === "deaf") {
      const what = isDeaf ? "says that it is deaf" : "does not say that it is deaf";
      throw new Error(`The console ${what}, ${deafMs} ms after it heard itself`);
    }
  }

  #checkStates(hosts: readonly ShownHost[], hearsNobody: boolean): void {
    const shown = new Map(hosts.map(({ host, state }) => [host, state]));
    for (const { silence } of this.#console.hosts.values()) {
      const state = shown.get(silence.host);
      const allowed = shownAs(silence.allowed(), hearsNobody);
      if (state === undefined) {
        if (silence.isDoubtful) continue;
        throw new Error(`The fleet's host ${silence.host} is missing`);
      }
      if (!allowed.has(state)) {
        throw new Error(
          `The fleet's host ${silence} is ${state}, must be ${[...allowed].join(" or ")}`,
        );
      }
    }
    const stranger = hosts.find(({ host }) => !this.#console.hosts.has(host));
    if (stranger !== undefined && !this.#console.hasGhosts) {
      throw new Error(`${stranger.host} is in the fleet, and nobody has heard it`);
    }
  }

  // deno-lint-ignore no-explicit-any
  #checkStatus(status: any, hosts: readonly ShownHost[]): void {
    for (const [state, count] of Object.entries(status.hosts)) {
      const listed = hosts.filter((one) => one.state === state).length;
      if (listed !== count) throw new Error(`The fleet has ${listed} hosts ${state}, not ${count}`);
    }
    const expected = status.deaf ? "problem" : verdictOf(hosts);
    if (status.verdict !== expected) {
      throw new Error(`The fleet's verdict is ${status.verdict}, must be ${expected}`);
    }
    const { line } = judgeFleetStatus(status);
    const word = status.deaf ? "UNKNOWN" : CHECK_WORDS[expected];
    if (!line.startsWith(`${word} - `)) throw new Error(`The fleet is ${expected}, check: ${line}`);
  }

  /** A host's report is the newest that the console has heard. */
  async #checkHost(shown: ShownHost): Promise<void> {
    const known = this.#console.hosts.get(shown.host);
    if (known === undefined || known.silence.isContested) return;
    const { verdict, headline, label } = newestOf(known);
    if (shown.verdict !== verdict || shown.headline !== headline || shown.label !== label) {
      throw new Error(
        `${shown.host} said ${JSON.stringify({ verdict, headline, label })}, shown is ${
          JSON.stringify(shown)
        }`,
      );
    }
    const { state, members } = await this.#ask(`hosts/${shown.host}`);
    const isHeard = state === "ok" || state === "late";
    const told = (known.document?.members ?? []).map(({ id, name, state = "ok" }) =>
      isHeard ? `${id} ${name} ${state}` : `${id} ${name} unknown, was ${state}`
    );
    const listed = members.map((
      // deno-lint-ignore no-explicit-any
      { id, name, state, lastState }: any,
    ) => `${id} ${name} ${state}${lastState === undefined ? "" : `, was ${lastState}`}`);
    if (told.join("\n") !== listed.join("\n")) {
      throw new Error(`${shown.host}, ${state}, has told ${told}; shown are ${listed}`);
    }
  }

  async #checkRefused(): Promise<void> {
    const { body } = await this.#world.ask("/metrics");
    const pattern = /^pulsebox_fleet_messages_refused_total\{reason="(\w+)"\} (\d+)/gm;
    for (const [, reason = "", count] of body.matchAll(pattern)) {
      const expected = this.#console.refused.get(reason) ?? 0;
      if (Number(count) !== expected) {
        throw new Error(`${count} messages are counted as ${reason}, must be ${expected}`);
      }
    }
  }

  // deno-lint-ignore no-explicit-any
  async #ask(what: string): Promise<any> {
    const target = `/api/v1/fleet${what === "" ? "" : `/${what}`}`;
    const { status, body } = await this.#world.ask(target);
    if (status !== 200) throw new Error(`${target} got ${status}`);
    return JSON.parse(body);
  }
}

/** Whoever hears nobody knows of nobody that it is well. */
function shownAs(states: Iterable<string>, hearsNobody: boolean): Set<string> {
  return new Set([...states].map((state) => hearsNobody && state !== "lost" ? "unknown" : state));
}

function newestOf({ beat, document }: KnownHost) {
  const isBeatNewer = beat !== undefined && (document === undefined ||
    beat.epoch > document.epoch || beat.epoch === document.epoch && beat.seq >= document.seq);
  return {
    verdict: (isBeatNewer ? beat : document)?.verdict ?? null,
    headline: document?.headline ?? null,
    label: document?.label ?? null,
  };
}

/** The worst of all, as the rules of the fleet's verdict say. */
function verdictOf(hosts: readonly ShownHost[]): string {
  if (hosts.length === 0) return "starting";
  const is = (...states: string[]) => hosts.some(({ state }) => states.includes(state));
  const says = (word: string) =>
    hosts.some(({ state, verdict }) => verdict === word && (state === "ok" || state === "late"));
  if (says("alarm")) return "alarm";
  if (is("lost", "gone") || says("lost")) return "lost";
  if (says("problem")) return "problem";
  if (is("late") || says("late")) return "late";
  if (is("starting", "unknown") || says("starting")) return "starting";
  return is("maintenance") || says("maintenance") ? "maintenance" : "well";
}
