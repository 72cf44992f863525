/**
 * Who may change something.
 *
 * @module
 */

import { isLoopback } from "../net/address.ts";
import type { Problem } from "./problem.ts";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Why a request may not change anything, or `undefined` if it may, or only reads.
 *
 * Changes come from this machine only. Pages of other sites that a browser on this machine shows may
 * not make them either: browsers tell with `Sec-Fetch-Site` and `Origin` who asks, and a name that
 * was bent to this address (DNS rebinding) shows in `Host`.
 */
export function writeRefusal(request: Request, peerAddress: string): Problem | undefined {
  if (SAFE_METHODS.has(request.method)) return undefined;
  if (!isLoopback(peerAddress)) {
    return refusal(`Changes are taken from this machine only, not from ${peerAddress}`);
  }
  const host = request.headers.get("host") ?? "";
  if (!isLocalHost(host)) return refusal(`The host name "${host}" is not one of this console`);
  const site = request.headers.get("sec-fetch-site") ?? "none";
  if (site !== "none" && site !== "same-origin") {
    return refusal("The request comes from a page of another site");
  }
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== `http://${host}`) {
    return refusal(`The request comes from a page of "${origin}"`);
  }
  return undefined;
}

function isLocalHost(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return name === "[::1]" || isLoopback(name);
}

function refusal(detail: string): Problem {
  return { status: 403, title: "Not allowed", detail };
}
