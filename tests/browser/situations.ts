/**
 * Hosts in each kind of situation that the verdict knows: real roles, real peers.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { GameClient } from "../../src/clients/game/client.ts";
import type { Saying } from "../../src/core/phrase.ts";
import type { VerdictWord } from "../../src/core/verdict.ts";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import { within } from "../support/tcp.ts";

/** How a host gets into a situation. */
export interface Situation {
  /** What is the matter. */
  readonly name: string;
  /** The headline, as far as it does not depend on the machine. */
  readonly headline: RegExp;
  /** More options of the host. */
  readonly args?: readonly string[];
  /** What happens to the host; what it gives is disposed of in the end. */
  readonly suffer: (host: WholeHost) => Promise<AsyncDisposable | undefined>;
}

const GAMES = [
  "--state",
  "--state-host=127.0.0.1",
  "--state-port=0",
  "--state-publisher-port=0",
  "--state-subscriber-port=0",
];
const INSTRUMENT = ["--hev", "--hev-web-port=0", "--hev-native-port=0", "--hev-query-port=0"];
/** One alarm, soon: that of this seed. */
const ALARM = [...INSTRUMENT, "--hev-source=dump", "--hev-alarm-interval=1h", "--hev-speed=10"];

/** How long a host may take to come into its situation, in milliseconds. */
const SUFFERING_MS_MAX = 60_000;

async function beat(host: WholeHost, name: string, delayMs = 600_000): Promise<undefined> {
  const origin = `http://${await host.address("heartbeat")}`;
  const reply = await fetch(`${origin}/hb_ping?${delayMs}&appid=${name}`);
  assert.equal(reply.status, 200, await reply.text());
}

async function post(host: WholeHost, path: string, body: object): Promise<undefined> {
  const url = `http://${await host.address("console")}/api/v1/${path}`;
  const reply = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  assert.equal(reply.status, 200, await reply.text());
}

async function lose(host: WholeHost): Promise<undefined> {
  await beat(host, "tetris");
  await beat(host, "fleeting", 1);
}

async function showEmergency(host: WholeHost): Promise<AsyncDisposable> {
  await beat(host, "tetris");
  const game = new GameClient({
    url: `http://${await host.address("state")}`,
    id: "7",
    intervalMs: 100,
    ownCalibration: {},
  });
  await follow(host, async () => {
    const url = `http://${await host.address("console")}/api/v1/game/clients`;
    const { clients } = await (await fetch(url)).json();
    return clients.length > 0;
  });
  await post(host, "game/clients/7/action", { action: "emergency" });
  return game;
}

/** All kinds of situations. A new verdict has to be brought about here. */
export const SITUATIONS: Readonly<Record<VerdictWord, readonly Situation[]>> = {
  problem: [
    {
      name: "a warning",
      headline: /Pulsebox itself needs attention: The command for .*fleeting.* failed: /,
      args: ["--on-lost=exit 3"],
      suffer: lose,
    },
  ],
  alarm: [
    {
      name: "a game client in its emergency",
      headline: /^1 in EMERGENCY$/,
      args: GAMES,
      suffer: showEmergency,
    },
    {
      name: "an alarm of high priority",
      headline: /^Alarm LOW_BATTERY$/,
      args: [...ALARM, "--hev-alarm-seed=2"],
      suffer: lose,
    },
    {
      name: "a controller that is not there",
      headline: /^Alarm ARDUINO_FAIL$/,
      args: [...INSTRUMENT, "--hev-source=serial:/nowhere/tty"],
      suffer: (host) => beat(host, "tetris"),
    },
  ],
  lost: [{ name: "one that is lost", headline: /^1 of 2 is lost$/, suffer: lose }],
  late: [
    {
      name: "one that is late",
      headline: /^1 of 2 is late$/,
      args: ["--lost-after=1h"],
      suffer: lose,
    },
    {
      name: "an alarm of medium priority",
      headline: /^Alarm BATTERY_FAULT_SRVC$/,
      args: [...ALARM, "--hev-alarm-seed=1"],
      suffer: (host) => beat(host, "tetris"),
    },
  ],
  starting: [
    {
      name: "nobody",
      headline: /^Nobody has been heard yet$/,
      suffer: () => Promise.resolve(undefined),
    },
    {
      name: "one that is expected",
      headline: /^1 of 2 is starting$/,
      suffer: async (host) => {
        await beat(host, "tetris");
        const id = encodeURIComponent("hilbert/pong @ 127.0.0.1");
        await post(host, `members/${id}/announce`, { graceMs: 3_600_000 });
        return undefined;
      },
    },
  ],
  maintenance: [
    {
      name: "the host in maintenance",
      headline: /^In maintenance$/,
      suffer: async (host) => {
        await lose(host);
        await post(host, "pause", { reason: "new lamp" });
        return undefined;
      },
    },
    {
      name: "a member in maintenance",
      headline: /^1 of 2 is in maintenance$/,
      suffer: async (host) => {
        await lose(host);
        const id = encodeURIComponent("hilbert/fleeting @ 127.0.0.1");
        await post(host, `members/${id}/pause`, { reason: "<b>new lamp</b>" });
        return undefined;
      },
    },
  ],
  well: [{ name: "all well", headline: /^All is well$/, suffer: (host) => beat(host, "tetris") }],
};

/** A host in a situation. */
export class SufferingHost implements AsyncDisposable {
  readonly #host: WholeHost;
  #peer: AsyncDisposable | undefined;

  private constructor(
    host: WholeHost,
    readonly consoleUrl: string,
    /** What its verdict said when it had come to that. */
    readonly headline: string,
    readonly saying: Saying,
    peer: AsyncDisposable | undefined,
  ) {
    this.#host = host;
    this.#peer = peer;
  }

  /**
   * Starts a host and waits until its verdict is this.
   *
   * @param onStarted Gets the address of the console before anything is the matter.
   */
  static async start(
    word: VerdictWord,
    situation: Situation,
    onStarted: (consoleUrl: string) => Promise<unknown>,
  ): Promise<SufferingHost> {
    const host = new WholeHost(situation.args, {}, HEARTBEATS_ONLY);
    try {
      const url = `http://${await host.address("console")}`;
      await onStarted(url);
      const peer = await situation.suffer(host);
      let said = { verdict: "", headline: "", saying: { key: "", values: {} } };
      await follow(host, async () => {
        said = await (await fetch(`${url}/api/v1/verdict`)).json();
        return said.verdict === word && situation.headline.test(said.headline);
      }).catch((error) => {
        throw new Error(`${situation.name}: ${said.verdict} "${said.headline}"`, { cause: error });
      });
      return new SufferingHost(host, url, said.headline, said.saying, peer);
    } catch (error) {
      await host[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The port of its heartbeat server. */
  heartbeatPort(): Promise<string> {
    return this.#host.port("heartbeat");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer?.[Symbol.asyncDispose]();
    await this.#host[Symbol.asyncDispose]();
  }
}

/** Asks again with each event of the host, until it is so. */
async function follow(host: WholeHost, isSo: () => Promise<boolean>): Promise<void> {
  const abort = new AbortController();
  const url = `http://${await host.address("console")}/api/v1/events`;
  const { body } = await fetch(url, { signal: abort.signal });
  const deadline = AbortSignal.timeout(SUFFERING_MS_MAX);
  const reader = (body ?? assert.fail("no events")).getReader();
  try {
    while (!(await isSo())) {
      const { done } = await within(reader.read(), "an event");
      assert.ok(!done, "the host ended");
      deadline.throwIfAborted();
    }
  } finally {
    abort.abort();
    await reader.cancel().catch(() => {});
  }
}
