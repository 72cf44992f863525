/**
 * Serial ports in memory, as the C library shows them to a program that calls it.
 *
 * @module
 */

import type { Ordeal } from "./ordeal.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** Error numbers of Linux. */
const ENOENT = 2;
const EIO = 5;
const EBADF = 9;
const EAGAIN = 11;
const ENOTTY = 25;
/** Events of `poll`. */
const POLLIN = 0x1;
const POLLOUT = 0x4;
const POLLERR_POLLHUP = 0x18;
const POLLNVAL = 0x20;
/** Bytes of one `struct pollfd`. */
const POLLFD_BYTES = 8;
/** Number of written bytes that the device has not sent yet. */
const TIOCOUTQ = 0x5411n;
/** What the kernel holds for a reader, and for a device that takes nothing, in bytes. */
const TTY_BYTES_MAX = 4_096;

/** One serial port with the device behind it. */
export class VirtualTty {
  /** Such as `ttyACM0`. */
  name: string;
  isPlugged = true;
  /** How often it was unplugged: a descriptor of before stays dead. */
  unplugged = 0;
  /** The device takes no bytes. */
  isStuck = false;
  /** Called when the port is opened: the device's DTR line rises. */
  onOpen: () => void = () => {};
  /** Called when the port is closed. */
  onClose: () => void = () => {};
  /** Called with what was written, in order. */
  onBytes: (bytes: Uint8Array) => void = () => {};
  /** Bytes for the reader. */
  input: number[] = [];
  /** Written bytes that a stuck device has not taken. */
  readonly output: number[] = [];
  readonly #wake: () => void;

  constructor(name: string, wake: () => void) {
    this.name = name;
    this.#wake = wake;
  }

  get path(): string {
    return `/dev/${this.name}`;
  }

  /** The device sends; what the kernel has no room for is lost. */
  send(bytes: Uint8Array): void {
    if (!this.isPlugged) return;
    for (const byte of bytes) if (this.input.length < TTY_BYTES_MAX) this.input.push(byte);
    this.#wake();
  }

  /** Pulls the plug: what has arrived can still be read. */
  unplug(): void {
    this.isPlugged = false;
    this.unplugged++;
    this.output.length = 0;
    this.#wake();
  }

  /** Puts the plug in again, perhaps under another name. */
  plug(name: string): void {
    this.name = name;
    this.isPlugged = true;
    this.isStuck = false;
    this.input = [];
    this.#wake();
  }

  /** The device takes bytes again. */
  unstick(): void {
    this.isStuck = false;
    const bytes = Uint8Array.from(this.output.splice(0));
    if (bytes.length > 0) this.onBytes(bytes);
    this.#wake();
  }
}

type Entry =
  | { readonly kind: "tty"; readonly tty: VirtualTty; readonly unplugged: number }
  | { readonly kind: "event"; count: number }
  | { readonly kind: "text"; readonly bytes: Uint8Array; at: number };

/** Memory that the C library points to. */
interface Memory {
  readonly text?: string;
  readonly number?: () => number;
}

/** The machine whose C library a program calls now: the library itself stays loaded between machines. */
let current: VirtualSerial | undefined;
/** Descriptors are not used twice, so that none of another machine is ever valid. */
let lastDescriptor = 100;

/** The serial ports of the simulated machine. */
export class VirtualSerial {
  readonly ttys: VirtualTty[] = [];
  readonly #time: VirtualTime;
  readonly #ordeal: Ordeal;
  readonly #open = new Map<number, Entry>();
  readonly #polls = new Set<() => void>();
  #folders = new Map<Memory, string[]>();
  #errno = 0;
  readonly #real = { dlopen: Deno.dlopen, UnsafePointerView: Deno.UnsafePointerView };

  constructor(time: VirtualTime, ordeal: Ordeal) {
    this.#time = time;
    this.#ordeal = ordeal;
  }

  /** Descriptors that the host has open. */
  get descriptors(): number {
    return this.#open.size;
  }

  /** Connects a device. */
  connect(name: string): VirtualTty {
    const tty = new VirtualTty(name, () => this.#look());
    this.ttys.push(tty);
    return tty;
  }

  /** All is closed at once, as when the process is killed. */
  kill(): void {
    const entries = [...this.#open.values()];
    this.#open.clear();
    this.#polls.clear();
    for (const entry of entries) if (entry.kind === "tty" && !isGone(entry)) entry.tty.onClose();
  }

  /** Takes the place of the machine's C library until disposed of. */
  install(): Disposable {
    current = this;
    const symbols = Object.fromEntries(
      Object.keys(this.#calls).map((name) => [
        name,
        (...args: unknown[]) => current?.call(name, args),
      ]),
    );
    class VirtualPointerView {
      readonly #memory: Memory;
      constructor(pointer: unknown) {
        this.#memory = pointer as Memory;
      }
      getInt32(): number {
        return this.#memory.number?.() ?? 0;
      }
      getCString(): string {
        return this.#memory.text ?? "";
      }
    }
    Object.assign(Deno, {
      dlopen: () => ({ symbols, close() {} }),
      UnsafePointerView: VirtualPointerView,
    });
    return {
      [Symbol.dispose]: () => {
        current = undefined;
        Object.assign(Deno, this.#real);
      },
    };
  }

  /** Makes one call of the library. */
  call(name: string, args: readonly unknown[]): unknown {
    const calls = this.#calls as unknown as Record<string, (...args: unknown[]) => unknown>;
    return calls[name]?.(...args);
  }

  readonly #calls = {
    __errno_location: (): Memory => ({ number: () => current?.errno ?? 0 }),
    strerror: (errno: number): Memory => ({ text: `Error ${errno}` }),
    open: (name: Uint8Array, _flags: number) => this.#openFile(textOf(name)),
    openOffThread: (name: Uint8Array, flags: number) =>
      this.#offThread(() => this.#calls.open(name, flags)),
    close: (descriptor: number) => this.#close(descriptor),
    closeOffThread: (descriptor: number) => this.#offThread(() => this.#close(descriptor)),
    read: (descriptor: number, buffer: Uint8Array, _: bigint) => this.#read(descriptor, buffer),
    write: (descriptor: number, bytes: Uint8Array, _: bigint) => this.#write(descriptor, bytes),
    pollOffThread: (buffer: ArrayBuffer, count: bigint, waitMs: number) =>
      this.#poll(new DataView(buffer), Number(count), waitMs),
    eventfd: () => this.#add({ kind: "event", count: 0 }),
    eventfd_write: (descriptor: number, count: bigint) => {
      const entry = this.#open.get(descriptor);
      if (entry?.kind !== "event") return this.#fail(EBADF);
      entry.count += Number(count);
      this.#look();
      return 0;
    },
    ioctl: (descriptor: number, request: bigint, value: Int32Array | null) => {
      const entry = this.#open.get(descriptor);
      if (entry?.kind !== "tty") return this.#fail(ENOTTY);
      if (isGone(entry)) return this.#fail(EIO);
      if (request === TIOCOUTQ && value !== null) value[0] = entry.tty.output.length;
      return 0;
    },
    flock: () => 0,
    tcgetattr: (descriptor: number) => this.#ttyCall(descriptor),
    tcsetattr: (descriptor: number) => this.#ttyCall(descriptor),
    tcsetattrOffThread: (descriptor: number) => this.#offThread(() => this.#ttyCall(descriptor)),
    cfsetspeed: () => 0,
    tcflush: (descriptor: number, queue: number) => {
      const entry = this.#open.get(descriptor);
      if (entry?.kind !== "tty") return this.#fail(ENOTTY);
      if (queue === 0) entry.tty.input = [];
      else entry.tty.output.length = 0;
      return 0;
    },
    statx: () => this.#fail(ENOENT),
    getgrgid: () => null,
    readlink: () => this.#fail(ENOENT),
    opendir: (name: Uint8Array): Memory | null => {
      if (textOf(name) !== "/sys/class/tty") return null;
      const folder: Memory = {};
      this.#folders.set(folder, [".", "..", "tty0", ...this.#plugged().map(({ name }) => name)]);
      return folder;
    },
    readdir: (folder: Memory): Memory | null => {
      const name = this.#folders.get(folder)?.shift();
      return name === undefined ? null : { text: name };
    },
    closedir: (folder: Memory) => this.#folders.delete(folder) ? 0 : this.#fail(EBADF),
  };

  /** What the last call that failed said. */
  get errno(): number {
    return this.#errno;
  }

  #fail(errno: number): -1 {
    this.#errno = errno;
    return -1;
  }

  #add(entry: Entry): number {
    this.#open.set(++lastDescriptor, entry);
    return lastDescriptor;
  }

  /** Another thread makes the call, and its error number stays there. */
  async #offThread(call: () => number): Promise<number> {
    await Promise.resolve();
    this.#time.noteActivity();
    const errno = this.#errno;
    const result = call();
    this.#errno = errno;
    return result;
  }

  #plugged(): VirtualTty[] {
    return this.ttys.filter(({ isPlugged }) => isPlugged);
  }

  #openFile(path: string): number {
    const text = this.#textOf(path);
    if (text !== undefined) {
      return this.#add({ kind: "text", bytes: new TextEncoder().encode(`${text}\n`), at: 0 });
    }
    const tty = this.#plugged().find((one) => one.path === path);
    if (tty === undefined) return this.#fail(ENOENT);
    if (this.#ordeal.strikes("serial")) return this.#fail(EIO);
    const descriptor = this.#add({ kind: "tty", tty, unplugged: tty.unplugged });
    tty.onOpen();
    return descriptor;
  }

  /** What the kernel says of a device on USB: it is an Arduino Uno. */
  #textOf(path: string): string | undefined {
    const [, name, file] = /^\/sys\/class\/tty\/(\w+)\/device\/\.\.\/(\w+)$/.exec(path) ?? [];
    if (!this.#plugged().some((tty) => tty.name === name)) return undefined;
    return { idVendor: "2341", idProduct: "0043", manufacturer: "Arduino (www.arduino.cc)" }[
      file ?? ""
    ];
  }

  #close(descriptor: number): number {
    const entry = this.#open.get(descriptor);
    if (entry === undefined) return this.#fail(EBADF);
    this.#open.delete(descriptor);
    if (entry.kind === "tty" && !isGone(entry)) entry.tty.onClose();
    return 0;
  }

  #ttyCall(descriptor: number): number {
    const entry = this.#open.get(descriptor);
    if (entry?.kind !== "tty") return this.#fail(ENOTTY);
    return isGone(entry) ? this.#fail(EIO) : 0;
  }

  #read(descriptor: number, buffer: Uint8Array): number {
    const entry = this.#open.get(descriptor);
    if (entry === undefined) return this.#fail(EBADF);
    if (entry.kind === "text") {
      const part = entry.bytes.subarray(entry.at, entry.at + buffer.length);
      buffer.set(part);
      entry.at += part.length;
      return part.length;
    }
    if (entry.kind === "event") return this.#fail(EAGAIN);
    if (this.#ordeal.strikes("serial")) return this.#fail(EIO);
    const { input } = entry.tty;
    if (input.length > 0 && isReadable(entry)) {
      const bytes = input.splice(0, buffer.length);
      buffer.set(bytes);
      return bytes.length;
    }
    return this.#fail(isGone(entry) ? EIO : EAGAIN);
  }

  #write(descriptor: number, bytes: Uint8Array): number {
    const entry = this.#open.get(descriptor);
    if (entry?.kind !== "tty") return this.#fail(EBADF);
    if (isGone(entry) || this.#ordeal.strikes("serial")) return this.#fail(EIO);
    const { tty } = entry;
    this.#time.noteActivity();
    if (!tty.isStuck) {
      tty.onBytes(bytes.slice());
      return bytes.length;
    }
    const room = TTY_BYTES_MAX - tty.output.length;
    if (room === 0) return this.#fail(EAGAIN);
    const taken = bytes.slice(0, room);
    tty.output.push(...taken);
    return taken.length;
  }

  async #poll(view: DataView, count: number, waitMs: number): Promise<number> {
    const ready = () => {
      let found = 0;
      for (let at = 0; at < count * POLLFD_BYTES; at += POLLFD_BYTES) {
        const events = this.#eventsOf(view.getInt32(at, true), view.getInt16(at + 4, true));
        view.setInt16(at + 6, events, true);
        if (events !== 0) found++;
      }
      return found;
    };
    const found = ready();
    if (found > 0 || waitMs === 0) {
      await Promise.resolve();
      return found;
    }
    return await new Promise<number>((resolve) => {
      const end = (count: number) => {
        this.#polls.delete(look);
        this.#time.cancel(timer);
        this.#time.noteActivity();
        resolve(count);
      };
      const look = () => {
        const now = ready();
        if (now > 0) end(now);
      };
      const timer = this.#time.after(waitMs, () => end(0));
      this.#polls.add(look);
    });
  }

  #eventsOf(descriptor: number, asked: number): number {
    const entry = this.#open.get(descriptor);
    if (entry === undefined || entry.kind === "text") return POLLNVAL;
    if (entry.kind === "event") return entry.count > 0 ? asked & POLLIN : 0;
    let events = 0;
    const { tty } = entry;
    if (isGone(entry)) events |= POLLERR_POLLHUP;
    if (tty.input.length > 0 && isReadable(entry)) events |= asked & POLLIN;
    if (!tty.isStuck || tty.output.length < TTY_BYTES_MAX) events |= asked & POLLOUT;
    return events;
  }

  #look(): void {
    this.#time.noteActivity();
    for (const look of [...this.#polls]) look();
  }
}

/** A descriptor of a device that was pulled out stays dead, even if it is plugged in again. */
function isGone({ tty, unplugged }: Entry & { kind: "tty" }): boolean {
  return tty.unplugged !== unplugged;
}

/** What had arrived before the plug was pulled is there until it is in again. */
function isReadable(entry: Entry & { kind: "tty" }): boolean {
  return !isGone(entry) || !entry.tty.isPlugged;
}

function textOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
