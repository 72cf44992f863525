/**
 * A TCP connection with deadlines, limits and a bounded write queue.
 *
 * @module
 */

import { type Peer, plainAddress } from "../address.ts";
import type { Deadlines, Watch, Watched } from "./deadlines.ts";
import type { CloseReason, ConnectionLimits, Phase } from "./connection_limits.ts";
import { LINGER_BYTES_MAX, LINGER_MS } from "./connection_limits.ts";
import { Inflow, type Receiver } from "./inflow.ts";
import type { Turns } from "./turns.ts";
import { type MessageOptions, WriteQueue } from "./write_queue.ts";
import type { NetConn } from "./net_conn.ts";
import { flushAtTurnEnd, type Flushed, nextTurn } from "./turn_end.ts";
import { UnaskedBytes } from "./unasked_bytes.ts";

/** The owner of connections, which keeps track of them. */
export interface ConnectionOwner {
  /** Watches the deadlines. */
  readonly deadlines: Deadlines;
  /**
   * Lets other connections go first; without it, they wait longer while one peer sends at full
   * speed.
   */
  readonly turns?: Turns;
  /** Called when a connection has entered another phase. */
  onPhase?(connection: Connection, from: Phase): void;
  /** Called once, when a connection has ended. */
  onClose?(connection: Connection, reason: CloseReason): void;
}

/** What became of a message: `sent` means handed over, not arrived. */
export type SendResult = "sent" | "dropped" | "closed";

/** All connections receive unwanted bytes into this buffer and discard them. */
const SCRAP = new Uint8Array(65_536);

/**
 * A connection with a bounded queue and with deadlines, which {@linkcode Connection.close} ends at
 * once whatever the peer does.
 *
 * {@linkcode Connection.send} never waits: on an idle connection a message goes out when the turn of
 * the event loop ends, otherwise it is queued and goes out joined with others.
 */
export class Connection implements Disposable, Flushed, Watched {
  /** The other end. */
  readonly peer: Peer;
  readonly #conn: NetConn;
  readonly #owner: ConnectionOwner;
  readonly #limits: ConnectionLimits;
  readonly #watch: Watch;
  #queue: WriteQueue | undefined;
  /** What the system is sending, or will be given at the end of the turn. */
  #sending: Uint8Array | undefined;
  /** When the pending write was given to the system (ms); `Infinity` if not yet. */
  #sendingSince = Infinity;
  #phase: Phase = "silent";
  #timeoutMs = Infinity;
  #activeAt = 0;
  /** Set when nothing more may be sent. */
  #isEnding = false;
  #closesWhenSent = false;
  #lingerReason: CloseReason | undefined;
  #closeReason: CloseReason | undefined;
  #drained: PromiseWithResolvers<void> | undefined;
  #ended: PromiseWithResolvers<CloseReason> | undefined;
  readonly #inflow: Inflow;
  #unasked: UnaskedBytes | undefined;
  #sentBytes = 0;

  /**
   * @param conn An open connection; it belongs to this object from now on.
   * @param owner Keeps the deadlines, and is notified of phases and of the end.
   * @param limits How much the connection may cost.
   */
  constructor(conn: NetConn, owner: ConnectionOwner, limits: ConnectionLimits) {
    this.#conn = conn;
    this.#inflow = new Inflow(conn, this.#onBroken, () => this.othersFirst());
    this.#owner = owner;
    this.#limits = limits;
    this.peer = { hostname: plainAddress(conn.remoteAddr.hostname), port: conn.remoteAddr.port };
    this.#activeAt = owner.deadlines.clock.now();
    this.#watch = owner.deadlines.watch(this, Infinity);
    conn.whenGreeted?.(() => this.enter("greeted", this.#timeoutMs));
    // Without it, a reply of two writes would wait 40 ms for the peer's delayed acknowledgement.
    conn.setNoDelay?.(true);
  }

  /** The local end. */
  get local(): Peer {
    const { hostname, port } = this.#conn.localAddr;
    return { hostname: plainAddress(hostname), port };
  }

  /** What the connection is doing. */
  get phase(): Phase {
    return this.#phase;
  }

  /** When the phase began or the peer was last active in it, in milliseconds. */
  get activeAt(): number {
    return this.#activeAt;
  }

  /** Why the connection ended, undefined while it is open. */
  get closeReason(): CloseReason | undefined {
    return this.#closeReason;
  }

  /** Bytes given to {@linkcode send} that the system has not taken yet. */
  get queueBytes(): number {
    return (this.#sending?.length ?? 0) + (this.#queue?.bytes ?? 0);
  }

  /** Messages that wait, not counting what the system is sending. */
  get queueMessages(): number {
    return this.#queue?.messages ?? 0;
  }

  /** Messages that were dropped or replaced because the peer was slow. */
  get dropped(): number {
    return this.#queue?.dropped ?? 0;
  }

  /** Bytes received so far. */
  get receivedBytes(): number {
    return this.#inflow.receivedBytes;
  }

  /** Bytes that the system has taken so far. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /**
   * Enters a phase with a fixed deadline.
   *
   * @param timeoutMs The timeout of the phase in milliseconds; `Infinity` for none.
   */
  enter(phase: Phase, timeoutMs: number): void {
    if (this.#closeReason !== undefined) return;
    const from = this.#phase;
    this.#phase = phase;
    this.#timeoutMs = timeoutMs;
    this.touch();
    if (phase !== from) this.#owner.onPhase?.(this, from);
    const deadline = this.#activeAt + timeoutMs;
    if (deadline < this.#watch.at) this.#owner.deadlines.checkBy(this.#watch, deadline);
  }

  /** Restarts the deadline of the phase: the peer did something. */
  touch(): void {
    this.#activeAt = this.#owner.deadlines.clock.now();
  }

  /**
   * Receives what has arrived.
   *
   * @return How many bytes were put into the buffer, or null when no more will come: the peer ended
   * its side, or the connection broke or was closed.
   */
  read(buffer: Uint8Array): Promise<number | null> {
    return new Promise((onReceived) => this.receive(buffer, { onReceived }));
  }

  /**
   * Receives as {@linkcode read} does, but calls back: for connections with so many small messages
   * that a promise for each would be costly.
   */
  receive(buffer: Uint8Array, receiver: Receiver): void {
    this.#inflow.receive(buffer, receiver);
  }

  /** Receives and discards a peer's unasked bytes, until it leaves or floods. */
  async ignore(): Promise<void> {
    for (let count = await this.read(SCRAP); count !== null; count = await this.read(SCRAP)) {
      this.countUnasked(count);
    }
  }

  /** Counts unasked bytes; ends the connection when they are too many. */
  countUnasked(bytes: number): void {
    this.#unasked ??= new UnaskedBytes();
    if (!this.#unasked.add(bytes, this.#owner.deadlines.clock.now())) this.close("unasked");
  }

  /**
   * Sends a message, or queues it. Never waits, never throws.
   *
   * @param bytes The message. It is not copied and must not change afterwards.
   */
  send(bytes: Uint8Array, options?: MessageOptions): SendResult {
    if (this.#closeReason !== undefined || this.#isEnding) return "closed";
    if (this.#sending === undefined) {
      if (bytes.length > 0) this.#write(bytes);
      return "sent";
    }
    this.#queue ??= new WriteQueue({
      bytesMax: this.#limits.queueBytes,
      policy: this.#limits.policy,
      joinBytesMax: this.#limits.joinBytes,
    });
    const result = this.#queue.add(bytes, options);
    if (result === "overflow") {
      this.close("queue-full");
      return "closed";
    }
    return result === "dropped" ? "dropped" : "sent";
  }

  /**
   * Resolves when other connections have had their turn; await it now and then during long work.
   */
  othersFirst(): Promise<void> {
    return this.#owner.turns?.othersFirst() ?? nextTurn();
  }

  /** Resolves when the write queue is empty or the connection has ended. */
  drained(): Promise<void> {
    if (this.#sending === undefined || this.#closeReason !== undefined) return Promise.resolve();
    this.#drained ??= Promise.withResolvers<void>();
    return this.#drained.promise;
  }

  /** Resolves when the connection has ended. */
  ended(): Promise<CloseReason> {
    this.#ended ??= Promise.withResolvers<CloseReason>();
    if (this.#closeReason !== undefined) this.#ended.resolve(this.#closeReason);
    return this.#ended.promise;
  }

  /** Ends the connection when everything sent so far is out. */
  end(): void {
    this.#isEnding = true;
    this.#closesWhenSent = true;
    if (this.#sending === undefined) this.close("finished");
  }

  /**
   * Ends the connection so that the peer still gets the last bytes sent: if the system closes while
   * the peer's bytes are unread, it discards them (RFC 9112 section 9.6). No read may be under way.
   *
   * @param lingerMs How long the peer may go on sending, in milliseconds.
   */
  async linger(reason: CloseReason, lingerMs: number = LINGER_MS): Promise<void> {
    this.#isEnding = true;
    this.#lingerReason = reason;
    await this.drained();
    if (this.#closeReason !== undefined) return;
    this.enter("opening", lingerMs);
    // Fails if the peer was faster.
    await this.#conn.closeWrite().catch(() => {});
    const bytesMax = this.receivedBytes + LINGER_BYTES_MAX;
    while (this.receivedBytes < bytesMax && await this.read(SCRAP) !== null);
    this.close(reason);
  }

  /** Ends the connection at once; waiting messages are lost. Idempotent. */
  close(reason: CloseReason = "finished"): void {
    if (this.#closeReason !== undefined) return;
    this.#closeReason = reason;
    this.#owner.deadlines.unwatch(this.#watch);
    this.#queue?.clear();
    this.#sending = undefined;
    // Ends a read or write that is under way, too.
    this.#conn.close();
    this.#drained?.resolve();
    this.#ended?.resolve(reason);
    this.#owner.onClose?.(this, reason);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Looks at the deadlines; called by the timer. */
  check(now: number): number {
    const isSending = this.#sending !== undefined;
    const stallAt = isSending ? this.#sendingSince + this.#limits.writeStallMs : Infinity;
    const phaseEnd = this.#activeAt + this.#timeoutMs;
    if (now < stallAt && now < phaseEnd) return Math.min(stallAt, phaseEnd);
    this.close(now >= stallAt ? "write-stalled" : this.#lingerReason ?? `${this.#phase}-timeout`);
    return Infinity;
  }

  /** Gives waiting bytes to the system at the end of the turn. */
  flush(): void {
    // Closed since.
    if (this.#sending === undefined) return;
    this.#sendingSince = this.#owner.deadlines.clock.now();
    const stallAt = this.#sendingSince + this.#limits.writeStallMs;
    if (stallAt < this.#watch.at) this.#owner.deadlines.checkBy(this.#watch, stallAt);
    this.#conn.write(this.#sending).then(this.#onWritten, this.#onBroken);
  }

  #write(bytes: Uint8Array): void {
    this.#sending = bytes;
    // The peer's time starts when the system gets the bytes.
    this.#sendingSince = Infinity;
    flushAtTurnEnd(this);
  }

  readonly #onWritten = (count: number): void => {
    const sending = this.#sending;
    if (sending === undefined) return;
    this.#sentBytes += count;
    const next = count < sending.length ? sending.subarray(count) : this.#queue?.take();
    if (next !== undefined) return this.#write(next);
    this.#sending = undefined;
    this.#drained?.resolve();
    this.#drained = undefined;
    if (this.#closesWhenSent) this.close("finished");
  };

  readonly #onBroken = (): void => this.close(this.#lingerReason ?? "peer");
}
