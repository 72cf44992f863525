/**
 * The C library's calls for serial ports and datagram sockets, through FFI.
 *
 * Deno itself opens a tty only with `--allow-all`, and so it is with everything below `/sys` and
 * `/dev`; through FFI it takes `--allow-ffi`. Numbers and layouts here are those that Linux has in
 * common on x86-64 and arm64 (both use the kernel's generic ones for all that this file names).
 *
 * @module
 */

/** `open`: for reading. */
export const O_RDONLY = 0;
/** `open`: for reading and writing. */
export const O_RDWR = 2;
/** `open`: do not make a tty the process's own terminal. */
export const O_NOCTTY = 0o400;
/** `open`: never wait in `open`, `read` and `write`. */
export const O_NONBLOCK = 0o4000;
/** `open`: do not hand the descriptor on to programs that are started. */
export const O_CLOEXEC = 0o2000000;

/** Operation not permitted, even for root. */
export const EPERM = 1;
/** No such file. */
export const ENOENT = 2;
/** A signal came between; try again. */
export const EINTR = 4;
/** No device behind the file. */
export const ENXIO = 6;
/** Nothing to read, no room to write, or locked by another, now. */
export const EAGAIN = 11;
/** Not allowed for this user. */
export const EACCES = 13;
/** In use by another. */
export const EBUSY = 16;
/** No such device any longer. */
export const ENODEV = 19;
/** A file where a folder should be. */
export const ENOTDIR = 20;
/** Not a tty. */
export const ENOTTY = 25;

/** `poll`: bytes to read. */
export const POLLIN = 0x1;
/** `poll`: room to write. */
export const POLLOUT = 0x4;
/** `poll`: the device failed. */
export const POLLERR = 0x8;
/** `poll`: the device is gone. */
export const POLLHUP = 0x10;
/** `poll`: the descriptor is not open. */
export const POLLNVAL = 0x20;

const LIBRARY = "libc.so.6";

// A `ssize_t` is declared as i32: counts here stay far below 2^31, and the low half of the result's
// register holds them (and -1) on both processors, without a bigint for each call.
const SYMBOLS = {
  __errno_location: { parameters: [], result: "pointer" },
  strerror: { parameters: ["i32"], result: "pointer" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  openOffThread: { name: "open", parameters: ["buffer", "i32"], result: "i32", nonblocking: true },
  close: { parameters: ["i32"], result: "i32" },
  closeOffThread: { name: "close", parameters: ["i32"], result: "i32", nonblocking: true },
  read: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  write: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  pollOffThread: {
    name: "poll",
    parameters: ["buffer", "u64", "i32"],
    result: "i32",
    nonblocking: true,
  },
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
  eventfd_write: { parameters: ["i32", "u64"], result: "i32" },
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
  ioctlOffThread: {
    name: "ioctl",
    parameters: ["i32", "u64", "buffer"],
    result: "i32",
    nonblocking: true,
  },
  flock: { parameters: ["i32", "i32"], result: "i32" },
  tcgetattr: { parameters: ["i32", "buffer"], result: "i32" },
  tcsetattr: { parameters: ["i32", "i32", "buffer"], result: "i32" },
  tcsetattrOffThread: {
    name: "tcsetattr",
    parameters: ["i32", "i32", "buffer"],
    result: "i32",
    nonblocking: true,
  },
  tcflush: { parameters: ["i32", "i32"], result: "i32" },
  cfsetspeed: { parameters: ["buffer", "u32"], result: "i32" },
  posix_openpt: { parameters: ["i32"], result: "i32" },
  grantpt: { parameters: ["i32"], result: "i32" },
  unlockpt: { parameters: ["i32"], result: "i32" },
  ptsname_r: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
  getgrgid: { parameters: ["u32"], result: "pointer" },
  opendir: { parameters: ["buffer"], result: "pointer" },
  readdir: { parameters: ["pointer"], result: "pointer" },
  closedir: { parameters: ["pointer"], result: "i32" },
  readlink: { parameters: ["buffer", "buffer", "usize"], result: "i32" },
  symlink: { parameters: ["buffer", "buffer"], result: "i32" },
  rename: { parameters: ["buffer", "buffer"], result: "i32" },
  unlink: { parameters: ["buffer"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  access: { parameters: ["buffer", "i32"], result: "i32" },
  getpagesize: { parameters: [], result: "i32" },
  gnu_get_libc_version: { parameters: [], result: "pointer" },
  adjtimex: { parameters: ["buffer"], result: "i32" },
  signal: { parameters: ["i32", "pointer"], result: "pointer" },
  signalfd: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  pthread_sigmask: { parameters: ["i32", "pointer", "buffer"], result: "i32" },
  execvp: { parameters: ["buffer", "buffer"], result: "i32" },
  sendmmsg: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** The raw calls. `…OffThread` runs on a thread of the runtime's pool and returns a promise. */
export type LibcSymbols = Deno.StaticForeignLibraryInterface<typeof SYMBOLS>;

/** What all holders share while there is one. */
let shared:
  | { library: Deno.DynamicLibrary<typeof SYMBOLS>; errno: Deno.UnsafePointerView }
  | undefined;
let holders = 0;

/**
 * A counted reference to the C library. The library is opened for the first holder and closed after
 * the last. Needs `--allow-ffi` without a list: the library is found by its name.
 */
export class Libc implements Disposable {
  /** The raw calls; not to be used after this holder was disposed. */
  readonly symbols: LibcSymbols;
  readonly #errno: Deno.UnsafePointerView;
  readonly #lent = new Set<BufferSource>();
  #held = true;

  private constructor(library: NonNullable<typeof shared>) {
    this.symbols = library.library.symbols;
    this.#errno = library.errno;
  }

  /**
   * Becomes a holder.
   *
   * @throws {Deno.errors.NotCapable} without the permission `--allow-ffi`.
   * @throws {Error} if this system has no GNU C library.
   */
  static acquire(): Libc {
    shared ??= openLibrary();
    holders++;
    return new Libc(shared);
  }

  /**
   * A call's result as the kernel gives it: what is below zero is the negative error number.
   *
   * The argument must be the call itself, made on this thread: `errno` belongs to the thread and to
   * the latest call.
   */
  result(returned: number): number {
    return returned >= 0 ? returned : -this.#errno.getInt32(0);
  }

  /** What an error number means, in the C library's English words. */
  errorText(errno: number): string {
    const text = this.symbols.strerror(errno);
    return text === null ? `error ${errno}` : new Deno.UnsafePointerView(text).getCString();
  }

  /**
   * Keeps a buffer in reach of the garbage collector's roots while a call on another thread uses its
   * memory; the runtime itself does not.
   */
  async lend<T>(buffer: BufferSource, call: Promise<T>): Promise<T> {
    this.#lent.add(buffer);
    try {
      return await call;
    } finally {
      this.#lent.delete(buffer);
    }
  }

  /** Stops being a holder. Idempotent. */
  [Symbol.dispose](): void {
    if (!this.#held) return;
    this.#held = false;
    if (--holders > 0) return;
    shared?.library.close();
    shared = undefined;
  }
}

function openLibrary(): NonNullable<typeof shared> {
  const library = Deno.dlopen(LIBRARY, SYMBOLS);
  // The place of this thread's errno never moves, so reading it needs no further call.
  const location = library.symbols.__errno_location();
  if (location === null) {
    library.close();
    throw new Error(`Cannot use ${LIBRARY}: it has no errno`);
  }
  return { library, errno: new Deno.UnsafePointerView(location) };
}

/** A C string with a final NUL. Texts that contain a NUL themselves are refused. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** The text before the first NUL of a buffer, or all of it. */
export function fromCString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
