/**
 * A recording as a source: there is no controller, so every known command succeeds.
 *
 * @module
 */

import { WakeTimer } from "../../net/wake_timer.ts";
import { checkCommand, checkPersonal, type Refusal } from "../../wire/hev/command_encoder.ts";
import { Playback, type PlaybackOptions } from "../../wire/hev/playback.ts";
import type { Recording } from "../../wire/hev/recording.ts";
import type { Source, SourceListener, SourceRequest } from "./source.ts";

/** Options of {@linkcode DumpSource}. */
export interface DumpSourceOptions extends PlaybackOptions {
  /** The name of the recording, shown to people. */
  place: string;
  recording: Recording;
  /** Milliseconds; monotonic. */
  now: () => number;
}

/** Payloads that are played in one turn of the event loop: whoever waits for the host is heard too. */
const TURN_PAYLOADS_MAX = 256;

/** What a recording lacks, as metrics. */
export function recordingMetrics({ skipped }: Recording): Readonly<Record<string, number>> {
  return { hev_recording_skipped: skipped };
}

/** Plays a recording. */
export class DumpSource implements Source {
  readonly name = "playback";
  readonly place: string;
  readonly #options: DumpSourceOptions;
  #timer: WakeTimer | undefined;
  #payloads = 0;

  constructor(options: DumpSourceOptions) {
    this.place = options.place;
    this.#options = options;
  }

  /** @inheritdoc */
  start(listener: SourceListener): void {
    const { recording, now } = this.#options;
    const playback = new Playback(recording, now(), this.#options);
    this.#timer = new WakeTimer({
      now,
      nextWake: () => playback.nextWake(),
      advance: (at) => {
        // What is still due comes in the next turn.
        for (let left = TURN_PAYLOADS_MAX; left > 0; left--) {
          const step = playback.next(at);
          if (step === undefined) return;
          this.#payloads++;
          listener.onPayload(step.payload);
        }
      },
    });
    listener.onUp?.(this.place);
    this.#timer.poke();
  }

  /** @inheritdoc */
  request(request: SourceRequest): Refusal | undefined {
    return request.type === "command"
      ? checkCommand(request.command)
      : checkPersonal(request.person);
  }

  /** @inheritdoc */
  counters(): Readonly<Record<string, number>> {
    return { hev_payloads_total: this.#payloads, ...recordingMetrics(this.#options.recording) };
  }

  /** @inheritdoc */
  close(): Promise<void> {
    this.#timer?.close();
    return Promise.resolve();
  }

  /** Ends it; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
