/**
 * The types of settings for network services.
 *
 * @module
 */

import * as z from "zod/mini";
import { SECOND_MS } from "../../core/clock.ts";
import { type Cidr, parseCidr } from "../../core/cidr.ts";
import { problemOfWebhook } from "../../wire/url/webhook.ts";
import { parseDuration } from "./duration.ts";
import { typeOf, type ValueType } from "./value_types.ts";

const CIDR_FORM = "must be an address or a block of addresses such as 10.0.0.0/8";

/** A block of addresses. */
export const cidrType: ValueType<Cidr> = z.pipe(
  z.pipe(z.unknown(), z.string(CIDR_FORM)),
  z.transform((text, context) => {
    const block = parseCidr(text.trim());
    if (typeof block !== "string") return block;
    context.issues.push({ code: "custom", message: block, input: text });
    return z.NEVER;
  }),
);

const ORIGIN_FORM = "must be an origin such as https://desk.example:3000";

/** The origin of a page, as browsers send it; `null` for a page from a file. */
export const originType: ValueType<string> = typeOf(ORIGIN_FORM, (input) => {
  if (typeof input !== "string") return undefined;
  const text = input.trim().replace(/\/$/, "");
  if (text === "null") return text;
  return /^https?:\/\/[^/?#@]+$/i.test(text) ? URL.parse(text)?.origin : undefined;
});

/** The URL of a webhook. */
export const webhookUrlType: ValueType<string> = z.pipe(
  z.pipe(z.unknown(), z.string("must be a URL such as https://example.org/hook")),
  z.transform((text, context) => {
    const problem = problemOfWebhook(text);
    if (problem === undefined) return text;
    context.issues.push({ code: "custom", message: problem, input: text });
    return z.NEVER;
  }),
);

/**
 * A time in seconds, with fractions and without a unit, as originals write it; or a duration with a
 * unit. The value is in milliseconds.
 */
export function secondsType(minMs: number, maxMs: number): ValueType<number> {
  const message = `must be a number of seconds, ${minMs / SECOND_MS} to ${maxMs / SECOND_MS}`;
  return typeOf(message, (input) => {
    const ms = millisecondsOf(input);
    return ms !== undefined && ms >= minMs && ms <= maxMs ? ms : undefined;
  });
}

function millisecondsOf(input: unknown): number | undefined {
  if (typeof input === "number") return input * SECOND_MS;
  if (typeof input !== "string") return undefined;
  const text = input.trim();
  return /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) * SECOND_MS : parseDuration(text);
}
