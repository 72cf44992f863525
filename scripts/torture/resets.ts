/**
 * Peers that reset their connection as soon as it is made, as port scanners and the health checks of
 * load balancers do.
 *
 * As a program it does so at a steady rate until its standard input ends:
 *
 *     deno run -A scripts/torture/resets.ts PORT RESETS_A_SECOND ADDRESSES
 *
 * and then prints how many there were. The C library is called directly: the runtime has no
 * `SO_LINGER`, and a tight loop takes less of the processor from the one who is tortured.
 *
 * @module
 */

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOL_SOCKET = 1;
const SO_LINGER = 13;
/** How often the program catches up with its rate, in milliseconds. */
const STEP_MS = 5;

/** Makes and resets connections on loopback. */
export class Resets implements Disposable {
  readonly #libc = Deno.dlopen("libc.so.6", {
    socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
    setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
    bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
    connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
  });
  /** On, and no time to linger: close resets. */
  readonly #linger = new Uint8Array(new Int32Array([1, 0]).buffer);

  /**
   * Begins a connection that stays open until it is closed, without waiting for it.
   *
   * @return Its descriptor, or undefined if the system did not let it through.
   */
  open(port: number, from: number): number | undefined {
    const { symbols } = this.#libc;
    const socket = symbols.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (socket < 0) return undefined;
    const local = addressOf([127, 2, (from >> 8) & 255, from & 255], 0);
    symbols.bind(socket, local, local.length);
    symbols.connect(socket, addressOf([127, 0, 0, 1], port), 16);
    return socket;
  }

  /** Ends such a connection. */
  close(descriptor: number): void {
    this.#libc.symbols.close(descriptor);
  }

  /**
   * One connection that is reset at once.
   *
   * @param port On 127.0.0.1.
   * @param from The last bytes of the peer's own address, 127.2.0.0 and up.
   * @return False if the system did not let it through.
   */
  reset(port: number, from: number): boolean {
    const { symbols } = this.#libc;
    const socket = symbols.socket(AF_INET, SOCK_STREAM, 0);
    if (socket < 0) return false;
    symbols.setsockopt(socket, SOL_SOCKET, SO_LINGER, this.#linger, 8);
    const local = addressOf([127, 2, (from >> 8) & 255, from & 255], 0);
    const isMade = symbols.bind(socket, local, local.length) === 0 &&
      symbols.connect(socket, addressOf([127, 0, 0, 1], port), 16) === 0;
    symbols.close(socket);
    return isMade;
  }

  [Symbol.dispose](): void {
    this.#libc.close();
  }
}

/** A `sockaddr_in`. */
function addressOf(ipv4: readonly number[], port: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint16(0, AF_INET, true);
  bytes.set([port >> 8, port & 255, ...ipv4], 2);
  return bytes;
}

async function resetSteadily(port: number, rate: number, addresses: number): Promise<void> {
  using resets = new Resets();
  const started = performance.now();
  let made = 0;
  let failed = 0;
  const timer = setInterval(() => {
    const due = (performance.now() - started) / 1000 * rate;
    while (made + failed < due) {
      if (resets.reset(port, 1 + (made + failed) % addresses)) made++;
      else failed++;
    }
  }, STEP_MS);
  for await (const _ of Deno.stdin.readable);
  clearInterval(timer);
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ made, failed, perSecond: Math.round(made / seconds) }));
}

if (import.meta.main) {
  const [port = 0, rate = 0, addresses = 1] = Deno.args.map(Number);
  await resetSteadily(port, rate, addresses);
}
