/**
 * The types of settings that a network service needs.
 *
 * @module
 */

import * as v from "valibot";
import { SECOND_MS } from "../core/clock.ts";
import { type Cidr, parseCidr } from "../core/cidr.ts";
import { parseDuration } from "./duration.ts";
import type { ValueType } from "./value_types.ts";

const CIDR_FORM = "must be an address or a block of addresses such as 10.0.0.0/8";

/** A block of addresses. */
export const cidrType: ValueType<Cidr> = v.pipe(
  v.unknown(),
  v.string(CIDR_FORM),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const block = parseCidr(dataset.value.trim());
    if (typeof block !== "string") return block;
    addIssue({ message: block });
    return NEVER;
  }),
);

const WEBHOOK_FORM = "must be a URL such as https://example.org/hook";

/** Where notifications are sent. */
export const webhookUrlType: ValueType<string> = v.pipe(
  v.unknown(),
  v.string(WEBHOOK_FORM),
  v.maxLength(2_048, "must be a URL of at most 2048 characters"),
  v.check((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""), WEBHOOK_FORM),
);

/**
 * A time in seconds, with fractions, as originals write it without unit; or a duration with a unit.
 * The value is in milliseconds.
 */
export function secondsType(minMs: number, maxMs: number): ValueType<number> {
  const message = `must be a number of seconds, ${minMs / SECOND_MS} to ${maxMs / SECOND_MS}`;
  return v.pipe(
    v.unknown(),
    v.transform((input) => {
      if (typeof input === "number") return input * SECOND_MS;
      if (typeof input !== "string") return undefined;
      const text = input.trim();
      return /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) * SECOND_MS : parseDuration(text);
    }),
    v.number(message),
    v.minValue(minMs, message),
    v.maxValue(maxMs, message),
  );
}
