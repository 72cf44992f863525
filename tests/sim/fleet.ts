/**
 * The fleet of a simulated console: brokers, other hosts, and what the console must show of them.
 *
 * @module
 */

import { ExpectedConsole } from "./fleet_console.ts";
import { FleetJudge } from "./fleet_judge.ts";
import { FleetReport } from "./fleet_report.ts";
import { checkFleetTold, isOfFleet } from "./fleet_told.ts";
import type { HostPause } from "./expectation.ts";
import type { Message } from "./endpoint.ts";
import type { ToldChange } from "./listener.ts";
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
/** The settings of a host that belongs to a fleet. */
export function fleetSettingsOf(random: Random): Flags {
  const brokers = random.pick([["pi1:4222"], ["pi1:4222", "pi2:4222", "pi3:4222"]]);
  return {
    fleet: brokers.map((place) => `nats://${place}`),
    fleetName: FLEET,
    fleetHost: CONSOLE,
    ...(random.chance(0.9) ? { fleetView: true } : {}),
    ...(random.chance(0.5) ? { fleetTell: true } : {}),
    ...(random.chance(0.3) ? { fleetLabel: "<i>Café</i>" } : {}),
  };
}

/** All of the fleet. */
export class Fleet implements Part {
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #peers: FleetPeers;
  readonly #console: ExpectedConsole;
  readonly #judge: FleetJudge;
  readonly #report = new FleetReport();
  readonly #settings: Flags;
  readonly #hostPause: () => HostPause;
  /**
   * Whether nobody can tell what was told: the disk failed, or the console ended after it had no log in
   * common with others. It then keeps one of its own, in memory.
   */
  #isToldDoubtful = false;
  #lackedLog = false;

  constructor(world: World, settings: Flags, hostPause: () => HostPause) {
    this.#world = world;
    this.#hostPause = hostPause;
    this.#settings = settings;
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
    this.#judge = new FleetJudge(world, this.#console);
    for (const config of streamsOf(places.length)) this.#cluster.streams.make(config);
    this.#cluster.onDelivery = (delivery) => this.#console.take(delivery);
    this.#cluster.onPublish = (_, { subject, payload }) => {
      if (subject === subjectOf("host", CONSOLE)) this.#report.take(payload);
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

  /** Whether it shows the fleet. */
  get #isViewer(): boolean {
    return "fleetView" in this.#settings;
  }

  async step(random: Random): Promise<void> {
    const act = random.weighted(ACTS);
    const peer = this.#peers.all.length === 0 ? undefined : random.pick(this.#peers.all);
    if (act === "forget") await this.#forget(peer?.name ?? "nobody");
    else this.#act(act, peer, random);
    await this.#world.time.settle();
  }

  listen(): void {
    this.#console.pass();
  }

  stand(ms: number): void {
    this.#console.stand(ms);
    this.#report.rest();
    if (ms >= STALE_MS) { for (const broker of this.#cluster.brokers) broker.dropAll(); }
    this.#peers.catchUp();
  }

  killed(): void {
    this.#console.kill();
  }

  doubtDisk(): void {
    this.#console.doubtDisk();
    this.#isToldDoubtful = true;
  }

  stopped(): void {
    this.#console.stop();
    this.#report.forget();
    this.#isToldDoubtful ||= this.#lackedLog;
  }

  restarted(): void {
    this.#console.start();
    this.#peers.catchUp();
  }

  hostResumed(): void {
    this.#console.resume();
  }

  /** The console tells that a member has another state. */
  told({ member, to }: ToldChange): void {
    if (isOfFleet(member) && to === "lost") this.#console.checkLoss(member.slice("fleet/".length));
  }

  async check(shown: Shown): Promise<void> {
    if (this.#isViewer) await this.#judge.check();
    else {
      this.#console.pass();
      await this.#judge.checkThatThereIsNone();
    }
    const pause = this.#hostPause();
    if (this.#console.hearing === "hears" && pause !== "maybe") {
      this.#report.check(shown, this.#world.time, pause === "certain");
    } else this.#report.rest();
  }

  /** Everything works again. */
  mend(): void {
    for (const broker of this.#cluster.brokers) this.#be(broker, "works");
    this.#cluster.hasJetStream = true;
    for (const peer of this.#peers.all) peer.isCutOff = false;
  }

  /** All has been quiet for {@linkcode QUIET_MS}: the picture is what hosts said last. */
  async checkPicture(): Promise<void> {
    if (this.#isViewer) await this.#judge.checkPicture(this.#peers);
  }

  /** Whether people are told of lost hosts. */
  get tells(): boolean {
    return this.#isViewer && ["fleetTell", "webhook"].every((flag) => flag in this.#settings);
  }

  /** What people were told, once everything has worked for a while. */
  async checkTold(messages: readonly Message[], changes: readonly ToldChange[]): Promise<void> {
    if (!this.tells || this.#isToldDoubtful) return;
    const states = await this.#judge.states();
    for (const host of this.#peers.cloned) states.delete(host);
    checkFleetTold(messages, changes, states);
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
      case "clone":
        return peers.clone(random.chance(0.5) ? CONSOLE : peer?.name ?? CONSOLE, random);
      case "forget":
        return;
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
        this.#lackedLog = true;
    }
  }

  /** An operator makes the console forget a host. */
  async #forget(host: string): Promise<void> {
    if (!this.#isViewer) return;
    const target = `/api/v1/fleet/hosts/${host}`;
    const { status } = await this.#world.ask(target, { method: "DELETE" });
    this.#console.forget(host, status);
  }

  #be(broker: Cluster["brokers"][number], manner: BrokerManner): void {
    if (broker.manner === manner) return;
    broker.be(manner);
    const { brokers, streams } = this.#cluster;
    if (!brokers.every((one) => one.manner === "dead")) return;
    streams.forgetMemory();
    this.#peers.disconnect();
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
  clone: 2,
  forget: 2,
  repeat: 3,
  broker: 8,
  blackout: 1,
  jetStream: 1,
} as const;

const MANNERS: readonly BrokerManner[] = ["works", "works", "dead", "stopped", "cut", "refuses"];

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
