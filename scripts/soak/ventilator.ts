/**
 * A microcontroller that is unplugged now and then, and the displays that show its values.
 *
 * @module
 */

import { HevEmulator } from "../../src/clients/hev/emulator.ts";
import { readRecordingFile } from "../../src/store/recordings.ts";
import { readRecording, type Recording } from "../../src/wire/hev/recording.ts";
import { about, type Crowd, type Judge, pause, sampleOf, type Scene } from "./crowd.ts";
import { Display, WEB_GAP_MS_MAX } from "./display.ts";
import type { Claim } from "./law_book.ts";
import { PayloadJournal } from "./payload_journal.ts";

const RECORDING = "dump-AA-20200526.dump";
/** Displays of each port that read all. */
const DISPLAYS_PER_PORT = 2;
/** Payloads that a display may not have read yet: those of some seconds. */
const BEHIND_MAX = 400;
/** Payloads that the controller sends before the first is acknowledged. */
const UNACKNOWLEDGED_MAX = 4;
/** How long it is unplugged: up to this time, in milliseconds. */
const UNPLUGGED_MS_MAX = 5_000;

/** Payloads of one life of the host. */
interface Sent {
  sent: number;
  acknowledged: number;
}

/** Commands of one life of the host. */
interface Commands {
  asked: number;
  taken: number;
}

/** Controller and displays. */
export class Ventilator implements Crowd {
  readonly #scene: Scene;
  readonly #journal = new PayloadJournal(UNACKNOWLEDGED_MAX);
  readonly #recording: Recording;
  readonly #link: string;
  readonly #displays: readonly Display[];
  readonly #asking: Promise<void>;
  #emulator: HevEmulator | undefined;
  /** Of controllers that were unplugged, less what was before this life. */
  readonly #sent: Sent = { sent: 0, acknowledged: 0 };
  #plugs = 0;
  #commands: Commands = { asked: 0, taken: 0 };
  #askedBefore = 0;

  private constructor(scene: Scene, recording: Recording, link: string) {
    this.#scene = scene;
    this.#recording = this.#journal.watch(recording);
    this.#link = link;
    this.#displays = (["web", "native"] as const).flatMap((port) =>
      Array.from(
        { length: DISPLAYS_PER_PORT },
        () => new Display(port, scene.places, this.#journal, scene.signal),
      )
    );
    this.#asking = this.#ask();
  }

  /** Plugs the controller in. */
  static async plugIn(scene: Scene, link: string): Promise<Ventilator> {
    const recording = readRecording(readRecordingFile(RECORDING));
    if ("reason" in recording) throw new Error(`Cannot play "${RECORDING}": ${recording.reason}`);
    const ventilator = new Ventilator(scene, recording, link);
    await ventilator.#plug();
    return ventilator;
  }

  /** Pulls the plug for a while. */
  async replug(): Promise<void> {
    const { random, signal } = this.#scene;
    const emulator = this.#emulator;
    this.#emulator = undefined;
    // At once: another life may begin while it closes.
    this.#sent.sent += emulator?.counters.sent ?? 0;
    this.#sent.acknowledged += emulator?.counters.acknowledged ?? 0;
    await emulator?.close();
    if (emulator !== undefined) {
      const { sent, acknowledged } = emulator.counters;
      this.#journal.unplugged(sent - acknowledged);
    }
    await pause(random() * UNPLUGGED_MS_MAX, signal);
    await this.#plug();
  }

  begin(): void {
    const { sent = 0, acknowledged = 0 } = this.#emulator?.counters ?? {};
    this.#sent.sent = -sent;
    this.#sent.acknowledged = -acknowledged;
    this.#askedBefore += this.#commands.asked;
    this.#commands = { asked: 0, taken: 0 };
  }

  look(): Judge {
    const { counters } = this.#emulator ?? {};
    const sent = this.#sent.sent + (counters?.sent ?? 0);
    const acknowledged = this.#sent.acknowledged + (counters?.acknowledged ?? 0);
    const { asked, taken } = this.#commands;
    const behind = Math.max(...this.#displays.map((display) => display.behind));
    const ack = 'hev_requests_total{answer="ack"}';
    return (before, after) => [
      {
        law: "serial line: acknowledged <= taken",
        value: sampleOf(after, "hev_payloads_total"),
        atLeast: acknowledged,
      },
      {
        law: "serial line: taken <= sent",
        value: sampleOf(before, "hev_payloads_total"),
        atMost: sent + UNACKNOWLEDGED_MAX,
      },
      { law: "commands: answered <= counted", value: sampleOf(after, ack), atLeast: taken },
      { law: "commands: counted <= asked", value: sampleOf(before, ack), atMost: asked },
      { law: "displays: none falls behind the controller", value: behind, atMost: BEHIND_MAX },
      ...this.#displays.flatMap(({ gapMs }) =>
        gapMs === undefined ? [] : [{
          law: "displays: the web port sends news each 50 ms",
          value: gapMs,
          atMost: WEB_GAP_MS_MAX,
        }]
      ),
      ...this.finalClaims(),
    ];
  }

  finalClaims(): Claim[] {
    return this.#displays.flatMap(({ faults: { missing, repeated, invented, first } }) =>
      [
        { law: "displays: none misses a payload", value: missing },
        { law: "displays: none gets a payload twice or late", value: repeated },
        { law: "displays: what they get was sent", value: invented },
      ].map((claim) => ({ ...claim, atMost: 0, detail: first }))
    );
  }

  figures(): Readonly<Record<string, number>> {
    return {
      "times that the controller was plugged in": this.#plugs,
      "packets that displays read": this.#displays.reduce((sum, { packets }) => sum + packets, 0),
      "payloads that displays got in order": this.#displays.reduce(
        (sum, { followed }) => sum + followed,
        0,
      ),
      "commands to the controller": this.#askedBefore + this.#commands.asked,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#displays.map((display) => display[Symbol.asyncDispose]()));
    await this.#asking;
    await this.#emulator?.close();
  }

  async #plug(): Promise<void> {
    this.#plugs++;
    this.#emulator = await HevEmulator.open({
      recording: this.#recording,
      link: this.#link,
      alarms: { everyMs: Infinity },
    });
  }

  /** An operator at the display. */
  async #ask(): Promise<void> {
    const { pace, random, signal } = this.#scene;
    const [display] = this.#displays;
    while (!signal.aborted && display !== undefined) {
      await pause(about(pace.actMs, random), signal);
      const commands = this.#commands;
      commands.asked++;
      try {
        if (await display.start()) commands.taken++;
      } catch {
        // The host does not run, or the request was cut off.
      }
    }
  }
}
