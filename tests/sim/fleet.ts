/**
 * The fleet of a simulated console: brokers, other hosts, and what the console must show of them.
 *
 * @module
 */

import { judgeFleetStatus } from "../../src/cli/commands/check/fleet.ts";
import { ExpectedConsole, type KnownHost } from "./fleet_console.ts";
import { FLEET, FleetPeers, type Peer, subjectOf } from "./fleet_peers.ts";
import { type BrokerManner, Cluster } from "./nats_broker.ts";
import type { StreamConfig } from "./nats_streams.ts";
import type { Part, Shown } from "./part.ts";
import type { Random } from "./random.ts";
import type { Flags, World } from "./world.ts";

/** Name of the console in the fleet. */
const CONSOLE = "console";
/** Brokers ping clients, and end the connections of those that do not answer for so long, in milliseconds. */
const STALE_MS = 15_000;
/** Within this time a console has everything that hosts told last, in milliseconds. */
export const QUIET_MS = 15_000;
const CHECK_WORDS: Readonly<Record<string, string>> = {
  problem: "WARNING",
  alarm: "CRITICAL",
  lost: "CRITICAL",
  late: "WARNING",
  starting: "UNKNOWN",
  maintenance: "OK",
  well: "OK",
};

/** The settings of a host that belongs to a fleet. */
export function fleetSettingsOf(random: Random): Flags {
  const brokers = random.pick([["pi1:4222"], ["pi1:4222", "pi2:4222", "pi3:4222"]]);
  return {
    fleet: brokers.map((place) => `nats://${place}`),
    fleetName: FLEET,
    fleetHost: CONSOLE,
    fleetView: true,
  };
}

interface ShownHost {
  readonly host: string;
  readonly state: string;
  readonly verdict: string | null;
  readonly headline: string | null;
  readonly label: string | null;
}

/** All of the fleet. */
export class Fleet implements Part {
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #peers: FleetPeers;
  readonly #console: ExpectedConsole;

  constructor(world: World, settings: Flags, hostPause: () => "none" | "maybe" | "certain") {
    this.#world = world;
    const places = (settings["fleet"] as string[]).map((url) => url.slice("nats://".length));
    this.#cluster = new Cluster(world.network, places);
    const now = () => world.time.now;
    this.#peers = new FleetPeers(this.#cluster, now);
    const { meanings } = this.#peers;
    this.#console = new ExpectedConsole({
      name: CONSOLE,
      now,
      pause: hostPause,
      meaningOf: (payload) => meanings.get(payload),
    });
    for (const config of streamsOf(places.length)) this.#cluster.streams.make(config);
    this.#cluster.onDelivery = (delivery) => this.#console.take(delivery);
    this.#cluster.onPublish = (_, { subject, payload }) => {
      if (subject === subjectOf("beat", CONSOLE)) {
        this.#console.say(JSON.parse(new TextDecoder().decode(payload)));
      }
    };
  }

  nextAt(): number {
    return this.#peers.nextAt();
  }

  async act(): Promise<void> {
    this.#peers.act();
    await this.#world.time.settle();
  }

  async step(random: Random): Promise<void> {
    const act = random.weighted(ACTS);
    const peer = this.#peers.all.length === 0 ? undefined : random.pick(this.#peers.all);
    this.#act(act, peer, random);
    await this.#world.time.settle();
  }

  listen(): void {
    this.#console.pass();
  }

  stand(ms: number): void {
    this.#console.stand(ms);
    if (ms >= STALE_MS) { for (const broker of this.#cluster.brokers) broker.dropAll(); }
    for (const peer of this.#peers.all) {
      if (peer.nextAt < this.#world.time.now) peer.nextAt = this.#world.time.now;
    }
  }

  killed(): void {
    this.#console.kill();
  }

  doubtDisk(): void {
    this.#console.doubtDisk();
  }

  stopped(): void {
    this.#console.stop();
  }

  restarted(): void {
    this.#console.start();
    const { now } = this.#world.time;
    for (const peer of this.#peers.all) if (peer.nextAt < now) peer.nextAt = now;
  }

  hostResumed(): void {
    this.#console.resume();
  }

  async check(_: Shown): Promise<void> {
    this.#console.pass();
    const status = await this.#ask("status");
    const { hosts } = await this.#ask("");
    this.#console.pass();
    this.#checkHearing(status.deaf);
    this.#checkStates(hosts);
    this.#checkStatus(status, hosts);
    for (const shown of hosts) await this.#checkHost(shown);
    await this.#checkRefused();
  }

  /** Everything works again. */
  mend(): void {
    for (const broker of this.#cluster.brokers) this.#be(broker, "works");
    this.#cluster.hasJetStream = true;
    for (const peer of this.#peers.all) peer.isCutOff = false;
  }

  /** All has been quiet for {@linkcode QUIET_MS}: the picture is what hosts said last. */
  async checkPicture(): Promise<void> {
    if (this.#console.hearing !== "hears") throw new Error("The console does not hear well brokers");
    for (const peer of this.#peers.all) {
      if (peer.nextAt === Infinity) continue;
      const known = this.#console.hosts.get(peer.name);
      const document = known?.document;
      const isCurrent = document?.epoch === peer.epoch && document.seq === peer.seq;
      if (!isCurrent) throw new Error(`The console lacks the last document of ${peer.name}`);
      const { state } = await this.#ask(`hosts/${peer.name}`);
      if (state !== "ok") throw new Error(`${peer.name} beats, and is ${state}`);
    }
  }

  /** The brokers end for good. */
  leave(): void {
    this.#cluster.end();
  }

  #act(act: keyof typeof ACTS, peer: Peer | undefined, random: Random): void {
    const peers = this.#peers;
    switch (act) {
      case "join":
        return void peers.join(random);
      case "die":
        if (peer !== undefined) peer.nextAt = Infinity;
        return;
      case "return":
        if (peer?.nextAt === Infinity) peers.restart(peer, random);
        return;
      case "restart":
        if (peer !== undefined) peers.restart(peer, random);
        return;
      case "cable":
        if (peer !== undefined) peer.isCutOff = !peer.isCutOff;
        return;
      case "change":
        if (peer !== undefined && peer.nextAt !== Infinity) peers.change(peer, random);
        return;
      case "nonsense":
        return peers.talkNonsense(random, peer?.name ?? "nobody");
      case "repeat":
        return peers.repeat(random);
      case "broker":
        return this.#be(random.pick(this.#cluster.brokers), random.pick(MANNERS));
      case "blackout":
        for (const broker of this.#cluster.brokers) this.#be(broker, "dead");
        for (const broker of this.#cluster.brokers) this.#be(broker, "works");
        return;
      case "jetStream":
        this.#cluster.hasJetStream = !this.#cluster.hasJetStream;
    }
  }

  #be(broker: Cluster["brokers"][number], manner: BrokerManner): void {
    if (broker.manner === manner) return;
    broker.be(manner);
    const { brokers, streams } = this.#cluster;
    if (!brokers.every((one) => one.manner === "dead")) return;
    streams.forgetMemory();
    this.#peers.disconnect();
  }

  #checkHearing(isDeaf: boolean): void {
    const { hearing, deafMs } = this.#console;
    if (isDeaf ? hearing === "hears" : hearing === "deaf") {
      const what = isDeaf ? "says that it is deaf" : "does not say that it is deaf";
      throw new Error(`The console ${what}, ${deafMs} ms after it heard itself`);
    }
  }

  #checkStates(hosts: readonly ShownHost[]): void {
    const shown = new Map(hosts.map(({ host, state }) => [host, state]));
    for (const { silence } of this.#console.hosts.values()) {
      const state = shown.get(silence.host);
      const allowed = silence.allowed();
      if (state === undefined) {
        if (silence.isDoubtful) continue;
        throw new Error(`The fleet's host ${silence.host} is missing`);
      }
      if (!(allowed as Set<string>).has(state)) {
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
    if (known === undefined) return;
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

/** What can happen in a fleet, and how often. */
const ACTS = {
  join: 10,
  die: 4,
  return: 4,
  restart: 2,
  cable: 3,
  change: 5,
  nonsense: 4,
  repeat: 3,
  broker: 8,
  blackout: 1,
  jetStream: 1,
} as const;

const MANNERS: readonly BrokerManner[] = ["works", "works", "dead", "stopped", "cut", "refuses"];

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

/** The streams that an operator makes for a fleet. */
function streamsOf(brokers: number): StreamConfig[] {
  const common = {
    num_replicas: brokers,
    retention: "limits",
    discard: "old",
    allow_direct: true,
    allow_rollup_hdrs: false,
    deny_delete: true,
    deny_purge: true,
  };
  return [
    {
      ...common,
      name: `PULSEBOX_${FLEET}_HOSTS`,
      subjects: [subjectOf("host", "*")],
      storage: brokers > 1 ? "memory" : "file",
      max_msgs_per_subject: 1,
      max_bytes: 33_554_432,
    },
    {
      ...common,
      name: `PULSEBOX_${FLEET}_TOLD`,
      subjects: [subjectOf("told", "*")],
      storage: "file",
      max_msgs_per_subject: 64,
      max_bytes: 67_108_864,
    },
  ];
}
