/**
 * The body of a request as a stream.
 *
 * @module
 */

/**
 * Passes the pieces of a body to the reader of the stream, one at a time. The next piece is
 * received only when the previous one was taken: backpressure slows the peer down instead of
 * filling memory.
 */
export class HttpRequestBody {
  /** The stream that the handler reads. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  #wanted: PromiseWithResolvers<void> | undefined;
  #isOver = false;

  /** @param first The bytes that were received already. */
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

  /** Resolves when the stream can take more; at once if the reader has given up. */
  wanted(): Promise<void> {
    if (this.#isOver || (this.#controller?.desiredSize ?? 0) > 0) return Promise.resolve();
    this.#wanted ??= Promise.withResolvers<void>();
    return this.#wanted.promise;
  }

  /** Passes a piece to the reader; the piece must not be changed afterwards. */
  push(bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.#isOver) this.#controller?.enqueue(bytes);
  }

  /** The body is complete. */
  close(): void {
    if (!this.#isOver) this.#controller?.close();
    this.#end();
  }

  /** The body will never be complete: the stream fails. */
  fail(error: Error): void {
    if (!this.#isOver) this.#controller?.error(error);
    this.#end();
  }

  /** The reader has given up. */
  abandon(): void {
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#wanted?.resolve();
    this.#wanted = undefined;
  }
}
