/**
 * The limits of one HTTP/1.1 request.
 *
 * @module
 */

/** How much a peer may send in one request before it is refused. */
export interface RequestLimits {
  /** Request line and header fields together, in bytes; more is answered with 431. */
  readonly headBytesMax: number;
  /** Request target, in bytes; more is answered with 414. */
  readonly targetBytesMax: number;
  /** Method name, in bytes; more is answered with 501. */
  readonly methodBytesMax: number;
  /** Header fields of a head, and trailer fields of a chunked body; more is answered with 431. */
  readonly fieldsMax: number;
  /** Body, in bytes, without the framing of chunks; more is answered with 413. */
  readonly bodyBytesMax: number;
  /** One line that announces a chunk, in bytes, extensions included; more is answered with 400. */
  readonly chunkLineBytesMax: number;
  /** The trailer fields of a chunked body together, in bytes; more is answered with 431. */
  readonly trailerBytesMax: number;
}

/** The limits unless the user sets others. */
export const REQUEST_LIMITS: RequestLimits = {
  headBytesMax: 16_384,
  targetBytesMax: 8_192,
  methodBytesMax: 32,
  fieldsMax: 100,
  bodyBytesMax: 1_048_576,
  chunkLineBytesMax: 256,
  trailerBytesMax: 4_096,
};
