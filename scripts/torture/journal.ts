/**
 * What a client knows it did, and so what a host must remember of it.
 *
 * @module
 */

/** How old a confirmed operation may be and still be lost by a kill, in milliseconds. */
export const LOSS_MS_MAX = 1_000;

/** What a host remembers of one application, as far as its client can tell. */
export interface Memory {
  /** Whether it is in `/list`. */
  readonly listed: boolean;
  /** The longest silence it promised in milliseconds; 0 while it is not listed. */
  readonly promiseMs: number;
  /** Reason of its maintenance. */
  readonly pause: string | undefined;
}

/** Something that a client asked for. */
export type Operation =
  | { kind: "beat"; promiseMs: number }
  | { kind: "done" }
  | { kind: "pause"; reason: string }
  | { kind: "resume" };

/** Nothing is known of an application before its first operation. */
export const NOTHING: Memory = { listed: false, promiseMs: 0, pause: undefined };

/** What is remembered after an operation. */
export function after(memory: Memory, operation: Operation): Memory {
  switch (operation.kind) {
    case "beat":
      return { ...memory, listed: true, promiseMs: operation.promiseMs };
    case "done":
      return { ...memory, listed: false, promiseMs: 0 };
    case "pause":
      return { ...memory, pause: operation.reason };
    case "resume":
      return { ...memory, pause: undefined };
  }
}

/** True if two memories are the same. */
export function equal(one: Memory, other: Memory): boolean {
  return one.listed === other.listed && one.promiseMs === other.promiseMs &&
    one.pause === other.pause;
}

interface Entry {
  operation: Operation;
  /** When the answer came, in milliseconds; `undefined` if none did. */
  confirmedAt: number | undefined;
}

/**
 * The operations of one application since the last check, one after the other.
 *
 * A host writes in the order in which things happen, so after a kill it remembers a beginning of
 * them: all that were confirmed a second before at least.
 */
export class Journal {
  #base: Memory = NOTHING;
  #entries: Entry[] = [];

  /** Takes note of an operation that is about to be asked for; call what it returns when confirmed. */
  begin(operation: Operation): (confirmedAt: number) => void {
    const entry: Entry = { operation, confirmedAt: undefined };
    this.#entries.push(entry);
    return (confirmedAt) => void (entry.confirmedAt = confirmedAt);
  }

  /** What the host remembers if it has lost nothing. */
  get latest(): Memory {
    return this.#entries.reduce((memory, { operation }) => after(memory, operation), this.#base);
  }

  /** Everything that a host may remember after a kill. */
  acceptable(killedAt: number): Memory[] {
    let memory = this.#base;
    const memories: Memory[] = [];
    let certain = true;
    for (const { operation, confirmedAt } of this.#entries) {
      certain &&= confirmedAt !== undefined && confirmedAt <= killedAt - LOSS_MS_MAX;
      if (!certain) memories.push(memory);
      memory = after(memory, operation);
    }
    memories.push(memory);
    return memories;
  }

  /** Begins anew with what was found. */
  rebase(found: Memory): void {
    this.#base = found;
    this.#entries = [];
  }
}
