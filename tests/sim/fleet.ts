/**
 * The fleet of a simulated console: brokers, other hosts, and what the console must show of them.
 *
 * @module
 */

import { ExpectedConsole } from "./fleet_console.ts";
import { FleetJudge } from "./fleet_judge.ts";
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
    fleetView: true,
  };
}

/** All of the fleet. */
export class Fleet implements Part {
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #peers: FleetPeers;
  readonly #console: ExpectedConsole;
  readonly #judge: FleetJudge;

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
    this.#judge = new FleetJudge(world, this.#console);
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
    await this.#judge.check();
  }

  /** Everything works again. */
  mend(): void {
    for (const broker of this.#cluster.brokers) this.#be(broker, "works");
    this.#cluster.hasJetStream = true;
    for (const peer of this.#peers.all) peer.isCutOff = false;
  }

  /** All has been quiet for {@linkcode QUIET_MS}: the picture is what hosts said last. */
  async checkPicture(): Promise<void> {
    await this.#judge.checkPicture(this.#peers.all);
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
