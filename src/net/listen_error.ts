/**
 * Why an address cannot be listened on, in one line.
 *
 * @module
 */

import { messageOf } from "../core/message_of.ts";
import { ClientError } from "../core/client_error.ts";
import { hostAndPort, type Peer } from "./address.ts";
import { errnoNameOf } from "./libc/errno.ts";

/**
 * What stands in the way: another program uses the port (`in-use`), the system does not permit it
 * (`not-permitted`), this machine has no such address (`no-such-address`), the name is unknown
 * (`no-such-name`), an outgoing connection uses the port (`held-by-connection`), Deno was started
 * without `--allow-net` for it (`not-allowed-by-runtime`), or anything else (`other`).
 */
export type ListenFailure =
  | "in-use"
  | "not-permitted"
  | "no-such-address"
  | "no-such-name"
  | "held-by-connection"
  | "not-allowed-by-runtime"
  | "other";

/** An address cannot be listened on; the message is one line that names it, `kind` says why. */
export class ListenError extends ClientError<ListenFailure> {
  /** Always `ListenError`. */
  override readonly name = "ListenError";

  /**
   * Makes an error.
   *
   * @param address Where we wanted to listen.
   * @param cause What the system said.
   * @param kind What stands in the way, if that is known better.
   */
  constructor(address: Peer, cause: unknown, kind: ListenFailure = kindOf(cause)) {
    const detail = explain(kind, address, cause);
    super(kind, `Cannot listen on ${hostAndPort(address)}: ${detail}`, { cause });
  }
}

/** A system without IPv6, or an interface of that name. */
const NO_FAMILY: ReadonlySet<string> = new Set(["EAFNOSUPPORT", "ENODEV"]);

function kindOf(cause: unknown): ListenFailure {
  if (cause instanceof Deno.errors.AddrInUse) return "in-use";
  if (cause instanceof Deno.errors.PermissionDenied) return "not-permitted";
  if (cause instanceof Deno.errors.AddrNotAvailable) return "no-such-address";
  if (NO_FAMILY.has(errnoNameOf(cause))) return "no-such-address";
  if (cause instanceof Deno.errors.NotCapable) return "not-allowed-by-runtime";
  return "other";
}

function explain(kind: ListenFailure, { port }: Peer, cause: unknown): string {
  switch (kind) {
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
