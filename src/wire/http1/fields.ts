/**
 * Header and trailer fields, byte for byte.
 *
 * @module
 */

import { byteName, type HeadSyntax, type Violation, violation } from "./violation.ts";
import { CLASSES, COLON, CR, HT, LF, SP, TOKEN, VALUE } from "./characters.ts";

const FIELD_START = 0;
const NAME = 1;
const VALUE_START = 2;
const VALUE_TEXT = 3;
const VALUE_LF = 4;
const END_LF = 5;

/** Numbers that describe one field: start and end of its name, start and end of its value. */
const NUMBERS_PER_FIELD = 4;

/** Called with each field as soon as its line is complete; offsets count from the start of the buffer. */
export type OnField = (
  bytes: Uint8Array,
  nameStart: number,
  nameEnd: number,
  valueStart: number,
  valueEnd: number,
) => Violation | undefined;

/** Limits of {@linkcode FieldScanner}. */
export interface FieldLimits {
  /** Bytes from the start of the section to the end of the last field. */
  readonly bytesMax: number;
  /** Number of fields. */
  readonly fieldsMax: number;
  /** What the section is called in messages. */
  readonly section: "head" | "trailers";
  /** How much is accepted. */
  readonly syntax: HeadSyntax;
}

/**
 * Scans `NAME ":" OWS VALUE OWS CRLF` lines up to the empty one (RFC 9112 section 5). Folded lines,
 * blanks before the colon, bare line ends and control bytes are refused.
 *
 * All offsets count from the start of the section, so that the buffer may move between two calls.
 */
export class FieldScanner {
  readonly #limits: FieldLimits;
  readonly #onField: OnField;
  #state = FIELD_START;
  #nameStart = 0;
  #nameEnd = 0;
  #valueStart = 0;
  /** One past the last byte of the value that is not a blank. */
  #valueEnd = 0;
  /** Grows with the fields that come; empty as long as a connection is silent. */
  readonly #offsets: number[] = [];
  /** Added to all offsets after the section has moved. */
  #shift = 0;
  /** The leniency for hand-made sections that this section has used, if any. */
  irregularity: Violation | undefined = undefined;
  /** Number of complete fields. */
  count = 0;
  /** The next byte to look at; at the end, the first byte after the section. */
  at = 0;

  /**
   * @param limits How much is taken.
   * @param onField Looks at each field when it is complete and may refuse it.
   */
  constructor(limits: FieldLimits, onField: OnField) {
    this.#limits = limits;
    this.#onField = onField;
  }

  /**
   * Makes ready for the next section.
   *
   * @param at Where the fields begin, counted from the start of the section.
   */
  reset(at: number): void {
    this.#state = FIELD_START;
    this.count = 0;
    this.#shift = 0;
    this.irregularity = undefined;
    this.at = at;
  }

  /** Shifts the offsets of a complete section that now lies elsewhere. */
  moveTo(end: number): void {
    this.#shift += end - this.at;
    this.at = end;
  }

  /**
   * One of the four offsets of a field.
   *
   * @param field From 0 to `count` - 1.
   * @param number 0 and 1: start and end of the name; 2 and 3: start and end of the value.
   */
  offset(field: number, number: number): number {
    return (this.#offsets[field * NUMBERS_PER_FIELD + number] as number) + this.#shift;
  }

  /**
   * Looks at the bytes that are new.
   *
   * @return True when the section is complete, false when more bytes are needed, else what is wrong.
   */
  scan(bytes: Uint8Array, start: number, end: number): boolean | Violation {
    const { bytesMax, section } = this.#limits;
    const stop = Math.min(end, start + bytesMax);
    let index = start + this.at;
    while (index < stop) {
      const byte = bytes[index] as number;
      switch (this.#state) {
        case FIELD_START:
          if (byte === CR) {
            this.#state = END_LF;
            break;
          }
          if (byte === LF && this.#tolerates("in place of a field")) {
            this.at = index + 1 - start;
            return true;
          }
          if (byte === SP || byte === HT) {
            return violation(400, `Cannot parse ${section}: a field is folded over two lines`);
          }
          if (this.count === this.#limits.fieldsMax) {
            return violation(431, `Cannot parse ${section}: more than ${this.count} fields`);
          }
          this.#nameStart = index - start;
          this.#state = NAME;
          continue;
        case NAME: {
          let next = byte;
          while (((CLASSES[next] as number) & TOKEN) !== 0) {
            if (++index === stop) break;
            next = bytes[index] as number;
          }
          if (index === stop) continue;
          if (next !== COLON) return this.#misplaced(next, "in a field name");
          this.#nameEnd = index - start;
          if (this.#nameEnd === this.#nameStart) return this.#misplaced(next, "before a name");
          this.#state = VALUE_START;
          break;
        }
        case VALUE_START:
          if (byte === SP || byte === HT) break;
          this.#valueStart = this.#valueEnd = index - start;
          this.#state = VALUE_TEXT;
          continue;
        case VALUE_TEXT: {
          let next = byte;
          let last = this.#valueEnd;
          while (((CLASSES[next] as number) & VALUE) !== 0) {
            index++;
            if (next !== SP && next !== HT) last = index - start;
            if (index === stop) break;
            next = bytes[index] as number;
          }
          this.#valueEnd = last;
          if (index === stop) continue;
          if (next === CR) {
            this.#state = VALUE_LF;
            break;
          }
          if (next !== LF || !this.#tolerates("in a field value")) {
            return this.#misplaced(next, "in a field value");
          }
          this.#state = VALUE_LF;
          // The same byte again, as if a carriage return had come before it.
          continue;
        }
        case VALUE_LF: {
          if (byte !== LF) return this.#misplaced(byte, "after a carriage return");
          const fault = this.#complete(bytes, start);
          if (fault !== undefined) return fault;
          this.#state = FIELD_START;
          break;
        }
        default:
          if (byte !== LF) return this.#misplaced(byte, "after a carriage return");
          this.at = index + 1 - start;
          return true;
      }
      index++;
    }
    this.at = index - start;
    if (this.at < bytesMax) return false;
    return violation(431, `Cannot parse ${section}: longer than ${bytesMax} bytes`);
  }

  #complete(bytes: Uint8Array, start: number): Violation | undefined {
    const base = this.count++ * NUMBERS_PER_FIELD;
    this.#offsets[base] = this.#nameStart;
    this.#offsets[base + 1] = this.#nameEnd;
    this.#offsets[base + 2] = this.#valueStart;
    this.#offsets[base + 3] = this.#valueEnd;
    return this.#onField(
      bytes,
      start + this.#nameStart,
      start + this.#nameEnd,
      start + this.#valueStart,
      start + this.#valueEnd,
    );
  }

  /** Whether a bare line feed is accepted; if so, that is remembered. */
  #tolerates(place: string): boolean {
    if (this.#limits.syntax === "strict") return false;
    this.irregularity ??= this.#misplaced(LF, place);
    return true;
  }

  #misplaced(byte: number, place: string): Violation {
    return violation(400, `Cannot parse ${this.#limits.section}: byte ${byteName(byte)} ${place}`);
  }
}
