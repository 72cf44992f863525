/**
 * One request to a heartbeat server.
 *
 * @module
 */

import { exchange, type ExchangeRequest } from "../../net/http/client.ts";
import { hostAndPort } from "../../wire/url/place.ts";
import { HilbertError, rejectReply } from "./error.ts";
import type { HilbertEndpoint } from "./settings.ts";
import { encodeTarget, formBody, joinPath } from "./target.ts";

/** Timeout of a call in milliseconds, unless set otherwise. */
export const HILBERT_TIMEOUT_MS = 2_000;

/** How to send a request. */
export interface SendOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly caCerts?: readonly string[];
}

/** Sends one request; returns the text of a successful reply. */
export async function send(
  endpoint: HilbertEndpoint,
  path: string,
  method: "GET" | "POST",
  data: Readonly<Record<string, string>>,
  options: SendOptions,
): Promise<string> {
  const { timeoutMs = HILBERT_TIMEOUT_MS, signal, caCerts = [] } = options;
  if (!(timeoutMs > 0)) {
    throw new HilbertError("settings", `Cannot send request: timeoutMs is ${timeoutMs}`);
  }
  const { scheme, hostname, port } = endpoint;
  const target = encodeTarget(joinPath(endpoint.path, path));
  const request: ExchangeRequest = { hostname, port, method, target, timeoutMs };
  if (signal !== undefined) request.signal = signal;
  if (scheme === "https") request.tls = { caCerts };
  if (method === "POST") {
    request.body = formBody(data);
  }
  const { status, body } = await exchange(request).catch((error) => rejectReply(error, endpoint));
  if (status === 200) return body;
  throw new HilbertError(
    "status",
    `Cannot get ${target} of ${hostAndPort(endpoint)}: status ${status}, ${JSON.stringify(body)}`,
    { status },
  );
}
