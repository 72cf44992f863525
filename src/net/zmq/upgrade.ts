/**
 * ZeroMQ behind an HTTP server: the doors for WebSocket peers.
 *
 * @module
 */

import type { RequestHead } from "../../wire/http1/request_head.ts";
import {
  encodeAccepted,
  judgeUpgrade,
  UPGRADE_REQUIRED_FIELDS,
} from "../../wire/websocket/upgrade.ts";
import { ZwsEngine } from "../../wire/zws/engine.ts";
import { chooseSubprotocol, type Subprotocol } from "../../wire/zws/subprotocol.ts";
import type { Handover } from "../http/service.ts";
import type { ZmqHub } from "./hub.ts";
import { proofOf } from "./proof.ts";

/** Sockets by the last segment of their paths: `sub` stands for both `/sub` and `/zmq/sub`. */
export type ZmqDoors = ReadonlyMap<string, { readonly hub: ZmqHub }>;

/**
 * Takes over a request to upgrade, for {@linkcode HttpService.upgrade}.
 *
 * Doors are told apart by the last segment of the path because that is all that released libzmq
 * sends (zws.md section 2.4).
 *
 * @return The promise of the end of the connection, or undefined if there is no such door.
 */
export function upgradeToZmq(
  head: RequestHead,
  handover: Handover,
  doors: ZmqDoors,
  refusalOf: (field: (name: string) => string | undefined) => string | undefined = () => undefined,
): Promise<void> | undefined {
  const hub = doors.get(lastSegment(head.target))?.hub;
  if (hub === undefined) return undefined;
  const refusal = refusalOf((name) => head.header(name));
  if (refusal !== undefined) return refuse(handover, 403, refusal);
  const judgement = judgeUpgrade(head.method, (name) => head.header(name));
  if ("reason" in judgement) return refuse(handover, judgement.status, judgement.reason);
  const subprotocol = chooseSubprotocol(judgement.subprotocols, hub.identity.mechanism);
  if (subprotocol === undefined) {
    return refuse(handover, 400, "Cannot upgrade: none of the subprotocols is served here");
  }
  return accept(hub, handover, judgement.key, subprotocol);
}

async function accept(
  hub: ZmqHub,
  handover: Handover,
  key: string,
  subprotocol: Subprotocol,
): Promise<void> {
  const { connection } = handover;
  const received = handover.takeReceived();
  connection.send(encodeAccepted(await proofOf(key), subprotocol));
  const { identity, messageLimits: limits } = hub;
  await hub.serveWith(connection, new ZwsEngine({ identity, subprotocol, limits }), received);
}

function refuse(handover: Handover, status: 400 | 403 | 426, reason: string): Promise<void> {
  handover.refuse(status, reason, status === 426 ? UPGRADE_REQUIRED_FIELDS : {});
  return handover.connection.linger("violation");
}

/** What is wrong with a request for a door that does not ask to upgrade. */
export const UPGRADE_REQUIRED =
  "This is a door for WebSocket, and the request asks for no upgrade; a proxy in between has to pass " +
  "on the fields Upgrade and Connection";

/** The last segment of a target's path, whatever the target's form. */
export function lastSegment(target: string): string {
  const path = target.split("?", 1)[0] as string;
  return path.slice(path.lastIndexOf("/") + 1);
}
