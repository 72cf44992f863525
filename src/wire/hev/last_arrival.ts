/**
 * What arrived last on the serial link.
 *
 * @module
 */

import { sameBytes } from "../bytes/same_bytes.ts";
import type { Frame } from "./frame.ts";

/** Whether a payload can be used; the answer to an unusable payload is NACK. */
export type Verdict = "usable" | "unusable";

/** A frame with a payload. */
export type Information = Frame & { kind: "information" };

/**
 * Remembers the last frame and its verdict. A frame of equal address, number and bytes is the same
 * one sent again, because its acknowledgement was lost or late.
 */
export class LastArrival {
  #last: Information | undefined = undefined;
  #verdict: Verdict = "usable";

  /** The verdict on the frame if it repeats the last one, otherwise `undefined`. */
  repeated(frame: Information): Verdict | undefined {
    const last = this.#last;
    const same = last !== undefined && last.number === frame.number &&
      last.address === frame.address && last.payload.length === frame.payload.length &&
      sameBytes(last.payload, frame.payload, 0);
    return same ? this.#verdict : undefined;
  }

  /** Makes a frame the last one. */
  note(frame: Information, verdict: Verdict): Verdict {
    this.#last = frame;
    this.#verdict = verdict;
    return verdict;
  }
}
