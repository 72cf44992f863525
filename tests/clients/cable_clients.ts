/**
 * Every client as it looks from the end of a cable.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import type { ClientStatus, StatusListener } from "../../mod.ts";
import * as library from "../../mod.ts";
import { sleep } from "../../src/net/sleep.ts";
import { PulseboxProcess } from "../cli/pulsebox_process.ts";

/** One client that runs. */
export interface Listening extends AsyncDisposable {
  /** Whether what it holds is known to be of the past. */
  readonly isOld: () => boolean;
}

/** One client. */
export interface AtTheCable {
  /** What it promises: after so much silence it says that it is cut off, in milliseconds. */
  readonly limitMs: number;
  /** Runs it towards a host; each change is told once. */
  readonly start: (host: string, told: Told) => Listening;
}

/** Told of each change: the state, and the peer or the reason. */
export type Told = (state: "up" | "down", detail: string) => void;

/** Hands on what a client reports of its connection. */
function changes(told: Told): StatusListener {
  return (status: ClientStatus) => {
    if (status.type === "up") told("up", status.peer);
    if (status.type === "down") told("down", status.error.message);
  };
}

const SILENCE_MS = 2_000;
const HEARTBEAT_MS = 500;
/** A peer that stays silent for three heartbeats is given up, and looked at four times in one. */
const ZMQ_LIMIT_MS = HEARTBEAT_MS * 3.25;
const ZMQ_LIMITS = { heartbeatMs: HEARTBEAT_MS, reconnectMs: 100, reconnectMsMax: 500 };
const TIMEOUT_MS = 1_000;
const DELAY_MS = 300;
/** Of a game: three heartbeats fail, each after its time, and the pauses between them. */
const GAME_INTERVAL_MS = 200;

/** How long one waits for what has its own limit. */
const LONG_MS = 60_000;

const PORTS = { heartbeat: 8888, state: 6969, publishers: 8765, subscribers: 4321 };

function closing(end: () => Promise<unknown>, isOld: () => boolean): Listening {
  return { isOld, [Symbol.asyncDispose]: async () => void await end() };
}

/** A socket of ZeroMQ. */
function socket(
  make: (host: string, options: library.ZmqConnectOptions) => {
    readonly isConnected: boolean;
    close(): Promise<void>;
  },
): AtTheCable {
  return {
    limitMs: ZMQ_LIMIT_MS,
    start: (host, told) => {
      const made = make(host, { limits: ZMQ_LIMITS, onStatus: changes(told) });
      return closing(() => made.close(), () => !made.isConnected);
    },
  };
}

/** All clients of the doors by name, and the tool that watches a ventilator. */
export const CABLE_CLIENTS: Readonly<Record<string, AtTheCable>> = {
  HilbertClient: {
    // It keeps nothing up: each call says for itself whether it was answered.
    limitMs: TIMEOUT_MS + DELAY_MS,
    start: (host, told) => {
      const client = new library.HilbertClient({
        host,
        appId: "calls",
        timeoutMs: TIMEOUT_MS,
        onStatus: changes(told),
      });
      const ending = new AbortController();
      const calling = (async () => {
        while (!ending.signal.aborted) {
          await client.ping(5_000, { errorReturnValue: "" });
          await sleep(DELAY_MS, ending.signal);
        }
      })();
      const end = () => {
        ending.abort();
        return calling.finally(() => client.close());
      };
      return closing(end, () => !client.isConnected);
    },
  },
  Beat: {
    // The pace is that of the server: a delay and a second after the last answer, then the call.
    limitMs: DELAY_MS + 1_000 + TIMEOUT_MS,
    start: (host, told) => {
      const client = new library.HilbertClient({ host, appId: "beats", timeoutMs: TIMEOUT_MS });
      const onStatus = changes(told);
      const beat = client.beat({ delayMs: DELAY_MS, backoffMsMax: 500, onStatus });
      return closing(() => beat.close(), () => !beat.isConnected);
    },
  },
  GameClient: {
    limitMs: 3 * (TIMEOUT_MS + GAME_INTERVAL_MS),
    start: (host, told) => {
      const client = new library.GameClient({
        url: `http://${host}:${PORTS.state}`,
        id: "cable",
        intervalMs: GAME_INTERVAL_MS,
        timeoutMs: TIMEOUT_MS,
        onStatus: changes(told),
      });
      return closing(() => client.close(), () => client.state === "DISCONNECTED");
    },
  },
  HevClient: {
    limitMs: SILENCE_MS,
    start: (hostname, told) => {
      const client = new library.HevClient({
        hostname,
        silenceMs: SILENCE_MS,
        backoffMsMax: 500,
        onStatus: changes(told),
      });
      const isOld = () => (client.valuesAgeMs() ?? Infinity) >= SILENCE_MS && !client.isConnected;
      return closing(() => client.close(), isOld);
    },
  },
  TriggerClient: {
    limitMs: SILENCE_MS,
    start: (hostname, told) => {
      const onStatus = changes(told);
      const client = new library.TriggerClient({ hostname, silenceMs: SILENCE_MS, onStatus });
      return closing(() => client.close(), () => !client.isConnected);
    },
  },
  ZmqSub: socket((host, options) =>
    new library.ZmqSub(`tcp://${host}:${PORTS.subscribers}`, { ...options, topics: [""] })
  ),
  ZmqPub: socket((host, options) =>
    new library.ZmqPub(`tcp://${host}:${PORTS.publishers}`, options)
  ),
  ZmqReq: socket((host, options) =>
    new library.ZmqReq(`ws://${host}:${PORTS.state}/zmq/req`, options)
  ),
  ZmqDealer: socket((host, options) =>
    new library.ZmqDealer(`ws://${host}:${PORTS.state}/zmq/req`, options)
  ),
  "hev watch": {
    limitMs: 10_000,
    start: (host, told) => {
      const process = new PulseboxProcess(["hev", "watch", "--host", host]);
      let isDown = false;
      const reading = (async () => {
        await process.stdoutHas(/pressure_patient/);
        told("up", "the first values");
        const [problem] = await process.stderrHas(
          /Not connected to .*: nothing arrived for .*/,
          LONG_MS,
        );
        isDown = true;
        told("down", problem);
        const [news] = await process.stderrHas(/Connected to .* again/, LONG_MS);
        isDown = false;
        told("up", news);
      })();
      const end = async () => {
        process.signal("SIGINT");
        const [outcome] = await Promise.allSettled([reading]);
        assert.equal(outcome.status, "fulfilled");
        const { stderr } = await process.finished();
        assert.equal(stderr.match(/Not connected/g)?.length, 1, stderr);
      };
      return closing(end, () => isDown);
    },
  },
};
