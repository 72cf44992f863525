/**
 * Connections in memory that behave as Deno's do.
 *
 * @module
 */

import type { Ordeal } from "./ordeal.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** An address and a port. */
export interface Place {
  readonly hostname: string;
  readonly port: number;
}

/** What the system holds for a reader before a writer has to wait, in bytes. */
const PIPE_BYTES_MAX = 65_536;

/** One direction of a connection. */
export class Pipe {
  readonly #time: VirtualTime;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isEnded = false;
  #isReset = false;
  #isReaderGone = false;
  readonly #readers: (() => void)[] = [];
  readonly #writers: (() => void)[] = [];
  /** Nothing arrives while the cable is out. */
  isHeld = false;
  readonly #bytesMax: number;

  /** @param bytesMax What the system holds for the reader. */
  constructor(time: VirtualTime, bytesMax: number = PIPE_BYTES_MAX) {
    this.#time = time;
    this.#bytesMax = bytesMax;
  }

  /** Bytes that wait to be read. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Nothing will come after what waits. */
  get isOver(): boolean {
    return this.#isEnded || this.#isReset;
  }

  async read(buffer: Uint8Array, isClosed: () => boolean): Promise<number | null> {
    for (;;) {
      if (isClosed()) throw new Deno.errors.Interrupted("operation canceled");
      if (this.#isReset) throw new Deno.errors.ConnectionReset("Connection reset by peer");
      const chunk = this.isHeld ? undefined : this.#chunks.shift();
      if (chunk !== undefined) {
        const count = Math.min(chunk.length, buffer.length);
        buffer.set(chunk.subarray(0, count));
        if (count < chunk.length) this.#chunks.unshift(chunk.subarray(count));
        this.#bytes -= count;
        this.#wake(this.#writers);
        return count;
      }
      if (this.#isEnded && !this.isHeld) return null;
      await new Promise<void>((resolve) => this.#readers.push(resolve));
    }
  }

  async write(bytes: Uint8Array, isClosed: () => boolean): Promise<number> {
    for (;;) {
      if (isClosed()) throw new Deno.errors.BadResource("Bad resource ID");
      if (this.#isReset) throw new Deno.errors.ConnectionReset("Connection reset by peer");
      if (this.#isEnded || this.#isReaderGone) throw new Deno.errors.BrokenPipe("Broken pipe");
      const room = this.#bytesMax - this.#bytes;
      if (room > 0 || bytes.length === 0) {
        const count = Math.min(room, bytes.length);
        this.#chunks.push(bytes.slice(0, count));
        this.#bytes += count;
        this.#wake(this.#readers);
        return count;
      }
      await new Promise<void>((resolve) => this.#writers.push(resolve));
    }
  }

  /** The writer sends no more. */
  end(): void {
    this.#isEnded = true;
    this.#wake(this.#readers);
    this.#wake(this.#writers);
  }

  /** Either side has torn the connection down. */
  reset(): void {
    this.#isReset = true;
    this.#chunks.length = 0;
    this.#bytes = 0;
    this.#wake(this.#readers);
    this.#wake(this.#writers);
  }

  /** Nobody reads any more. */
  abandon(): void {
    this.#isReaderGone = true;
    this.#chunks.length = 0;
    this.#bytes = 0;
    this.#wake(this.#readers);
    this.#wake(this.#writers);
  }

  /** Whoever waits in the host waits for ever: the process is no more. */
  freeze(side: "reader" | "writer"): void {
    (side === "reader" ? this.#readers : this.#writers).length = 0;
  }

  /** The cable is in again. */
  release(): void {
    this.isHeld = false;
    this.#wake(this.#readers);
  }

  #wake(waiting: (() => void)[]): void {
    this.#time.noteActivity();
    for (const resolve of waiting.splice(0)) resolve();
  }
}

/** One end of a connection, with the methods of `Deno.TcpConn` that are used. */
export class VirtualConn implements Disposable {
  readonly localAddr: Deno.NetAddr;
  readonly remoteAddr: Deno.NetAddr;
  readonly #in: Pipe;
  readonly #out: Pipe;
  readonly #onClose: () => void;
  #isClosed = false;
  #isKilled = false;
  /** What may go wrong at this end; undefined at a peer's. */
  ordeal: Ordeal | undefined;

  constructor(local: Place, remote: Place, incoming: Pipe, outgoing: Pipe, onClose: () => void) {
    this.localAddr = { transport: "tcp", ...local };
    this.remoteAddr = { transport: "tcp", ...remote };
    this.#in = incoming;
    this.#out = outgoing;
    this.#onClose = onClose;
  }

  /** Bytes that wait to be read at this end. */
  get waitingBytes(): number {
    return this.#in.bytes;
  }

  /** The other end has ended the connection, whether or not this end has read so. */
  get isEndedByPeer(): boolean {
    return this.#in.isOver;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    if (this.ordeal?.strikes("read")) this.#break();
    return this.#in.read(buffer, () => this.#isClosed);
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.ordeal?.strikes("write")) this.#break();
    return this.#out.write(bytes, () => this.#isClosed);
  }

  closeWrite(): Promise<void> {
    this.#out.end();
    return Promise.resolve();
  }

  close(): void {
    if (this.#isKilled) return;
    if (this.#isClosed) throw new Deno.errors.BadResource("Bad resource ID");
    const hasUnread = this.#in.bytes > 0;
    this.#isClosed = true;
    this.#in.abandon();
    if (hasUnread) this.#out.reset();
    else this.#out.end();
    this.#onClose();
  }

  /** This end belongs to a process that was killed: nothing of it runs any more. */
  kill(): void {
    this.#isKilled = true;
    this.#in.freeze("reader");
    this.#out.freeze("writer");
    this.#in.reset();
    this.#out.reset();
  }

  /** Tears the connection down, as SO_LINGER with a time of 0 does. */
  reset(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#out.reset();
    this.#in.abandon();
    this.#onClose();
  }

  /** Takes the cable out: nothing arrives at either end. */
  hold(): void {
    this.#in.isHeld = true;
    this.#out.isHeld = true;
  }

  /** Puts the cable in again. */
  release(): void {
    this.#in.release();
    this.#out.release();
  }

  /** The system gives the connection up: both ends get an error. */
  #break(): void {
    this.#in.reset();
    this.#out.reset();
  }

  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}
  [Symbol.dispose](): void {
    if (!this.#isClosed) this.close();
  }
}
