/**
 * An emulator of a HEV ventilator's microcontroller on a pseudo-terminal.
 *
 * Needs the permission `--allow-ffi`.
 *
 * @module
 */

import { WakeTimer } from "../../net/wake_timer.ts";
import { Pty } from "../../net/serial/pty.ts";
import { Controller, type ReceivedCommand } from "../../wire/hev/controller.ts";
import type { Payload } from "../../wire/hev/payload.ts";
import { Playback, type PlaybackOptions } from "../../wire/hev/playback.ts";
import type { Recording } from "../../wire/hev/recording.ts";
import { inBackground } from "../../net/background.ts";

/** Options of {@linkcode HevEmulator.open}. */
export interface HevEmulatorOptions extends PlaybackOptions {
  /** The recording to send. */
  recording: Recording;
  /** Path of a symbolic link to the port; none is made if not given. */
  link?: string | undefined;
  /** Called once for each command. */
  onCommand?: ((command: ReceivedCommand) => void) | undefined;
  /** Called with any other payload that arrives, such as a patient's data. */
  onPayload?: ((payload: Payload) => void) | undefined;
}

const READ_BYTES = 4_096;

/**
 * Sends a recording over the ventilator's serial protocol at the recording's rate, and takes
 * commands. While no server has the port open, the recording waits, so that no line is lost.
 * Closing the emulator looks like unplugging the device.
 */
export class HevEmulator implements AsyncDisposable {
  readonly #pty: Pty;
  readonly #controller: Controller;
  readonly #timer: WakeTimer;
  readonly #reading: Promise<void>;
  #closing: Promise<void> | undefined;

  private constructor(pty: Pty, options: HevEmulatorOptions) {
    this.#pty = pty;
    const { recording, onCommand, onPayload } = options;
    this.#controller = new Controller({
      playback: new Playback(recording, performance.now(), options),
      // A frame that finds no room is sent again, like a frame that is lost on the wire.
      write: (frame) => inBackground(pty.device.write(new Uint8Array(frame))),
      onCommand,
      onPayload,
    });
    this.#timer = new WakeTimer({
      now: () => performance.now(),
      nextWake: () => this.#controller.nextWake(),
      advance: (now) => this.#controller.poll(now),
    });
    this.#timer.poke();
    this.#reading = inBackground(this.#read());
  }

  /**
   * Makes the port and starts to play.
   *
   * @throws {Error} if the system has no pseudo-terminal left, or the link cannot be made.
   */
  static async open(options: HevEmulatorOptions): Promise<HevEmulator> {
    const pty = await Pty.open(options.link === undefined ? {} : { link: options.link });
    return new HevEmulator(pty, options);
  }

  /** Path of the port that the server opens, such as `/dev/pts/3`. */
  get portPath(): string {
    return this.#pty.portPath;
  }

  /**
   * Payloads sent, acknowledged by the server, and left out because they do not fit into a frame.
   */
  get counters(): {
    readonly sent: number;
    readonly acknowledged: number;
    readonly skipped: number;
  } {
    return this.#controller.counters;
  }

  /** Whether a recording that is played once has ended and the server has all of it. */
  get isDone(): boolean {
    return this.#controller.isDone;
  }

  /** Unplugs the device. Idempotent. */
  close(): Promise<void> {
    return this.#closing ??= this.#end();
  }

  /** Pulls the plug; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(): Promise<void> {
    this.#timer.close();
    await this.#pty.close();
    await this.#reading;
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(new ArrayBuffer(READ_BYTES));
    for (;;) {
      const count = await this.#pty.device.read(buffer);
      if (count === null) return;
      this.#controller.receive(buffer.subarray(0, count), performance.now());
      this.#timer.poke();
    }
  }
}
