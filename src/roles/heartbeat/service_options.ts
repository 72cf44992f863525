/**
 * What the service of heartbeats needs of its host.
 *
 * @module
 */

import type { Members } from "../../core/members.ts";
import type { ExpectedKeeper } from "./expected_before.ts";
import type { HeartbeatOptions } from "./options.ts";

/** Something that a client should not do, and that does no harm. */
export type Misuse = "init-of-known" | "ping-without-init";

/** What the service needs of its host. */
export interface HeartbeatServiceOptions extends HeartbeatOptions {
  /** All members of the host. A roster for the protocol is opened unless there is one. */
  members: Members;
  /** Listening time in milliseconds. */
  now: () => number;
  /** Told of deadlines that may be the next ones, in listening time (ms). */
  wake?: (deadline: number) => void;
  /** Told of misuse, for a log of the lowest level. */
  onMisuse?: (misuse: Misuse, id: string) => void;
  /** Keeps over restarts which applications were expected; in memory only if not given. */
  keeper?: ExpectedKeeper;
  /** One sentence about what is wrong with the host, for `/healthz`; `undefined` if it is well. */
  problem?: () => string | undefined;
}
