/**
 * A state role on free ports of loopback, for tests.
 *
 * @module
 */

import { Events } from "../../../src/core/events.ts";
import { Members } from "../../../src/core/members.ts";
import { systemClock } from "../../../src/net/system_clock.ts";
import { WakeTimer } from "../../../src/net/wake_timer.ts";
import { gameRules } from "../../../src/roles/state/options.ts";
import { StateRole, type StateRoleOptions } from "../../../src/roles/state/role.ts";
import type { GameNotice } from "../../../src/roles/state/notice.ts";

/** A running role and where its doors are. */
export interface GameHost extends AsyncDisposable {
  readonly role: StateRole;
  readonly members: Members;
  readonly url: string;
  readonly pub: string;
  readonly sub: string;
  readonly req: string;
  readonly tcpPub: string;
  readonly tcpSub: string;
  readonly notices: GameNotice[];
}

/** Starts a role. */
export function startGameHost(
  options: Partial<StateRoleOptions> & { clientsMax?: number } = {},
): GameHost {
  const now = () => systemClock.now();
  const members = new Members({ now: now(), events: new Events() });
  members.open(gameRules(options.clientsMax ?? 10_000, 60_000));
  const timer = new WakeTimer({
    now,
    nextWake: () => members.nextWake(),
    advance: (at) => members.advance(at),
  });
  const loopback = [{ hostname: "127.0.0.1", port: 0 }];
  const notices: GameNotice[] = [];
  const role = StateRole.start({
    members,
    now,
    wake: (deadline) => timer.poke(deadline),
    addresses: loopback,
    publishers: loopback,
    subscribers: loopback,
    onNotice: (notice) => notices.push(notice),
    onError: (error) => console.error("fault of the role:", error),
    ...options,
  });
  const [url = "", tcpPub = "", tcpSub = ""] = role.addresses;
  const ws = url.replace("http:", "ws:");
  return {
    role,
    members,
    url,
    pub: `${ws}/zmq/pub`,
    sub: `${ws}/zmq/sub`,
    req: `${ws}/zmq/req`,
    tcpPub,
    tcpSub,
    notices,
    [Symbol.asyncDispose]: () => {
      timer.close();
      return role.stop();
    },
  };
}

/** The body of a heartbeat. */
export function heartbeatBody(
  clientID: unknown,
  clientState: unknown = "DISCONNECTED",
  timestamp = "2022-04-04 16:01:41.432445",
): string {
  const body = { clientID, clientState };
  return JSON.stringify({ sdkVersion: 0.1, timestamp, messageType: "HEARTBEAT", body });
}

/** Posts and gives status and JSON. */
export async function post(
  url: string,
  body: string,
): Promise<{ status: number; json: unknown; headers: Headers }> {
  const response = await fetch(url, { method: "POST", body });
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, json: text === "" ? undefined : JSON.parse(text) };
}

/** Gets and gives status and JSON. */
export async function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: unknown; headers: Headers }> {
  const response = await fetch(url, { headers });
  const text = await response.text();
  const { status } = response;
  return { status, headers: response.headers, json: text === "" ? undefined : JSON.parse(text) };
}

/** The texts of the next message of a socket, or a failure when none comes in time. */
export async function nextTexts(
  messages: AsyncIterator<readonly Uint8Array[]>,
  timeoutMs = 3_000,
): Promise<string[]> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("no message came")), timeoutMs);
  try {
    const { value, done } = await Promise.race([messages.next(), promise]);
    if (done === true) throw new Error("the socket has ended");
    return (value as readonly Uint8Array[]).map((frame) => new TextDecoder().decode(frame));
  } finally {
    clearTimeout(timer);
  }
}
