/**
 * What happens to a host that is out in the world: hostile peers at every port, other settings, a
 * cable that is pulled, a subscriber that sleeps.
 *
 * @module
 */

import { HOSTILITIES, type Hostility, peersOf } from "../../tests/faults/hostilities.ts";
import { type Victim, victimsOf } from "../../tests/faults/victims.ts";
import { about, pause, type Places, sampleOf, type Scene } from "./crowd.ts";
import type { SoakHost } from "./host.ts";
import type { Publications } from "./publications.ts";
import type { Ventilator } from "./ventilator.ts";

/** A hostile act ends after this time at the latest, in milliseconds. */
const ACT_MS_MAX = 15_000;
/** Connections and datagrams of one act. */
const PEERS_MAX = 4;
const DATAGRAMS_MAX = 200;
const REGISTRATION_BYTES = 2;
/** How often an act is none of a hostile peer. */
const OWN_SHARE = 0.25;

/** What hostile peers say instead of what is right: it would be counted among what honest ones said. */
const HARMLESS: Readonly<Record<string, string>> = {
  heartbeat: "GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
};

/** Who can be disturbed. */
export interface ChaosTargets {
  readonly host: SoakHost;
  readonly ventilator: Ventilator;
  readonly publications: Publications;
}

/** Does one thing after the other, chosen at random. */
export class Chaos {
  readonly #scene: Scene;
  readonly #own: readonly { readonly name: string; readonly act: () => Promise<void> | void }[];
  readonly #victims: readonly Victim[];
  readonly #counts = new Map<string, number>();

  constructor({ host, ventilator, publications }: ChaosTargets, scene: Scene) {
    this.#scene = scene;
    const dropped = async () => sampleOf(await host.metrics(), "mlf_zmq_dropped_total");
    this.#own = [
      { name: "SIGHUP", act: () => host.reload() },
      { name: "a subscriber oversleeps", act: () => publications.oversleep(dropped) },
      { name: "the controller is unplugged", act: () => ventilator.replug() },
    ];
    this.#victims = victimsOf(reportedOf(scene.places), "");
  }

  /** How often each thing was done. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Goes on until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { pace, random } = this.#scene;
    while (!signal.aborted) {
      await pause(about(pace.chaosMs, random), signal);
      if (signal.aborted) return;
      try {
        await this.#act(signal);
      } catch {
        // The host was killed meanwhile, so that nobody could connect.
      }
    }
  }

  /** Each of the acts that are none of a hostile peer comes once at first, then they are chosen. */
  async #act(signal: AbortSignal): Promise<void> {
    const own = this.#own.find(({ name }) => !this.#counts.has(name)) ??
      (this.#scene.random() < OWN_SHARE ? this.#pick(this.#own) : undefined);
    if (own !== undefined) {
      this.#count(own.name);
      return await own.act();
    }
    const hostility = this.#pick(HOSTILITIES.filter((each) => each.aloneAtEachPort !== true));
    const victim = this.#pick(this.#victims);
    this.#count(`a peer ${hostility.name}`);
    await (victim.transport === "udp"
      ? sendDatagrams(hostility, victim)
      : attack(hostility, victim, signal));
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#scene.random() * items.length)] as T;
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }
}

function reportedOf(places: Places): { role: string; url: string }[] {
  const at = (role: string, scheme: string, port: number) => ({
    role,
    url: `${scheme}://127.0.0.1:${port}`,
  });
  return [
    at("heartbeat", "http", places.heartbeat),
    at("trigger", "udp", places.trigger),
    at("hev", "tcp", places.hevWeb),
    at("hev", "tcp", places.hevNative),
    at("hev", "tcp", places.hevQuery),
    at("state", "http", places.state),
    at("state", "tcp", places.publisher),
    at("state", "tcp", places.subscriber),
    at("console", "http", places.console),
  ];
}

async function attack(hostility: Hostility, victim: Victim, signal: AbortSignal): Promise<void> {
  if (hostility.attack !== undefined) return void await hostility.attack(victim);
  const stop = new AbortController();
  const acts: Promise<unknown>[] = [];
  const harmless = HARMLESS[victim.name.split(" ")[0] ?? ""];
  const whole = harmless === undefined ? {} : { whole: new TextEncoder().encode(harmless) };
  await using offenders = new AsyncDisposableStack();
  offenders.defer(async () => {
    await Promise.allSettled(acts);
  });
  const count = Math.min(peersOf(hostility), PEERS_MAX);
  for (let index = 0; index < count; index++) {
    const dial = victim.dials[index % victim.dials.length];
    if (dial === undefined) continue;
    const { offender, words } = await dial();
    offenders.defer(() => offender.close());
    const act = hostility.act?.(offender, { ...victim, ...words, ...whole }, stop.signal);
    if (act !== undefined) acts.push(act.catch(() => {}));
  }
  await Promise.race([Promise.all(acts), pause(ACT_MS_MAX, signal)]);
  stop.abort();
}

/** None of them registers a phone: nobody would count its wake-ups. */
async function sendDatagrams(hostility: Hostility, { port }: Victim): Promise<void> {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  try {
    let sent = 0;
    for (const datagram of hostility.datagrams?.() ?? []) {
      if (datagram.length === REGISTRATION_BYTES) continue;
      await socket.send(datagram, { transport: "udp", hostname: "127.0.0.1", port });
      if (++sent === DATAGRAMS_MAX) return;
    }
  } finally {
    socket.close();
  }
}
