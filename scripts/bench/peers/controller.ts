/**
 * The controller at the other end of a serial line: a pseudo terminal that frames are written to.
 *
 * @module
 */

import { Pty } from "../../../src/net/serial/pty.ts";
import { ADDRESSES, encodeFrame, NUMBERS } from "../../../src/wire/hev/frame.ts";
import { encodeNulPacket } from "../../../src/wire/hev/nul_packet.ts";
import { encodePayload } from "../../../src/wire/hev/payload.ts";
import { decodeRecordedPayload } from "../../../src/wire/hev/recorded_payload.ts";
import type { Publisher } from "./fan_out.ts";

const PAYLOAD = encodePayload({ version: 0xb6, type: "DATA", values: { timestamp: 1 } }, 81);
/** One frame for each number. All are equally long: those in which a byte had to be escaped are left out. */
const FRAMES = Array.from(
  { length: NUMBERS },
  (_, number) =>
    new Uint8Array(
      encodeFrame({ kind: "information", address: ADDRESSES.data, payload: PAYLOAD, number }),
    ),
).filter((frame, _, [first]) => frame.length === first?.length);

/** A frame as the line carries it. */
export const FRAME: Uint8Array<ArrayBuffer> = FRAMES[0] ?? new Uint8Array();

/** The packet that the product's web port makes of each frame. */
export function packetOfFrame(): Uint8Array<ArrayBuffer> {
  const decoded = decodeRecordedPayload(PAYLOAD);
  if (decoded.type === "unusable") throw new Error(decoded.reason);
  return new Uint8Array(encodeNulPacket(decoded, []));
}

/** A controller on a line of its own. */
export class Controller implements Publisher, AsyncDisposable {
  readonly #pty: Pty;
  #next = 0;

  private constructor(pty: Pty) {
    this.#pty = pty;
  }

  static async open(): Promise<Controller> {
    const controller = new Controller(await Pty.open());
    void controller.#drain();
    return controller;
  }

  /** Where a program finds the line. */
  get path(): string {
    return this.#pty.portPath;
  }

  async send(count: number): Promise<void> {
    for (let sent = 0; sent < count; sent++) {
      this.#next = (this.#next + 1) % FRAMES.length;
      await this.#pty.device.write(FRAMES[this.#next] ?? FRAME);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pty[Symbol.asyncDispose]();
  }

  /** Acknowledgements go nowhere. */
  async #drain(): Promise<void> {
    const buffer = new Uint8Array(new ArrayBuffer(4_096));
    try {
      while (await this.#pty.device.read(buffer) !== null);
    } catch {
      // Closed with the line.
    }
  }
}
