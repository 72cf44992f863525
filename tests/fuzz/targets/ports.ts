/**
 * Whole ports of a running host, through real sockets: whatever comes, an honest peer is served.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { getLogger } from "@logtape/logtape";
import { type Appliance, startAppliance } from "../../../src/appliance.ts";
import { OPTION_KEYS } from "../../../src/appliance/settings/options.ts";
import { resolveSettings } from "../../../src/cli/settings/settings.ts";
import { settlesWithin } from "../../../src/net/sleep.ts";
import { systemClock } from "../../../src/net/system_clock.ts";
import { parsePlace } from "../../../src/wire/url/place.ts";
import { split, type Target, texts } from "../target.ts";

const SEEDS = texts(
  "GET /hb_ping?3000&appid=x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
  "GET /api/v1/members HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
  "POST /Heartbeat/Update HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}",
  "GET /zmq/sub HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" +
    "Sec-WebSocket-Protocol: ZWS2.0\r\n\r\n",
  '{"type":"cmd","cmdtype":"GENERAL","cmd":"START","param":null}\0',
  "\xff\0\0\0\0\0\0\0\x01\x7f\x03\0NULL",
  "\0\0",
);
const WORDS = ["\r\n", "GET ", "HTTP/1.1", "Content-Length: ", "{", "}", "\0", "\xff", "\x7f"];
/** How long an honest peer may wait for its answer, in milliseconds. */
const HONEST_MS_MAX = 10_000;
/** How many inputs an honest peer comes after. */
const HONEST_EVERY = 20;
/** How long an answer to an input is waited for, in milliseconds. */
const ANSWER_MS = 5;

let host: Promise<Appliance> | undefined;
let users = 0;

/** Port targets, one for each role that listens. */
export const PORT_TARGETS: readonly Target[] = ["heartbeat", "console", "state", "hev"].map((
  role,
) => portTarget(role));

function portTarget(role: string): Target {
  let inputs = 0;
  let isOpen = false;
  return {
    name: `port-${role}`,
    holds: "whatever comes to any port of the role, an honest heartbeat is answered",
    seeds: SEEDS,
    words: WORDS,
    run: async (input, random) => {
      if (!isOpen) users++;
      isOpen = true;
      const { addresses } = await (host ??= start());
      const urls = addresses.filter((address) => address.role === role).map(({ url }) => url);
      const { hostname, port } = placeOf(random.pick(urls));
      const conn = await Deno.connect({ hostname, port });
      try {
        const buffer = new Uint8Array(4_096);
        for (const piece of split(input, random).slice(0, 8)) await conn.write(piece);
        await settlesWithin(conn.read(buffer), ANSWER_MS);
      } catch {
        // It was closed: that is an answer.
      } finally {
        conn.close();
      }
      if (++inputs % HONEST_EVERY === 0) await beHonest(addresses);
    },
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      if (--users > 0) return;
      await (await host)?.stop();
      host = undefined;
    },
  };
}

async function start(): Promise<Appliance> {
  const flags = {
    heartbeat: true,
    state: true,
    hev: true,
    hevSource: "emulator",
    heartbeatPort: "0",
    consolePort: "0",
    statePort: "0",
    statePublisherPort: "0",
    stateSubscriberPort: "0",
    stateHost: "127.0.0.1",
    hevWebPort: "0",
    hevQueryPort: "0",
    hevNativePort: "0",
    connectionsPerAddressMax: "1000",
  };
  const { settings, problems } = await resolveSettings(OPTION_KEYS, {
    flags,
    environment: { get: () => undefined },
    readTextFile: () => Promise.reject(new Deno.errors.NotFound("there is none")),
  });
  assert.ok(settings !== undefined, problems.join("; "));
  const quiet = () => Promise.resolve(false);
  return await startAppliance(settings, {
    clock: systemClock,
    log: getLogger("pulsebox-fuzz"),
    notifier: {
      active: false,
      watchdogIntervalMs: undefined,
      status: quiet,
      ready: quiet,
      watchdog: quiet,
      stopping: quiet,
    },
  });
}

async function beHonest(addresses: Appliance["addresses"]): Promise<void> {
  const url = addresses.find(({ role }) => role === "heartbeat")?.url;
  const signal = AbortSignal.timeout(HONEST_MS_MAX);
  const reply = await fetch(`${url}/hb_ping?3000&appid=honest`, { signal });
  assert.equal(await reply.text(), "4000");
}

function placeOf(url: string): { hostname: string; port: number } {
  const place = parsePlace(url);
  assert.ok(typeof place !== "string" && place.port !== undefined, url);
  return {
    hostname: place.hostname === "0.0.0.0" ? "127.0.0.1" : place.hostname,
    port: place.port,
  };
}
