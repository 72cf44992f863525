/**
 * Lets a crowd of game clients play: each has its own SUB and PUB, and sends a heartbeat a second.
 *
 *     deno run --allow-all scripts/torture/game_crowd.ts [CLIENTS] [SECONDS]
 *
 * Identities are 1, 2, 3 and so on, so that many are prefixes of others. Nobody may hear what is for
 * somebody else, no timebomb may go off, heartbeats and questions must be answered in time. Prints one
 * line; exit status 1 if not.
 *
 * @module
 */

import { postHeartbeat } from "../../src/clients/game/http.ts";
import { ZmqPub } from "../../src/clients/zmq/pub.ts";
import { ZmqSub } from "../../src/clients/zmq/sub.ts";
import type { ClientState } from "../../src/core/client_state.ts";
import { CLIENT_TOPICS, textOf, topicOf } from "../../src/wire/mlf/topics.ts";
import { startGameServer } from "./game_server.ts";

const CLIENTS_DEFAULT = 500;
const SECONDS_DEFAULT = 60;
const BEAT_MS = 1_000;
/** Headsets are switched on one after the other: so many in a second. */
const JOINS_PER_SECOND = 50;
const HEARTBEAT_P99_MS_MAX = 20;
/** mlf.md section 4.4. */
const ANSWER_P99_MS_MAX = 50;
const TIMEOUT_MS = 5_000;

/** What a crowd met. */
export interface CrowdReport {
  clients: number;
  heartbeats: number;
  refused: number;
  heartbeatP99Ms: number;
  /** From the question for one's own state to its answer. */
  answerP99Ms: number;
  unanswered: number;
  /** Messages that were for another client. */
  foreign: number;
  /** Clients that were disconnected, and those that the server does not have at the end. */
  bombs: number;
  /** One sentence for each thing that was wrong. */
  complaints: string[];
}

/** Figures of all players together. */
class Tally {
  readonly heartbeatMs: number[] = [];
  readonly answerMs: number[] = [];
  refused = 0;
  unanswered = 0;
  foreign = 0;
  bombs = 0;
}

/** One client: heartbeats, then its sockets, then a question a second. */
class Player implements AsyncDisposable {
  readonly #id: string;
  readonly #port: number;
  readonly #tally: Tally;
  #sub: ZmqSub | undefined;
  #pub: ZmqPub | undefined;
  #reading: Promise<void> | undefined;
  #askedAt: number | undefined;
  #state: ClientState = "DISCONNECTED";

  constructor(id: string, port: number, tally: Tally) {
    this.#id = id;
    this.#port = port;
    this.#tally = tally;
  }

  /** Beats at its own place in each second. */
  async play(firstAt: number, endAt: number): Promise<void> {
    for (let at = firstAt; at < endAt; at += BEAT_MS) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(at - performance.now(), 0)));
      await this.#beat();
      if (this.#sub === undefined) this.#open();
      else this.#ask();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#sub?.close(), this.#pub?.close()]);
    await this.#reading;
  }

  async #beat(): Promise<void> {
    const startedAt = performance.now();
    const place = { hostname: "127.0.0.1", port: this.#port, base: "", timeoutMs: TIMEOUT_MS };
    const { status } = await postHeartbeat(place, this.#id, this.#state);
    this.#tally.heartbeatMs.push(performance.now() - startedAt);
    if (status !== 200) this.#tally.refused++;
  }

  /** As mlf.md has it: ZeroMQ after the first heartbeat that was accepted. */
  #open(): void {
    const url = `ws://127.0.0.1:${this.#port}/zmq`;
    const topics = CLIENT_TOPICS.map((name) => topicOf(name, this.#id));
    const sub = new ZmqSub(`${url}/sub`, { topics });
    this.#sub = sub;
    this.#pub = new ZmqPub(`${url}/pub`);
    this.#reading = this.#read(sub);
  }

  #ask(): void {
    if (this.#askedAt !== undefined) this.#tally.unanswered++;
    this.#askedAt = undefined;
    if (this.#pub?.send([topicOf("GetClientState", this.#id), ""]) !== "sent") return;
    this.#askedAt = performance.now();
    if (this.#state === "UNCALIBRATED") {
      this.#pub.send([topicOf("SetClientState", this.#id), "CALIBRATED"]);
    }
  }

  async #read(sub: ZmqSub): Promise<void> {
    const own = CLIENT_TOPICS.map((name) => topicOf(name, this.#id));
    for await (const [first, second] of sub) {
      const topic = (first && textOf(first)) ?? "";
      if (!own.includes(topic)) this.#tally.foreign++;
      if (topic !== own[0] || second === undefined) continue;
      this.#state = textOf(second) as ClientState;
      if (this.#state === "DISCONNECTED") this.#tally.bombs++;
      if (this.#askedAt === undefined) continue;
      this.#tally.answerMs.push(performance.now() - this.#askedAt);
      this.#askedAt = undefined;
    }
  }
}

/** Plays on a server of its own, for some seconds after the last one has joined. */
export async function torture(clients: number, seconds: number): Promise<CrowdReport> {
  await using server = await startGameServer(["--state-timebomb=4"]);
  const tally = new Tally();
  await using players = new AsyncDisposableStack();
  const startAt = performance.now();
  const endAt = startAt + 1_000 * (clients / JOINS_PER_SECOND + seconds);
  const games = Array.from({ length: clients }, (_, index) => {
    const player = players.use(new Player(String(index + 1), server.port, tally));
    return player.play(startAt + 1_000 * index / JOINS_PER_SECOND, endAt);
  });
  await Promise.all(games);
  const listed = await (await fetch(`http://127.0.0.1:${server.port}/State/Clients`)).json();
  const { clients: known } = listed as { clients: { state: ClientState }[] };
  const well = known.filter(({ state }) => state === "CALIBRATED").length;
  return judge(clients, { ...tally, bombs: tally.bombs + clients - well });
}

function judge(clients: number, tally: Tally): CrowdReport {
  const report: CrowdReport = {
    clients,
    heartbeats: tally.heartbeatMs.length,
    refused: tally.refused,
    heartbeatP99Ms: p99(tally.heartbeatMs),
    answerP99Ms: p99(tally.answerMs),
    unanswered: tally.unanswered,
    foreign: tally.foreign,
    bombs: tally.bombs,
    complaints: [],
  };
  const { refused, foreign, bombs, unanswered, heartbeatP99Ms, answerP99Ms } = report;
  for (const [name, count] of Object.entries({ refused, foreign, bombs, unanswered })) {
    if (count > 0) report.complaints.push(`${name}: ${count}, must be 0`);
  }
  if (!(heartbeatP99Ms < HEARTBEAT_P99_MS_MAX)) {
    report.complaints.push(
      `heartbeat p99 is ${heartbeatP99Ms} ms, must be < ${HEARTBEAT_P99_MS_MAX}`,
    );
  }
  if (!(answerP99Ms <= ANSWER_P99_MS_MAX)) {
    report.complaints.push(`answer p99 is ${answerP99Ms} ms, must be <= ${ANSWER_P99_MS_MAX}`);
  }
  return report;
}

function p99(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? NaN;
}

if (import.meta.main) {
  const [clients = CLIENTS_DEFAULT, seconds = SECONDS_DEFAULT] = Deno.args.map(Number);
  const report = await torture(clients, seconds);
  console.log(JSON.stringify(report));
  Deno.exit(report.complaints.length === 0 ? 0 : 1);
}
