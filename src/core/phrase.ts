/**
 * Sentences with holes, in tables of one language each.
 *
 * @module
 */

/** A sentence that depends on a number, the value of `count`. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}

/** A sentence, with names in braces where values go: `{count} of {total}`. */
export type Phrase = string | Plural;

/** Sentences by key. */
export type PhraseTable = Readonly<Record<string, Phrase>>;

/** Names of the holes in a sentence. */
export type Holes<P> = P extends string
  ? P extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest>
  : never
  : P extends Plural ? "count" | Holes<P["one"]> | Holes<P["other"]>
  : never;

/** What goes into the holes of a sentence. */
export type Values = Readonly<Record<string, string | number>>;

/** A sentence before anybody has said it in a language. */
export interface Saying {
  readonly key: string;
  readonly values: Values;
  /** What goes into the hole `parts`, one after the other. */
  readonly parts?: readonly Saying[];
}

/** Makes sentences of one table. */
export class Phrasebook {
  readonly #table: PhraseTable;
  readonly #language: string;
  #made: Intl.PluralRules | undefined;

  /** @param language Decides which number takes which form. */
  constructor(language: string, table: PhraseTable) {
    this.#table = table;
    this.#language = language;
  }

  /** Fills a sentence; `undefined` if the table has none of this key. */
  phrase(key: string, values: Values = {}): string | undefined {
    if (!Object.hasOwn(this.#table, key)) return undefined;
    const phrase = this.#table[key] ?? "";
    const form = typeof phrase === "string"
      ? phrase
      : this.#rules.select(Number(values["count"])) === "one"
      ? phrase.one
      : phrase.other;
    return form.replace(
      /\{(\w+)\}/g,
      (hole, name: string) => Object.hasOwn(values, name) ? String(values[name]) : hole,
    );
  }

  /** Made when it is first needed: the first of a process takes 3 MB. */
  get #rules(): Intl.PluralRules {
    return this.#made ??= new Intl.PluralRules(this.#language);
  }

  /** Says a sentence; `undefined` if this table cannot. */
  say({ key, values, parts }: Saying): string | undefined {
    if (parts === undefined) return this.phrase(key, values);
    const said = parts.map((part) => this.say(part));
    if (said.includes(undefined)) return undefined;
    return this.phrase(key, { ...values, parts: said.join(", ") });
  }
}
