/**
 * A case against libzmq.
 *
 * @module
 */

import type { IntermediaryOptions } from "../../src/net/zmq/forwarder.ts";
import type { Transport } from "../interop/zmq_host.ts";
import type { ListedCase } from "./listed.ts";
import type { ZmtpWorld } from "./zmtp_world.ts";

/** A case, and what is done in it. */
export interface ZmtpCase extends ListedCase {
  /** Over which it is tried; both if not given. */
  readonly transports?: readonly Transport[];
  readonly options?: Partial<IntermediaryOptions>;
  run(world: ZmtpWorld): Promise<void>;
}

/** Makes the cases of a group. */
export function group(group: string) {
  return (
    name: string,
    clause: string,
    run: ZmtpCase["run"],
    rest: Partial<ZmtpCase> = {},
  ): ZmtpCase => ({ group, name, clause, run, ...rest });
}
