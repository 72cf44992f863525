/**
 * Features of the kernel's datagram sockets that the runtime does not use, through FFI.
 *
 * All of them are optional: without the permission `--allow-ffi`, or without a GNU C library, a
 * {@linkcode "./socket.ts"} works too, only slower.
 *
 * @module
 */

import { parseIpv4 } from "../../core/cidr.ts";
import { Libc } from "../libc/libc.ts";

/** The most datagrams in one call, which blocks the program for a fraction of a millisecond. */
export const BATCH_DATAGRAMS = 64;

const AF_INET = 2;
const SOL_SOCKET = 1;
const SO_TYPE = 3;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const SOCK_DGRAM = 2;

/** How many descriptors are searched for a socket; a new socket has one of the lowest. */
const DESCRIPTORS_MAX = 65_536;
const FIRST_DESCRIPTOR = 3;

/** `struct sockaddr_in`: family, port, address, padding. */
const ADDRESS_BYTES = 16;
/** `struct mmsghdr` on a 64-bit system, in words of 8 bytes. */
const HEADER_WORDS = 8;

/**
 * An open IPv4 datagram socket as the kernel knows it. It borrows the descriptor of the runtime's
 * socket: it must not be used after that one was closed.
 */
export class KernelSocket implements Disposable {
  readonly #libc: Libc;
  readonly #descriptor: number;
  readonly #names = new Uint8Array(ADDRESS_BYTES * BATCH_DATAGRAMS);
  readonly #headers = new BigUint64Array(HEADER_WORDS * BATCH_DATAGRAMS);
  readonly #vector = new BigUint64Array(2);
  /** Kept here because the kernel is given its address. */
  readonly #payload: Uint8Array<ArrayBuffer>;
  #count = 0;

  private constructor(libc: Libc, descriptor: number, payload: Uint8Array<ArrayBuffer>) {
    this.#libc = libc;
    this.#descriptor = descriptor;
    this.#payload = payload;
    this.#vector[0] = addressOf(this.#payload);
    this.#vector[1] = BigInt(payload.length);
    const names = addressOf(this.#names);
    const vector = addressOf(this.#vector);
    for (let index = 0; index < BATCH_DATAGRAMS; index++) {
      this.#names[index * ADDRESS_BYTES] = AF_INET;
      const header = index * HEADER_WORDS;
      this.#headers[header] = names + BigInt(index * ADDRESS_BYTES);
      this.#headers[header + 1] = BigInt(ADDRESS_BYTES);
      this.#headers[header + 2] = vector;
      this.#headers[header + 3] = 1n;
    }
  }

  /**
   * Finds the kernel's socket that is bound to an address.
   *
   * @param address The address and port that the runtime's socket is bound to.
   * @param payload What every datagram holds.
   * @return Undefined if it is not IPv4, or FFI is not permitted or not there.
   */
  static find(
    address: { hostname: string; port: number },
    payload: Uint8Array<ArrayBuffer>,
  ): KernelSocket | undefined {
    const ipv4 = parseIpv4(address.hostname);
    if (ipv4 === undefined || Deno.build.os !== "linux") return undefined;
    // Query the permission first, so that the runtime does not prompt the operator at a terminal.
    if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return undefined;
    let libc: Libc;
    try {
      libc = Libc.acquire();
    } catch {
      // A system without the GNU C library, such as Alpine.
      return undefined;
    }
    const descriptor = findDescriptor(libc, ipv4, address.port);
    if (descriptor !== undefined) return new KernelSocket(libc, descriptor, payload);
    libc[Symbol.dispose]();
    return undefined;
  }

  /** Number of datagrams in the batch. */
  get count(): number {
    return this.#count;
  }

  /** Puts a datagram into the batch, which has room for {@linkcode BATCH_DATAGRAMS}. */
  add(ipv4: number, port: number): void {
    const name = this.#count++ * ADDRESS_BYTES;
    const names = this.#names;
    names[name + 2] = port >>> 8;
    names[name + 3] = port;
    names[name + 4] = ipv4 >>> 24;
    names[name + 5] = ipv4 >>> 16;
    names[name + 6] = ipv4 >>> 8;
    names[name + 7] = ipv4;
  }

  /**
   * Sends the batch and empties it, without waiting.
   *
   * @return How many were sent, from its beginning. If not all, the next one met an error or a full
   * send buffer.
   */
  flush(): number {
    const count = this.#count;
    this.#count = 0;
    // The runtime's socket does not block, so neither does this call.
    return Math.max(
      this.#libc.symbols.sendmmsg(this.#descriptor, this.#headers, count, 0),
      0,
    );
  }

  /**
   * Asks for a receive buffer. The kernel gives no more than `net.core.rmem_max` to programs
   * without the capability to administer the network.
   *
   * @return The bytes that it gave, of which a small datagram takes several hundred.
   */
  setReceiveBuffer(bytes: number): number {
    const wanted = Int32Array.of(bytes);
    const { symbols } = this.#libc;
    const forced = symbols.setsockopt(this.#descriptor, SOL_SOCKET, SO_RCVBUFFORCE, wanted, 4);
    if (forced !== 0) symbols.setsockopt(this.#descriptor, SOL_SOCKET, SO_RCVBUF, wanted, 4);
    return readOption(this.#libc, this.#descriptor, SO_RCVBUF);
  }

  /** Releases the C library. The socket itself belongs to the runtime. Idempotent. */
  [Symbol.dispose](): void {
    this.#libc[Symbol.dispose]();
  }
}

function findDescriptor(libc: Libc, ipv4: number, port: number): number | undefined {
  const name = new Uint8Array(28);
  const view = new DataView(name.buffer);
  const length = new Uint32Array(1);
  for (let descriptor = FIRST_DESCRIPTOR; descriptor < DESCRIPTORS_MAX; descriptor++) {
    length[0] = name.length;
    if (libc.symbols.getsockname(descriptor, name, length) !== 0) continue;
    if (view.getUint16(0, true) !== AF_INET || view.getUint16(2) !== port) continue;
    if (view.getUint32(4) !== ipv4) continue;
    // A TCP socket may have the same address and port.
    if (readOption(libc, descriptor, SO_TYPE) === SOCK_DGRAM) return descriptor;
  }
  return undefined;
}

function readOption(libc: Libc, descriptor: number, option: number): number {
  const value = new Int32Array(1);
  const failed = libc.symbols.getsockopt(
    descriptor,
    SOL_SOCKET,
    option,
    value,
    Uint32Array.of(4),
  );
  return failed === 0 ? value[0] as number : 0;
}

function addressOf(memory: Uint8Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(memory));
}
