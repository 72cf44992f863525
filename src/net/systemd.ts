/**
 * Telling systemd how the service is doing (the sd_notify protocol).
 *
 * systemd names a datagram socket in `NOTIFY_SOCKET`; each message is one datagram of `NAME=value`
 * lines. Source: the systemd manual, sd_notify(3) and sd_watchdog_enabled(3).
 *
 * Deno's own datagram sockets do this for a path (`/run/systemd/notify`) and for an abstract name
 * (`@name`) alike, so no FFI is needed. Permissions: `--allow-net` without a host list, because the
 * sending end binds an abstract name of its own, and for a path `--allow-write` on that path.
 *
 * @module
 */

import { SECOND_MS } from "../core/clock.ts";
import { messageOf } from "../core/message_of.ts";
import { Timer } from "./timer.ts";

/** How long systemd may take to accept one message before it is dropped, in milliseconds. */
export const NOTIFY_TIMEOUT_MS: number = SECOND_MS;
/** Messages that may wait for a busy systemd; further ones are dropped at once. */
export const NOTIFY_WAITING_MAX = 8;
/** Characters of a status text; `systemctl status` shows it on one line. */
export const STATUS_LENGTH_MAX = 200;

/** Longest name of a unix socket on Linux, in bytes, without the leading or final NUL. */
const SOCKET_NAME_BYTES_MAX = 107;
const MICROSECONDS_PER_MS = 1_000;

/** What the service tells its manager. No call throws or rejects; without a manager all do nothing. */
export interface SystemdNotifier {
  /** Whether a service manager asked for notifications. */
  readonly active: boolean;
  /**
   * How often to call {@linkcode SystemdNotifier.watchdog}, in milliseconds: half of what systemd allows.
   * `undefined` if systemd does not watch this process.
   */
  readonly watchdogIntervalMs: number | undefined;
  /** The service listens on all its addresses (`READY=1`). True if systemd has the message. */
  ready(): Promise<boolean>;
  /** The service began to shut down (`STOPPING=1`). True if systemd has the message. */
  stopping(): Promise<boolean>;
  /** The service is alive (`WATCHDOG=1`). True if systemd has the message. */
  watchdog(): Promise<boolean>;
  /**
   * One line for `systemctl status` (`STATUS=…`). Line breaks become spaces, the end beyond
   * {@linkcode STATUS_LENGTH_MAX} characters is cut. True if systemd has the message.
   */
  status(text: string): Promise<boolean>;
}

/** Where settings of the environment are read. `Deno.env` is one. */
export interface Environment {
  /** The value of a variable; `undefined` if it is not set. */
  get(name: string): string | undefined;
}

/** Options of {@linkcode notifierFromEnvironment}. */
export interface SystemdNotifierOptions {
  /** Process id that systemd must mean with `WATCHDOG_PID`; this process if not given. */
  pid?: number;
  /**
   * Called with one sentence on why a message did not reach systemd. A repeated problem is reported
   * once until a message gets through.
   */
  onProblem?: (problem: string) => void;
}

/**
 * Makes the notifier that `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` ask for. Needs
 * permission to read these three variables; permissions to send are needed only if systemd asks.
 */
export function notifierFromEnvironment(
  env: Environment,
  options: SystemdNotifierOptions = {},
): SystemdNotifier {
  const address = env.get("NOTIFY_SOCKET") ?? "";
  if (address === "") return SILENT_NOTIFIER;
  const path = parseNotifySocket(address);
  if (path === undefined) {
    options.onProblem?.(
      `Cannot notify systemd: NOTIFY_SOCKET is "${address}", must be a path or @ and a name`,
    );
    return SILENT_NOTIFIER;
  }
  return new SocketNotifier(path, watchdogIntervalMs(env, options.pid ?? Deno.pid), options);
}

/**
 * How often systemd wants to hear `WATCHDOG=1`, in milliseconds: half of `WATCHDOG_USEC`, as
 * sd_watchdog_enabled(3) recommends. `undefined` if it watches no process or, by `WATCHDOG_PID`,
 * another one.
 */
export function watchdogIntervalMs(env: Environment, pid: number): number | undefined {
  const limitUs = parseDecimal(env.get("WATCHDOG_USEC"));
  if (limitUs === undefined || limitUs === 0) return undefined;
  const watchedPid = env.get("WATCHDOG_PID") ?? "";
  if (watchedPid !== "" && parseDecimal(watchedPid) !== pid) return undefined;
  return limitUs / MICROSECONDS_PER_MS / 2;
}

/** The socket's path as the kernel knows it: an abstract name begins with NUL where systemd writes `@`. */
function parseNotifySocket(address: string): string | undefined {
  const name = address.slice(1);
  const fits = new TextEncoder().encode(name).length <= SOCKET_NAME_BYTES_MAX;
  if (name === "" || name.includes("\0") || !fits) return undefined;
  if (address.startsWith("/")) return address;
  return address.startsWith("@") ? `\0${name}` : undefined;
}

function parseDecimal(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]{1,15}$/.test(text)) return undefined;
  return Number(text);
}

const SILENT_NOTIFIER: SystemdNotifier = {
  active: false,
  watchdogIntervalMs: undefined,
  ready: () => Promise.resolve(false),
  stopping: () => Promise.resolve(false),
  watchdog: () => Promise.resolve(false),
  status: () => Promise.resolve(false),
};

/** Sends in the order of the calls, so that `STOPPING=1` never overtakes a status. */
class SocketNotifier implements SystemdNotifier {
  readonly active = true;
  readonly watchdogIntervalMs: number | undefined;
  readonly #path: string;
  readonly #onProblem: ((problem: string) => void) | undefined;
  #last: Promise<boolean> = Promise.resolve(true);
  #waiting = 0;
  #problem = "";

  constructor(
    path: string,
    watchdogIntervalMs: number | undefined,
    options: SystemdNotifierOptions,
  ) {
    this.#path = path;
    this.watchdogIntervalMs = watchdogIntervalMs;
    this.#onProblem = options.onProblem;
  }

  ready(): Promise<boolean> {
    return this.#enqueue("READY=1");
  }

  stopping(): Promise<boolean> {
    return this.#enqueue("STOPPING=1");
  }

  watchdog(): Promise<boolean> {
    return this.#enqueue("WATCHDOG=1");
  }

  status(text: string): Promise<boolean> {
    // deno-lint-ignore no-control-regex -- a line break would begin another assignment
    const line = text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
    return this.#enqueue(`STATUS=${[...line].slice(0, STATUS_LENGTH_MAX).join("")}`);
  }

  #enqueue(message: string): Promise<boolean> {
    if (this.#waiting >= NOTIFY_WAITING_MAX) {
      this.#tell(`${this.#waiting} messages are waiting already`);
      return Promise.resolve(false);
    }
    this.#waiting++;
    return this.#last = this.#last.then(() => this.#send(message)).finally(() => this.#waiting--);
  }

  async #send(message: string): Promise<boolean> {
    try {
      await sendDatagram(this.#path, new TextEncoder().encode(message));
      this.#problem = "";
      return true;
    } catch (error) {
      this.#tell(messageOf(error));
      return false;
    }
  }

  #tell(problem: string): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#onProblem?.(`Cannot notify systemd at "${this.#path.replace("\0", "@")}": ${problem}`);
  }
}

/**
 * Sends one datagram. A socket for each message, some a minute, leaves nothing to close and survives
 * a restart of systemd.
 */
async function sendDatagram(path: string, message: Uint8Array<ArrayBuffer>): Promise<void> {
  // Deno refuses to send from an unnamed socket; an abstract name needs no file and vanishes by itself.
  const own = `\0pulsebox-notify-${crypto.randomUUID()}`;
  const socket = Deno.listenDatagram({ transport: "unixpacket", path: own });
  const { promise: late, reject } = Promise.withResolvers<never>();
  using _ = Timer.after(
    NOTIFY_TIMEOUT_MS,
    () => reject(new Error(`no room for a message within ${NOTIFY_TIMEOUT_MS} ms`)),
  );
  try {
    const sending = socket.send(message, { transport: "unixpacket", path });
    await Promise.race([sending, late]);
  } finally {
    socket.close();
  }
}
