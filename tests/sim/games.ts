/**
 * Game clients that send heartbeats, and what is to become of them.
 *
 * @module
 */

import { ANSWER_MS_MAX, insist, type Patience, request } from "./http_peer.ts";
import type { HostPause } from "./expectation.ts";
import type { Part } from "./part.ts";
import type { Random } from "./random.ts";
import type { VirtualNetwork } from "./virtual_network.ts";

/** How long a client may be silent, in milliseconds: what the host is told. */
export const TIMEBOMB_MS = 10_000;
/** The timebomb goes off at most this late, in milliseconds. */
const LATE_MS_MAX = 250;
/** The host counts a standstill as at most this, in milliseconds. */
const STANDSTILL_COUNTS_MS_MAX = 500;
const CLIENTS_MAX = 4;

interface Client {
  readonly id: string;
  readonly everyMs: number;
  nextAt: number;
  /** The least and the most silence that may count, in milliseconds; undefined if it is not there. */
  silent: { least: number; most: number } | undefined;
  /** What the server says that it is. */
  state: string;
}

/** Game clients of the state role. */
export class Games implements Part {
  readonly #world: Patience & { readonly network: VirtualNetwork };
  readonly #port: number;
  readonly #clients: Client[] = [];
  readonly #hostPause: () => HostPause;

  constructor(
    world: Patience & { readonly network: VirtualNetwork },
    port: number,
    hostPause: () => HostPause,
  ) {
    this.#world = world;
    this.#port = port;
    this.#hostPause = hostPause;
  }

  nextAt(): number {
    return Math.min(Infinity, ...this.#clients.map(({ nextAt }) => nextAt));
  }

  async act(): Promise<void> {
    const client = this.#clients.find(({ nextAt }) => nextAt <= this.#world.time.now);
    if (client !== undefined) await this.#beat(client);
  }

  async step(random: Random): Promise<void> {
    const client = this.#clients.length === 0 ? undefined : random.pick(this.#clients);
    if (client !== undefined && random.chance(0.2)) {
      client.nextAt = Infinity;
      return;
    }
    if (client !== undefined && random.chance(0.5)) return await this.#operate(client, random);
    if (client !== undefined && random.chance(0.2)) {
      // Nothing invalid may renew a timebomb or make a client.
      const body = random.pick(["{", "[]", "{}", '{"body":{"clientID":""}}', "x".repeat(20_000)]);
      const reply = await this.#send("POST", "/Heartbeat/Update", body);
      if (reply.status < 400 || reply.status >= 500) throw new Error(`Rubbish got ${reply.status}`);
      return;
    }
    if (this.#clients.length >= CLIENTS_MAX) return;
    const id = String(this.#clients.length + 1);
    const everyMs = random.pick([500, 2_000, 3_000]);
    const fresh: Client = { id, everyMs, nextAt: 0, silent: undefined, state: "" };
    this.#clients.push(fresh);
    await this.#beat(fresh);
  }

  listen(ms: number): void {
    this.#pass(ms, ms);
  }

  stand(ms: number): void {
    this.#pass(0, Math.min(ms, STANDSTILL_COUNTS_MS_MAX));
  }

  restarted(): void {
    // With a data folder clients come back; what they are after a kill is not judged until they beat.
    for (const client of this.#clients) {
      client.silent = undefined;
      client.state = "";
      if (client.nextAt < this.#world.time.now) client.nextAt = this.#world.time.now;
    }
  }

  /** The host's maintenance ended during the call that has just returned. */
  hostResumed(): void {
    this.#pass(0, ANSWER_MS_MAX);
  }

  /** Whether one of them is in an emergency now. */
  async hasEmergency(): Promise<boolean> {
    const { body } = await this.#send("GET", "/State/Clients");
    return JSON.parse(body).clients.some(({ emergency }: { emergency: boolean }) => emergency);
  }

  async check(): Promise<void> {
    const { body } = await this.#send("GET", "/State/Clients");
    const shown = new Map<string, string>(
      JSON.parse(body).clients.map((
        { clientID, state }: Record<string, string>,
      ) => [clientID, state]),
    );
    for (const { id, silent, state } of this.#clients) {
      if (silent === undefined || state === "") continue;
      if (silent.most < TIMEBOMB_MS && !shown.has(id)) {
        throw new Error(`Game client ${id} is missing`);
      }
      if (silent.least > TIMEBOMB_MS + LATE_MS_MAX && shown.has(id)) {
        throw new Error(`Game client ${id} is there after ${silent.least} ms of silence`);
      }
      const now = shown.get(id);
      if (now !== undefined && now !== state) {
        throw new Error(`Game client ${id} is ${now}, must be ${state}`);
      }
    }
  }

  /** No page of somebody else may order games about. */
  async checkForeign(fields: readonly string[]): Promise<void> {
    for (const path of ["/State/EmergencyAllClients", "/State/StartAllClients", "/Calibrate"]) {
      const { status } = await this.#send("POST", path, "{}", fields);
      if (status !== 403) throw new Error(`A foreign page may call ${path}: ${status}`);
    }
  }

  async #beat(client: Client): Promise<void> {
    client.nextAt = this.#world.time.now + client.everyMs;
    const stamp = new Date(this.#world.time.wall).toISOString().replace("T", " ").replace(
      "Z",
      "000",
    );
    const reply = await this.#send(
      "POST",
      "/Heartbeat/Update",
      JSON.stringify({
        sdkVersion: 0.1,
        timestamp: stamp,
        messageType: "HEARTBEAT",
        body: { clientID: client.id, clientState: "DISCONNECTED" },
      }),
    );
    if (reply.status !== 200) throw new Error(`A game's heartbeat got ${reply.status}`);
    const { state, created } = JSON.parse(reply.body);
    const { silent } = client;
    if (silent !== undefined && silent.most < TIMEBOMB_MS && created) {
      throw new Error(`Game client ${client.id} was made twice`);
    }
    if (created && state !== "UNCALIBRATED") throw new Error(`A new game client is ${state}`);
    client.state = state;
    client.silent = { least: 0, most: 0 };
  }

  /** What an operator does to a client. */
  async #operate(client: Client, random: Random): Promise<void> {
    const path = random.pick(["Lobby", "Start", "Emergency", "ForceState"]);
    const reply = await this.#send(
      "POST",
      `/State/${path}Client`,
      JSON.stringify({
        clientID: client.id,
        ...(path === "ForceState" ? { state: "RUNNING" } : {}),
      }),
    );
    if (reply.status >= 500) throw new Error(`/State/${path}Client got ${reply.status}`);
    // A refusal changes nothing.
    if (reply.status !== 200) return;
    client.state = JSON.parse(reply.body).state;
    if (path === "ForceState" && client.state !== "RUNNING") {
      throw new Error(`A game client that was forced to run is ${client.state}`);
    }
    if (path === "Emergency" && !await this.hasEmergency()) {
      throw new Error("A game client in an emergency shows none");
    }
  }

  async #send(method: string, target: string, body?: string, fields: readonly string[] = []) {
    return await insist(
      this.#world,
      `${method} ${target}`,
      () =>
        request(this.#world.network, this.#port, target, {
          method,
          fields,
          ...(body === undefined ? {} : { body }),
        }),
    );
  }

  #pass(least: number, most: number): void {
    const pause = this.#hostPause();
    for (const { silent } of this.#clients) {
      if (silent === undefined) continue;
      const isGone = silent.least > TIMEBOMB_MS + LATE_MS_MAX + ANSWER_MS_MAX;
      // Timebombs rest in maintenance, and start over after it.
      const mayRest = pause !== "none" && !isGone;
      silent.least = mayRest ? 0 : silent.least + least;
      if (pause !== "certain") silent.most += most;
      else if (silent.most < TIMEBOMB_MS) silent.most = 0;
    }
  }
}
