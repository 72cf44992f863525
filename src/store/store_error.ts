/**
 * The problems of a data directory and its database.
 *
 * @module
 */

import { messageOf } from "../core/message_of.ts";

/**
 * Why the database cannot be used: `directory` (this user cannot write to it), `in-use` (another
 * instance uses it), `newer` (a later version wrote it), `damaged` (it is not a database any more),
 * `device` (the device is full, removed or failing). The operator must solve the first three before
 * a start; the others must not keep a role from its work.
 */
export type StoreErrorKind = "directory" | "in-use" | "newer" | "damaged" | "device";

/** Says in one line why the data directory cannot be used. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly kind: StoreErrorKind;

  constructor(kind: StoreErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Whether only the operator can solve the problem, so that a start must fail. */
export function needsOperator({ kind }: StoreError): boolean {
  return kind === "directory" || kind === "in-use" || kind === "newer";
}

/** Primary result codes of SQLite, from its C interface. */
const KIND_OF_CODE: ReadonlyMap<number, StoreErrorKind> = new Map([
  [1, "damaged"], // ERROR: the statements fit the schema, so the schema is not ours
  [3, "directory"], // PERM
  [5, "in-use"], // BUSY
  [6, "in-use"], // LOCKED
  [8, "directory"], // READONLY
  [11, "damaged"], // CORRUPT
  [14, "directory"], // CANTOPEN
  [26, "damaged"], // NOTADB
]);

/**
 * Texts of the same codes. Deno omits the number from the errors of `exec` and the constructor.
 */
const KIND_OF_TEXT: readonly (readonly [string, StoreErrorKind])[] = [
  ["database is locked", "in-use"],
  ["readonly database", "directory"],
  ["unable to open database file", "directory"],
  ["access permission denied", "directory"],
  ["not a database", "damaged"],
  ["malformed", "damaged"],
  ["too large to be represented", "damaged"], // a number that Pulsebox never writes
  ["no such table", "damaged"],
  ["no such column", "damaged"],
  ["already exists", "damaged"],
];

/** Makes a {@linkcode StoreError} from any error of SQLite or the runtime. */
export function storeErrorOf(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const detail = messageOf(error);
  const kind = kindOf(error, detail);
  return new StoreError(
    kind,
    `Cannot ${ACTION_OF_KIND[kind]} "${path}": ${REASON_OF_KIND[kind] ?? detail}`,
    {
      cause: error,
    },
  );
}

/**
 * Writes what reading does not depend on. If the disk is full, members are restored all the same,
 * and the next commit reports the problem.
 */
export function writeIfPossible(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof StoreError && error.kind === "device")) throw error;
  }
}

const ACTION_OF_KIND: Readonly<Record<StoreErrorKind, string>> = {
  directory: "write to",
  "in-use": "use",
  newer: "use",
  damaged: "read",
  device: "write to",
};

const REASON_OF_KIND: Readonly<Partial<Record<StoreErrorKind, string>>> = {
  "in-use": "another Pulsebox is using it, stop that one or choose another --data directory",
};

function kindOf(error: unknown, text: string): StoreErrorKind {
  if (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.PermissionDenied) {
    return "directory";
  }
  const code = codeOf(error);
  if (code !== undefined) return KIND_OF_CODE.get(code & 0xff) ?? "device";
  return KIND_OF_TEXT.find(([part]) => text.includes(part))?.[1] ?? "device";
}

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode : undefined;
}
