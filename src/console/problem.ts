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

/** Makes the response for a problem. */
export function problemResponse(problem: Problem): Response {
  return Response.json({ type: "about:blank", ...problem }, {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      // RFC 9110 requires a challenge with status 401; RFC 6750 defines it for tokens.
      ...(problem.status === 401 ? { "www-authenticate": 'Bearer realm="Pulsebox"' } : {}),
    },
  });
}
