/**
 * Files that the operator keeps from others: tokens, keys, secrets.
 *
 * @module
 */

/** The largest such file, in bytes. */
export const SECRET_FILE_BYTES_MAX = 262_144;

const OTHERS_MAY_READ = 0o004;

/** A file that could be read. */
export interface SecretFile {
  readonly text: string;
  /** True if every user of this machine can read it. */
  readonly isOpenToAll: boolean;
}

/**
 * Reads such a file.
 *
 * @throws {Error} if it cannot be read; the message is one sentence and holds nothing of the content.
 */
export function readSecretFile(path: string): SecretFile {
  try {
    const { size, mode } = Deno.statSync(path);
    if (size > SECRET_FILE_BYTES_MAX) {
      throw new Error(`it has ${size} bytes, must be <= ${SECRET_FILE_BYTES_MAX}`);
    }
    const text = Deno.readTextFileSync(path);
    return { text, isOpenToAll: mode !== null && (mode & OTHERS_MAY_READ) !== 0 };
  } catch (cause) {
    throw new Error(`Cannot read "${path}": ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "there is no such file";
  if (cause instanceof Deno.errors.PermissionDenied) return "this user may not read it";
  const reason = cause instanceof Error ? cause.message : String(cause);
  return reason.split("\n", 1)[0] ?? "";
}
