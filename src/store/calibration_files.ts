/**
 * Calibration files of game clients: `ID.json`, or `calibration.json` for all other clients.
 *
 * @module
 */

import { fileReason } from "./file_error.ts";

/** The largest calibration file that is served, in bytes. */
export const CALIBRATION_BYTES_MAX = 4_194_304;

/** A client's calibration file as it is on disk. */
export interface CalibrationFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the file is the client's own. */
  readonly kind: "client" | "default";
  /** An HTTP entity tag with its quotes; it changes with the file. */
  readonly etag: string;
}

const DEFAULT_NAME = "calibration";
/** No path separators: whatever the name, the file lies directly in the folder. */
const SAFE_NAME = /^[A-Za-z0-9._:-]{1,64}$/;
/** The most files that are remembered to be valid JSON; above it, all are forgotten. */
const CHECKED_MAX = 1_000;

/** Finds calibration files in one folder; files may come, go and change at any time. */
export class CalibrationFiles {
  readonly #directory: string | undefined;
  readonly #checked = new Set<string>();

  /** @param directory The folder; if not given, there are no files. */
  constructor(directory: string | undefined) {
    this.#directory = directory;
  }

  /**
   * Reads the file for a client.
   *
   * @param clientId Its identity; `undefined` asks for the common file.
   * @return `undefined` if there is neither a file of its own nor a common one.
   * @throws {Error} if the file cannot be served; the message is one plain sentence.
   */
  async read(clientId: string | undefined): Promise<CalibrationFile | undefined> {
    if (clientId !== undefined && SAFE_NAME.test(clientId) && clientId !== DEFAULT_NAME) {
      const own = await this.#read(clientId, "client");
      if (own !== undefined) return own;
    }
    return await this.#read(DEFAULT_NAME, "default");
  }

  async #read(
    name: string,
    kind: CalibrationFile["kind"],
  ): Promise<CalibrationFile | undefined> {
    if (this.#directory === undefined) return undefined;
    const path = `${this.#directory}/${name}.json`;
    try {
      using file = await Deno.open(path);
      const { size, mtime, isFile } = await file.stat();
      if (!isFile) return undefined;
      if (size > CALIBRATION_BYTES_MAX) {
        throw new Error(`it has ${size} bytes, must be <= ${CALIBRATION_BYTES_MAX}`);
      }
      const bytes = await readAll(file, size);
      const etag = `"${size.toString(36)}-${(mtime?.getTime() ?? 0).toString(36)}"`;
      this.#check(`${name} ${etag}`, bytes);
      return { bytes, kind, etag };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw new Error(`Cannot serve calibration "${name}.json": ${detailOf(error, path)}`, {
        cause: error,
      });
    }
  }

  /** A file that is still being written is not served: clients keep the version that they have. */
  #check(key: string, bytes: Uint8Array): void {
    if (this.#checked.has(key)) return;
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (this.#checked.size >= CHECKED_MAX) this.#checked.clear();
    this.#checked.add(key);
  }
}

async function readAll(file: Deno.FsFile, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function detailOf(error: unknown, path: string): string {
  if (error instanceof SyntaxError || error instanceof TypeError) return "it is not JSON in UTF-8";
  return fileReason(error, path);
}
