/**
 * Errors of the API as RFC 9457 problem documents.
 *
 * @module
 */

/** The fields of a problem document that we use. */
export interface Problem {
  status: number;
  /** Short and the same for every problem of this kind. */
  title: string;
  /** One sentence about this occurrence. */
  detail: string;
}

/** RFC 9110 section 11.6.1 requires a challenge with status 401; RFC 6750 defines it for tokens. */
export const CHALLENGE = 'Bearer realm="Pulsebox"';

/** Makes the response for a problem, with further header fields if the status needs them. */
export function problemResponse(
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ type: "about:blank", ...problem }, {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(problem.status === 401 ? { "www-authenticate": CHALLENGE } : {}),
      ...headers,
    },
  });
}
