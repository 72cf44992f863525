/**
 * A pseudo terminal: a serial port without hardware, for the emulator and for tests.
 *
 * Needs the permission `--allow-ffi` and nothing else.
 *
 * @module
 */

import { cString, Libc, O_CLOEXEC, O_NOCTTY, O_NONBLOCK, O_RDWR } from "../libc/libc.ts";
import { pseudoTerminalPath, readLink, replaceLink } from "../libc/files.ts";
import { SerialStream } from "./stream.ts";
import { configureRaw } from "./termios.ts";

const BAUD = 115_200;

/** Options of {@linkcode Pty.open}. */
export interface PtyOptions {
  /**
   * Path of a symbolic link to the port, made when it opens (an existing link or file is replaced) and
   * removed when it closes.
   */
  link?: string;
}

/**
 * Both ends of a pseudo terminal. The program that would be told a serial port opens
 * {@linkcode Pty.portPath}; what it writes is read from {@linkcode Pty.device}, and the other way
 * round. Closing is pulling the plug: the other program sees its port hang up.
 */
export class Pty implements AsyncDisposable {
  /** The end that plays the device. It stays usable while no program has the port open. */
  readonly device: SerialStream;
  /** Path of the port, such as `/dev/pts/3`. */
  readonly portPath: string;
  readonly #libc: Libc;
  readonly #held: number;
  readonly #link: string | undefined;
  #closing: Promise<void> | undefined;

  private constructor(
    libc: Libc,
    ends: { device: SerialStream; portPath: string; held: number; link: string | undefined },
  ) {
    this.#libc = libc;
    this.device = ends.device;
    this.portPath = ends.portPath;
    this.#held = ends.held;
    this.#link = ends.link;
  }

  /**
   * Makes a pseudo terminal that carries raw bytes.
   *
   * @throws {Error} if the system gives none, or the link cannot be made.
   */
  static async open(options: PtyOptions = {}): Promise<Pty> {
    const libc = Libc.acquire();
    const descriptors: number[] = [];
    let pty: Pty;
    try {
      const device = openDevice(libc, descriptors);
      const portPath = pseudoTerminalPath(libc, device) ?? "";
      const held = await openHeld(libc, portPath, descriptors);
      // From here on the stream owns its descriptor, even if it cannot start.
      descriptors.splice(descriptors.indexOf(device), 1);
      const stream = new SerialStream(Libc.acquire(), device, "pseudo terminal");
      pty = new Pty(libc, { device: stream, portPath, held, link: options.link });
    } catch (error) {
      for (const descriptor of descriptors) libc.symbols.close(descriptor);
      libc[Symbol.dispose]();
      throw error;
    }
    const linked = options.link === undefined ? 0 : replaceLink(libc, pty.portPath, options.link);
    if (linked === 0) return pty;
    const detail = libc.errorText(-linked);
    await pty.close();
    throw new Error(`Cannot make link "${options.link}": ${detail}`);
  }

  /** Closes both ends and removes the link if it is still this one's. Idempotent. */
  close(): Promise<void> {
    return this.#closing ??= this.#end();
  }

  /** Closes both ends; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(): Promise<void> {
    const { close, unlink } = this.#libc.symbols;
    await this.device.close();
    close(this.#held);
    if (this.#link !== undefined && readLink(this.#libc, this.#link) === this.portPath) {
      unlink(cString(this.#link));
    }
    this.#libc[Symbol.dispose]();
  }
}

function openDevice(libc: Libc, descriptors: number[]): number {
  const { posix_openpt, grantpt, unlockpt } = libc.symbols;
  const device = check(libc, libc.result(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)));
  descriptors.push(device);
  check(libc, libc.result(grantpt(device)));
  check(libc, libc.result(unlockpt(device)));
  return device;
}

/**
 * Opens the port's end once for ourselves: while nobody has it open, the kernel reports the device's
 * end as hung up without pause, which would end its stream.
 */
async function openHeld(libc: Libc, portPath: string, descriptors: number[]): Promise<number> {
  const flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
  const held = check(libc, libc.result(libc.symbols.open(cString(portPath), flags)));
  descriptors.push(held);
  check(libc, await configureRaw(libc, held, { baud: BAUD }));
  return held;
}

function check(libc: Libc, result: number): number {
  if (result < 0) throw new Error(`Cannot make a pseudo terminal: ${libc.errorText(-result)}`);
  return result;
}
