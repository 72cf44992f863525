/**
 * Why an address cannot be listened on, in one line.
 *
 * @module
 */

import { messageOf } from "../core/message_of.ts";
import { hostAndPort, type Peer } from "./address.ts";
import { errnoNameOf } from "./libc/errno.ts";

/** What stands in the way. */
export type ListenErrorCode =
  | "in-use"
  | "not-permitted"
  | "no-such-address"
  | "no-such-name"
  | "held-by-connection"
  | "not-allowed-by-runtime"
  | "other";

/** An address cannot be listened on; the message is one plain line that names it. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  /** What stands in the way. */
  readonly code: ListenErrorCode;

  /**
   * @param address Where we wanted to listen.
   * @param cause What the system said.
   * @param code What stands in the way, if that is known better.
   */
  constructor(address: Peer, cause: unknown, code: ListenErrorCode = codeOf(cause)) {
    super(`Cannot listen on ${hostAndPort(address)}: ${explain(code, address, cause)}`, { cause });
    this.code = code;
  }
}

/** A system without IPv6, or an interface of that name. */
const NO_FAMILY: ReadonlySet<string> = new Set(["EAFNOSUPPORT", "ENODEV"]);

function codeOf(cause: unknown): ListenErrorCode {
  if (cause instanceof Deno.errors.AddrInUse) return "in-use";
  if (cause instanceof Deno.errors.PermissionDenied) return "not-permitted";
  if (cause instanceof Deno.errors.AddrNotAvailable) return "no-such-address";
  if (NO_FAMILY.has(errnoNameOf(cause))) return "no-such-address";
  if (cause instanceof Deno.errors.NotCapable) return "not-allowed-by-runtime";
  return "other";
}

function explain(code: ListenErrorCode, { port }: Peer, cause: unknown): string {
  switch (code) {
    case "in-use":
      return "another program uses this port";
    case "not-permitted":
      return `the system does not permit it; ports below 1024, such as ${port}, need a privilege`;
    case "no-such-address":
      return "this machine has no such address";
    case "no-such-name":
      return "there is no such name";
    case "held-by-connection":
      return `an outgoing connection of another program holds port ${port}; keep it for us with ` +
        `sysctl -w net.ipv4.ip_local_reserved_ports=${port}, as pulsebox install does`;
    case "not-allowed-by-runtime":
      return `the program was started without --allow-net for it`;
    default: {
      const message = messageOf(cause);
      return message.split("\n", 1)[0] as string;
    }
  }
}
