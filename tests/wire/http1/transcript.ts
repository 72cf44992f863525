/**
 * What a parser makes of bytes, as text that can be compared.
 *
 * @module
 */

import { REQUEST_LIMITS, type RequestLimits } from "../../../src/wire/http1/limits.ts";
import { RequestParser } from "../../../src/wire/http1/parser.ts";
import type { HeadSyntax } from "../../../src/wire/http1/violation.ts";
import { textOf } from "../../support/tcp.ts";

/**
 * Feeds the bytes in pieces and writes down the events, with the parts of a body joined. For any
 * split the transcript is the same.
 *
 * @param cuts Where the bytes are cut, in ascending order.
 */
export function transcriptOf(
  bytes: Uint8Array,
  cuts: readonly number[],
  limits: Partial<RequestLimits> = {},
  syntax: HeadSyntax = "strict",
): string[] {
  const parser = new RequestParser({ ...REQUEST_LIMITS, ...limits }, syntax);
  const lines: string[] = [];
  let body = "";
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    // What is pushed is pulled at once, so there is always room for all of it in a few rounds.
    for (let at = start; at < end;) {
      at += parser.push(bytes.subarray(at, end));
      for (let event = parser.next(); event !== undefined; event = parser.next()) {
        switch (event.kind) {
          case "head": {
            const flags = [
              event.keepAlive ? "keep" : "close",
              ...(event.expectsContinue ? ["expects"] : []),
              ...(event.upgrade ? ["upgrade"] : []),
            ].join(" ");
            lines.push(
              `head ${event.method} ${event.target} 1.${event.minor} body=${event.bodyBytes} ${flags}`,
            );
            lines.push(...event.headers().map(([name, value]) => `  ${name}: ${value}`));
            break;
          }
          case "body":
            body += textOf(event.bytes);
            break;
          case "end":
            if (body !== "") lines.push(`body ${body}`);
            lines.push("end");
            body = "";
            break;
          case "violation":
            if (body !== "") lines.push(`body ${body}`);
            lines.push(`violation ${event.status} ${event.message}`);
            return lines;
        }
      }
    }
    start = end;
  }
  if (body !== "") lines.push(`part ${body}`);
  else if (!parser.isBetweenRequests || parser.bufferedBytes > 0) lines.push("more");
  return lines;
}

/** The cut positions that feed bytes one at a time. */
export function everyByte(length: number): number[] {
  return Array.from({ length: Math.max(length - 1, 0) }, (_, index) => index + 1);
}

/** The flags of each head, as the table of cases has them. */
export function flagsOf(transcript: readonly string[]): string[] {
  return transcript.flatMap((line) => /^head .* body=\S+ (.*)$/.exec(line)?.[1] ?? []);
}

/** A transcript in the form of the table of cases. */
export function summaryOf(transcript: readonly string[]): (string | number)[] {
  const summary: (string | number)[] = [];
  let request: string | undefined;
  for (const line of transcript) {
    const [, method, target] = /^head (\S+) (\S+)/.exec(line) ?? [];
    if (method !== undefined) request = `${method} ${target}`;
    else if (line.startsWith("body ")) request += `|${line.slice(5)}`;
    else if (line === "end") {
      if (request !== undefined) summary.push(request);
      request = undefined;
    } else if (line.startsWith("violation ")) summary.push(Number(line.split(" ", 2)[1]));
    else if (line.startsWith("part ") || line === "more") summary.push("more");
  }
  return summary;
}
