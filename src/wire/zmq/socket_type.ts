/**
 * Which sockets can talk to each other (zws.md section 4).
 *
 * @module
 */

/** The kinds of socket that Pulsebox offers. */
export type SocketType = "REQ" | "DEALER" | "ROUTER" | "PUB" | "XPUB" | "SUB" | "XSUB";

const PARTNERS: Readonly<Record<SocketType, readonly string[]>> = {
  REQ: ["REP", "ROUTER"],
  DEALER: ["REP", "DEALER", "ROUTER"],
  ROUTER: ["REQ", "DEALER", "ROUTER"],
  PUB: ["SUB", "XSUB"],
  XPUB: ["SUB", "XSUB"],
  SUB: ["PUB", "XPUB"],
  XSUB: ["PUB", "XPUB"],
};

/** Whether a peer of the socket type `theirs` is compatible. */
export function areCompatible(ours: SocketType, theirs: string): boolean {
  return PARTNERS[ours].includes(theirs);
}

/** The compatible types of a socket, in words. */
export function partnersOf(ours: SocketType): string {
  return `${ours} takes ${PARTNERS[ours].join(" or ")}`;
}

/** Why a peer may have left after it saw this end's socket type and before it sent its own. */
export function departureFrom(ours: SocketType): string {
  return `Cannot connect: peer left during the handshake, ${partnersOf(ours)}`;
}

/** Whether a socket sends its routing id in the handshake. */
export function tellsIdentity(type: SocketType): boolean {
  return type === "REQ" || type === "DEALER" || type === "ROUTER";
}

/** Whether a socket receives subscriptions. */
export function takesSubscriptions(type: SocketType): boolean {
  return type === "PUB" || type === "XPUB";
}
