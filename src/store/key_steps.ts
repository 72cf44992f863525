/**
 * Places to go on reading a table at when what comes next cannot be read.
 *
 * @module
 */

/** A row's place in the order of its table. */
export type Key = readonly (string | number)[];

/** How many whole numbers after the last one are tried one by one, before the steps grow. */
const SINGLE_STEPS = 1_024;
/** By how much steps grow from then on: rows of a page that follow this far away are still hit. */
const STEP_GROWTH = 1.05;
/** The last character of ASCII that is seen. */
const LAST_CODE = 0x7e;

/** The key before all others that a table of Pulsebox has. */
export function leastKey(types: readonly string[]): Key {
  return types.map((type) => type === "TEXT" ? "" : 0);
}

/**
 * Keys after a given one, nearer ones first as far as that can be told: numbers in growing steps,
 * texts by changing their last character, then the one before it, and so on.
 */
export function* keysAfter(key: Key): Generator<Key> {
  for (let place = key.length - 1; place >= 0; place--) {
    const part = key[place];
    const before = key.slice(0, place);
    const rest = leastKey(key.slice(place + 1).map((value) => typeOf(value)));
    const later = typeof part === "number" ? numbersAfter(part) : textsAfter(part ?? "");
    for (const value of later) yield [...before, value, ...rest];
  }
}

function typeOf(value: string | number): string {
  return typeof value === "string" ? "TEXT" : "INTEGER";
}

function* numbersAfter(number: number): Generator<number> {
  let distance = 0;
  while (number + distance < Number.MAX_SAFE_INTEGER) {
    distance = Math.floor(distance < SINGLE_STEPS ? distance + 1 : distance * STEP_GROWTH);
    yield Math.min(number + distance, Number.MAX_SAFE_INTEGER);
  }
}

function* textsAfter(text: string): Generator<string> {
  const characters = [...text];
  for (let place = characters.length; place >= 0; place--) {
    const before = characters.slice(0, place).join("");
    const code = characters[place]?.codePointAt(0) ?? 0x20;
    for (let later = code + 1; later <= LAST_CODE; later++) {
      yield before + String.fromCodePoint(later);
    }
    // Behind all of ASCII, for whoever writes in another script.
    if (code <= LAST_CODE) yield before + "\u{7f}";
    else if (code < 0xd7ff) yield before + String.fromCodePoint(code + 1);
  }
}
