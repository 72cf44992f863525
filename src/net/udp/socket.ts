/**
 * A bound datagram socket.
 *
 * @module
 */

import { type Peer, plainAddress } from "../address.ts";
import { errnoNameOf } from "../libc/errno.ts";
import { ListenError } from "../listen_error.ts";
import { Sleep } from "../sleep.ts";
import { listeningPlace } from "../tcp/listening.ts";
import { nextTurn } from "../tcp/turn_end.ts";
import { BATCH_DATAGRAMS, KernelSocket } from "./kernel.ts";

/** The recipients of one datagram, as numbered entries without an object for each. */
export interface Recipients {
  readonly count: number;
  /** IP address as text; an IPv4 address never in IPv6 form. */
  hostname(index: number): string;
  /** The same as a whole number. Asked for IPv4 addresses only. */
  ipv4(index: number): number;
  port(index: number): number;
}

/** Called with received datagrams. */
export interface DatagramListener {
  /**
   * Called for each datagram; must return at once.
   *
   * @param datagram Its bytes, in a buffer that is used again.
   * @param hostname Where it came from; an IPv4 address never in IPv6 form.
   * @param port Port that it came from.
   */
  onDatagram(datagram: Uint8Array, hostname: string, port: number): void;
  /** Called with each failure to receive, by the name of its error number. */
  onReceiveError(errno: string): void;
}

/** Options of {@linkcode UdpSocket.bind}. */
export interface UdpSocketOptions {
  /** What {@linkcode UdpSocket.send} and {@linkcode UdpSocket.sendToAll} send. */
  payload: Uint8Array<ArrayBuffer>;
  /** The most bytes of a datagram that are read; a longer one looks as if it had this length. */
  receiveBytes: number;
  /** Size of the kernel's receive buffer to ask for, in bytes. */
  receiveBufferBytes?: number;
  /**
   * `kernel` sends many datagrams in one call if FFI is permitted; `runtime` never does. `kernel` if
   * not given.
   */
  batching?: "kernel" | "runtime";
}

/** Default of {@linkcode UdpSocketOptions.receiveBufferBytes}: some ten thousand small datagrams. */
export const RECEIVE_BUFFER_BYTES_DEFAULT: number = 4 * 2 ** 20;

/**
 * The number of batches sent before received datagrams are read: half a millisecond of sending.
 */
const BATCHES_AT_ONCE = 4;

/** After this many failures to receive in a row, the fault counts as permanent. */
const RECEIVE_ERRORS_AT_ONCE_MAX = 16;
const RECEIVE_ERROR_PAUSE_MS = 100;

/**
 * A socket that sends the same payload to many recipients. It is bound exclusively: a second
 * program on the port fails to start instead of taking a part of the datagrams.
 */
export class UdpSocket implements Disposable {
  /** Where it is bound, with the port that the system chose for port 0. */
  readonly address: Peer;
  /** The kernel's buffer for datagrams that wait to be read, in bytes; 0 if it cannot be asked. */
  readonly receiveBufferBytes: number;
  readonly #conn: Deno.DatagramConn;
  readonly #kernel: KernelSocket | undefined;
  readonly #payload: Uint8Array<ArrayBuffer>;
  readonly #receiveBytes: number;
  readonly #isIpv6: boolean;
  /** One object for all sends: the runtime reads it before it returns. */
  readonly #target: Deno.NetAddr = { transport: "udp", hostname: "", port: 0 };
  readonly #pause = new Sleep();
  #isClosed = false;

  private constructor(asked: Peer, conn: Deno.DatagramConn, options: UdpSocketOptions) {
    const bound = conn.addr as Deno.NetAddr;
    const { hostname } = bound;
    this.address = listeningPlace(asked, bound);
    this.#conn = conn;
    this.#payload = options.payload;
    this.#receiveBytes = options.receiveBytes;
    this.#isIpv6 = hostname.includes(":");
    this.#kernel = options.batching === "runtime"
      ? undefined
      : KernelSocket.find({ hostname, port: bound.port }, options.payload);
    this.receiveBufferBytes = this.#kernel?.setReceiveBuffer(
      options.receiveBufferBytes ?? RECEIVE_BUFFER_BYTES_DEFAULT,
    ) ?? 0;
  }

  /**
   * Binds a socket.
   *
   * @throws {ListenError} if the address cannot be used.
   * @throws {Error} if the program was started without UDP.
   */
  static bind(address: Peer, options: UdpSocketOptions): UdpSocket {
    // The function is absent, instead of refused, if Deno was started without the flag.
    if (!("listenDatagram" in Deno)) {
      throw new Error(
        'Cannot use UDP: start Deno with --unstable-net, or write "unstable": ["net"] in deno.json',
      );
    }
    try {
      return new UdpSocket(address, Deno.listenDatagram({ transport: "udp", ...address }), options);
    } catch (error) {
      throw new ListenError(address, error);
    }
  }

  /** Whether many datagrams are sent in one call. */
  get isBatching(): boolean {
    return this.#kernel !== undefined;
  }

  /** Reads datagrams until the socket is closed. Nothing is waited for but the next datagram. */
  async listen(listener: DatagramListener): Promise<void> {
    const buffer = new Uint8Array(this.#receiveBytes);
    let errorsInRow = 0;
    while (!this.#isClosed) {
      try {
        const [data, from] = await this.#conn.receive(buffer);
        const { hostname, port } = from as Deno.NetAddr;
        errorsInRow = 0;
        listener.onDatagram(
          data,
          this.#isIpv6 ? plainAddress(hostname) : hostname,
          port,
        );
      } catch (error) {
        if (this.#isClosed) return;
        // Some systems report the failure of an earlier datagram here; the socket goes on.
        listener.onReceiveError(errnoNameOf(error));
        if (++errorsInRow % RECEIVE_ERRORS_AT_ONCE_MAX === 0) {
          await this.#pause.sleep(RECEIVE_ERROR_PAUSE_MS);
        }
      }
    }
  }

  /**
   * Sends the payload to all recipients, in order. At most one call may be under way. A failure
   * affects one recipient only. If the send buffer is full, the call waits for room, so that no
   * recipient is skipped. Ends early when the socket is closed.
   *
   * @param onFailure Called with each recipient that could not be reached, and the name of the
   * error number.
   * @return To how many it was sent.
   */
  async sendToAll(
    recipients: Recipients,
    onFailure: (index: number, errno: string) => void,
  ): Promise<number> {
    let sent = 0;
    let batches = 0;
    for (let index = 0; index < recipients.count && !this.#isClosed;) {
      if (this.#kernel === undefined) {
        sent += await this.#sendOne(recipients, index++, onFailure);
        continue;
      }
      const end = Math.min(index + BATCH_DATAGRAMS, recipients.count);
      const taken = sendBatch(this.#kernel, recipients, index, end);
      sent += taken;
      index += taken;
      // Send what the kernel refused through the runtime, which waits for room or reports the
      // error.
      if (index < end) sent += await this.#sendOne(recipients, index++, onFailure);
      // Read what was received meanwhile before the next batches. In a flood, reading takes much
      // longer than sending, so registered clients must not wait for it after every batch.
      const isTime = ++batches % BATCHES_AT_ONCE === 0;
      if (isTime && index < recipients.count) await nextTurn();
    }
    return sent;
  }

  /**
   * Sends the payload to one recipient.
   *
   * @param hostname IP address as text; an IPv4 address never in IPv6 form.
   * @return What the system said if it could not be sent; `undefined` once it is sent.
   */
  async send(hostname: string, port: number): Promise<unknown> {
    // A socket of IPv6 reaches IPv4 under the mapped address (RFC 4291 section 2.5.5.2).
    const isMapped = this.#isIpv6 && !hostname.includes(":");
    this.#target.hostname = isMapped ? `::ffff:${hostname}` : hostname;
    this.#target.port = port;
    try {
      await this.#conn.send(this.#payload, this.#target);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Closes the socket. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pause.close();
    this.#kernel?.[Symbol.dispose]();
    this.#conn.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #sendOne(
    recipients: Recipients,
    index: number,
    onFailure: (index: number, errno: string) => void,
  ): Promise<number> {
    const error = await this.send(recipients.hostname(index), recipients.port(index));
    if (error === undefined) return 1;
    if (!this.#isClosed) onFailure(index, errnoNameOf(error));
    return 0;
  }
}

function sendBatch(
  kernel: KernelSocket,
  recipients: Recipients,
  start: number,
  end: number,
): number {
  for (let index = start; index < end; index++) {
    kernel.add(recipients.ipv4(index), recipients.port(index));
  }
  return kernel.flush();
}
