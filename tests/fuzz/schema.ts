/**
 * Values that nearly fit a JSON Schema, and whether a value does: as much of it as the API's document uses.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import type { Random } from "../sim/random.ts";

/** A schema of the API's document. */
export interface Schema {
  readonly type: "object" | "array" | "string" | "number" | "integer" | "boolean";
  readonly default?: unknown;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** All that {@linkcode Schema} knows: a document that says more needs more here. */
const KEYWORDS = new Set([
  ...["type", "default", "format", "properties", "required", "additionalProperties", "items"],
  ...["minItems", "maxItems", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum"],
]);

/** What fits hardly anywhere. */
const ODD: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 0.5, 1e21, 2 ** 53, -1e308, "", " ", "\0", "0", "-1", "null"],
  ...[
    "\u202e",
    "\ud800",
    "é".normalize("NFD"),
    "<script>",
    "1e3",
    "0x10",
    "9".repeat(30),
    "🙂".repeat(70),
  ],
  ...[
    [],
    {},
    [[]],
    { toString: 1 },
    "x".repeat(250),
    "2026-02-29T00:00:00Z",
    "9999-12-31T23:59:59Z",
  ],
];
const STRINGS = [
  "Anna",
  "lamp",
  "2026-01-01",
  "2026-01-02T03:04:05Z",
  "2026-01-01T00:00:00+14:00",
  "7",
];
/** Share of values that are odd, and of objects with a property too many or too few. */
const ODD_SHARE = 0.12;
const PROPERTY_SHARE = 0.7;
const STRANGE_NAMES = ["__proto__", "constructor", "toString", "", "id", "ids", "more"];

/** Makes a value for a schema: most often one that fits, or that is beside a limit. */
export function valueFor(schema: Schema, random: Random): unknown {
  if (random.chance(ODD_SHARE)) return random.pick(ODD);
  if (schema.enum !== undefined) return random.pick(schema.enum);
  switch (schema.type) {
    case "object": {
      const names = Object.keys(schema.properties ?? {}).filter(() =>
        random.chance(PROPERTY_SHARE)
      );
      const strange = random.chance(ODD_SHARE) ? [random.pick(STRANGE_NAMES)] : [];
      // Own properties, whatever their names: JSON has them all.
      return Object.fromEntries([...names, ...strange].map((name) => [
        name,
        valueFor(schema.properties?.[name] ?? schema, random),
      ]));
    }
    case "array": {
      const { minItems = 0, maxItems = 3, items } = schema;
      const length = random.pick([minItems, minItems + 1, 3, maxItems, maxItems + 1]);
      return Array.from({ length }, () => items === undefined ? null : valueFor(items, random));
    }
    case "string": {
      if (random.chance(0.5)) return schema.default ?? random.pick(STRINGS);
      const { minLength = 0, maxLength = 20 } = schema;
      return "x".repeat(
        random.pick([Math.max(minLength - 1, 0), minLength, maxLength, maxLength + 1]),
      );
    }
    case "number":
    case "integer": {
      const { minimum = 0, maximum = 1e6 } = schema;
      return random.pick([minimum - 1, minimum, minimum + 0.5, maximum - 1, maximum, maximum + 1]);
    }
    case "boolean":
      return random.chance(0.5);
  }
}

/** Whether a value fits. */
export function fits(schema: Schema, value: unknown): boolean {
  for (const word of Object.keys(schema)) {
    assert.ok(KEYWORDS.has(word), `no "${word}" is known here`);
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  switch (schema.type) {
    case "object": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
      const { properties = {}, required = [], additionalProperties = true } = schema;
      return required.every((name) => Object.hasOwn(value, name)) &&
        Object.entries(value).every(([name, item]) => {
          const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
          return own === undefined ? additionalProperties : fits(own, item);
        });
    }
    case "array": {
      const { items, minItems = 0, maxItems = Infinity } = schema;
      return Array.isArray(value) && value.length >= minItems && value.length <= maxItems &&
        (items === undefined || value.every((item) => fits(items, item)));
    }
    case "string": {
      if (typeof value !== "string") return false;
      // JSON Schema counts characters, not units.
      const { length } = [...value];
      const { minLength = 0, maxLength = Infinity, pattern } = schema;
      return length >= minLength && length <= maxLength &&
        (pattern === undefined || new RegExp(pattern, "u").test(value));
    }
    case "number":
    case "integer": {
      const { minimum = -Infinity, maximum = Infinity } = schema;
      return typeof value === "number" && value >= minimum && value <= maximum &&
        (schema.type === "number" || Number.isInteger(value));
    }
    case "boolean":
      return typeof value === "boolean";
  }
}
