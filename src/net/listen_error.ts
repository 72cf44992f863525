/**
 * Why an address cannot be listened on, in one line.
 *
 * @module
 */

import { hostAndPort, type Peer } from "./address.ts";

/** What stands in the way. */
export type ListenErrorCode =
  | "in-use"
  | "not-permitted"
  | "no-such-address"
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
   */
  constructor(address: Peer, cause: unknown) {
    const code = codeOf(cause);
    super(`Cannot listen on ${hostAndPort(address)}: ${explain(code, address, cause)}`, { cause });
    this.code = code;
  }
}

function codeOf(cause: unknown): ListenErrorCode {
  if (cause instanceof Deno.errors.AddrInUse) return "in-use";
  if (cause instanceof Deno.errors.PermissionDenied) return "not-permitted";
  if (cause instanceof Deno.errors.AddrNotAvailable) return "no-such-address";
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
    case "not-allowed-by-runtime":
      return `the program was started without --allow-net for it`;
    default: {
      const message = cause instanceof Error ? cause.message : String(cause);
      return message.split("\n", 1)[0] as string;
    }
  }
}
