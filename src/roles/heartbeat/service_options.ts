/**
 * What the service of heartbeats needs of its host.
 *
 * @module
 */

import type { Members } from "../../core/members.ts";
import type { ExpectedKeeper } from "./expected_before.ts";
import type { HeartbeatOptions } from "./options.ts";

/** Harmless misuse by a client. */
export type Misuse = "init-of-known" | "ping-without-init";

/** What the service needs of its host. */
export interface HeartbeatServiceOptions extends HeartbeatOptions {
  /** All members of the host. A roster for the protocol is opened unless there is one. */
  members: Members;
  /** Listening time in milliseconds. */
  now: () => number;
  /** Called with deadlines that may be the earliest, in listening time (ms). */
  wake?: (deadline: number) => void;
  /** Called with each misuse, for the debug log. */
  onMisuse?: (misuse: Misuse, id: string) => void;
  /** Stores over restarts which applications were expected; in memory only if not given. */
  keeper?: ExpectedKeeper;
  /** One sentence about what is wrong with the host, for `/healthz`; `undefined` if it is well. */
  problem?: () => string | undefined;
}
