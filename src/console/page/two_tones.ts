/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The sound of a page: two tones, without a sound file.
 *
 * @module
 */

/** The tones in Hz, their length in seconds, and how loud they are, 0 to 1. */
const TONES_HZ = [880, 659] as const;
const TONE_SECONDS = 0.25;
const LOUDNESS = 0.2;
/** The fade-in and fade-out of a tone, in seconds: an abrupt tone cracks. */
const EDGE_SECONDS = 0.02;

/** Plays two tones, if the browser permits it. */
export class TwoTones {
  #context: AudioContext | undefined;

  /** Whether the browser waits for a touch of the page first. */
  get isWaiting(): boolean {
    return this.#context?.state !== "running";
  }

  /** Asks the browser for permission, which it grants while a button is being pressed. */
  async prepare(): Promise<void> {
    this.#context ??= new AudioContext();
    if (this.#context.state !== "running") await this.#context.resume();
  }

  /** Plays them. */
  play(): void {
    const context = this.#context;
    if (context === undefined || context.state !== "running") return;
    for (const [index, frequency] of TONES_HZ.entries()) {
      const begin = context.currentTime + index * TONE_SECONDS;
      const end = begin + TONE_SECONDS;
      const loudness = new GainNode(context, { gain: 0 });
      loudness.gain.setValueAtTime(0, begin);
      loudness.gain.linearRampToValueAtTime(LOUDNESS, begin + EDGE_SECONDS);
      loudness.gain.setValueAtTime(LOUDNESS, end - EDGE_SECONDS);
      loudness.gain.linearRampToValueAtTime(0, end);
      const tone = new OscillatorNode(context, { frequency });
      tone.connect(loudness).connect(context.destination);
      tone.start(begin);
      tone.stop(end);
    }
  }
}
