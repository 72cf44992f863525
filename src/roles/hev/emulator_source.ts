/**
 * An emulated microcontroller as a source: the whole conversation, without a wire.
 *
 * @module
 */

import { WakeTimer } from "../../net/wake_timer.ts";
import type { CommandLayout, Refusal } from "../../wire/hev/command_encoder.ts";
import { Controller, type ReceivedCommand } from "../../wire/hev/controller.ts";
import { Playback, type PlaybackOptions } from "../../wire/hev/playback.ts";
import type { Recording } from "../../wire/hev/recording.ts";
import { recordingMetrics } from "./dump_source.ts";
import { ControllerLine, lineCounters, lineMetrics } from "./controller_line.ts";
import type { Source, SourceListener, SourceRequest } from "./source.ts";

/** Options of {@linkcode EmulatorSource}. */
export interface EmulatorSourceOptions extends PlaybackOptions {
  /** The name of the recording that it plays, shown to people. */
  place: string;
  recording: Recording;
  /** The protocol version in which commands are written until the controller is first heard. */
  layout: CommandLayout;
  /** Milliseconds; monotonic. */
  now: () => number;
  /** Called with each command that the controller receives. */
  onCommand?: (command: ReceivedCommand) => void;
}

/** Talks to a controller that plays a recording, frame by frame, as over a serial line. */
export class EmulatorSource implements Source {
  readonly name = "emulator";
  readonly place: string;
  readonly #options: EmulatorSourceOptions;
  readonly #counters = lineCounters();
  #line: ControllerLine | undefined;
  #timer: WakeTimer | undefined;

  constructor(options: EmulatorSourceOptions) {
    this.place = options.place;
    this.#options = options;
  }

  /** @inheritdoc */
  start(listener: SourceListener): void {
    const { recording, now, layout, onCommand } = this.#options;
    const controller = new Controller({
      playback: new Playback(recording, now(), this.#options),
      write: (frame) => line.receive(frame),
      onCommand,
    });
    const line: ControllerLine = new ControllerLine({
      // Deliver in a separate turn, like bytes from a port, so that neither end calls itself.
      write: (frame) =>
        queueMicrotask(() => {
          if (this.#line !== line) return;
          controller.receive(frame, now());
          this.#timer?.poke();
        }),
      layout,
      listener,
      now,
    }, this.#counters);
    this.#line = line;
    this.#timer = new WakeTimer({
      now,
      nextWake: () => controller.nextWake(),
      advance: (at) => controller.poll(at),
    });
    listener.onUp?.(this.place);
    this.#timer.poke();
  }

  /** @inheritdoc */
  request(request: SourceRequest): Refusal | undefined {
    if (this.#line !== undefined) return this.#line.request(request);
    return { type: "refused", reason: "Cannot send request: the emulator has ended" };
  }

  /** @inheritdoc */
  counters(): Readonly<Record<string, number>> {
    return { ...lineMetrics(this.#counters), ...recordingMetrics(this.#options.recording) };
  }

  /** @inheritdoc */
  close(): Promise<void> {
    this.#timer?.close();
    this.#line?.close();
    this.#line = undefined;
    return Promise.resolve();
  }

  /** Ends it; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
