/**
 * The types of settings that a network service needs.
 *
 * @module
 */

import * as z from "zod/mini";
import { SECOND_MS } from "../../core/clock.ts";
import { type Cidr, parseCidr } from "../../core/cidr.ts";
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

/** The origin of a page, as browsers tell it; `null` is that of a page from a file. */
export const originType: ValueType<string> = typeOf(ORIGIN_FORM, (input) => {
  if (typeof input !== "string") return undefined;
  const text = input.trim().replace(/\/$/, "");
  if (text === "null") return text;
  return /^https?:\/\/[^/?#@]+$/i.test(text) ? URL.parse(text)?.origin : undefined;
});

const WEBHOOK_FORM = "must be a URL such as https://example.org/hook";

/** Where notifications are sent. */
export const webhookUrlType: ValueType<string> = z.pipe(
  z.unknown(),
  z.string(WEBHOOK_FORM).check(
    z.maxLength(2_048, "must be a URL of at most 2048 characters"),
    z.refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""), WEBHOOK_FORM),
  ),
);

/**
 * A time in seconds, with fractions, as originals write it without unit; or a duration with a unit.
 * The value is in milliseconds.
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
