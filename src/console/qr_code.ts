/**
 * The console's address as a QR code.
 *
 * @module
 */

import { forwardedPrefix, forwardedTransport } from "./forwarded.ts";

/** Width of the white border in modules, as ISO/IEC 18004 requires. */
const QUIET_ZONE = 4;

/** Hosts that would mean the phone itself, not this machine. */
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/**
 * The URL under which a browser reached this console; undefined if no other machine can use it.
 */
export function outsideAddress(request: Request, scheme: "http" | "https"): string | undefined {
  const host = request.headers.get("host") ?? "";
  if (host === "" || LOOPBACK.test(host)) return undefined;
  const { headers } = request;
  return `${forwardedTransport(headers, scheme)}://${host}${forwardedPrefix(headers)}/`;
}

/** Draws a text as an SVG. The code for that is loaded when it is first needed. */
export async function drawQrCode(text: string): Promise<string> {
  const { encode } = await import("uqr");
  const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
  let path = "";
  for (const [y, row] of data.entries()) {
    for (const [x, isDark] of row.entries()) if (isDark) path += `M${x} ${y}h1v1h-1z`;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" ` +
    `shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/>` +
    `<path d="${path}"/></svg>\n`;
}
