/**
 * The body of a request as a stream.
 *
 * @module
 */

/**
 * Hands the pieces of a body to whoever reads the stream, one at a time: the next one is received
 * only when the last one was taken, so that a slow reader slows the peer down instead of filling
 * the memory.
 */
export class HttpRequestBody {
  /** What the handler reads. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  #wanted: PromiseWithResolvers<void> | undefined;
  #isOver = false;

  /** @param first What was received already. */
  constructor(first: Uint8Array<ArrayBuffer> | undefined) {
    this.stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
        if (first !== undefined) controller.enqueue(first);
      },
      pull: () => {
        this.#wanted?.resolve();
        this.#wanted = undefined;
      },
      cancel: () => this.#end(),
    });
  }

  /** Resolves when more can be taken; at once if the reader has given up. */
  wanted(): Promise<void> {
    if (this.#isOver || (this.#controller?.desiredSize ?? 0) > 0) return Promise.resolve();
    this.#wanted ??= Promise.withResolvers<void>();
    return this.#wanted.promise;
  }

  /** Hands over a piece, which must be a copy of its own. */
  push(bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.#isOver) this.#controller?.enqueue(bytes);
  }

  /** The body is complete. */
  close(): void {
    if (!this.#isOver) this.#controller?.close();
    this.#end();
  }

  /** The body will never be complete. */
  fail(error: Error): void {
    if (!this.#isOver) this.#controller?.error(error);
    this.#end();
  }

  /** Nobody takes any more of it. */
  abandon(): void {
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#wanted?.resolve();
    this.#wanted = undefined;
  }
}
