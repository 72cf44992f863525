/**
 * A microcontroller that is unplugged now and then, and the displays that show its values.
 *
 * @module
 */

import { HevClient } from "../../src/clients/hev/client.ts";
import { HevEmulator } from "../../src/clients/hev/emulator.ts";
import { readRecordingFile } from "../../src/store/recordings.ts";
import { readRecording, type Recording } from "../../src/wire/hev/recording.ts";
import { about, type Crowd, type Judge, pause, sampleOf, type Scene } from "./crowd.ts";
import type { Claim } from "./law_book.ts";

const RECORDING = "dump-AA-20200526.dump";
/** Displays of each port that read all. */
const DISPLAYS_PER_PORT = 2;
/** Packets by which displays may differ because one has not read its last ones yet. */
const PACKETS_APART_MAX = 8;
/** Payloads that the controller sends before the first is acknowledged. */
const UNACKNOWLEDGED_MAX = 4;
/** How long it is unplugged: up to this time, in milliseconds. */
const UNPLUGGED_MS_MAX = 5_000;

/** A display, and how many packets it has read. */
interface Display {
  readonly port: "web" | "native";
  readonly client: HevClient;
  packets: number;
  /** How many when it was looked at last; not known if it was away or the host began anew. */
  lookedAt: number | undefined;
}

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
  readonly #recording: Recording;
  readonly #link: string;
  readonly #displays: readonly Display[];
  readonly #running: Promise<unknown>;
  #emulator: HevEmulator | undefined;
  /** Of controllers that were unplugged, less what was before this life. */
  readonly #sent: Sent = { sent: 0, acknowledged: 0 };
  #plugs = 0;
  #commands: Commands = { asked: 0, taken: 0 };
  #askedBefore = 0;

  private constructor(scene: Scene, recording: Recording, link: string) {
    this.#scene = scene;
    this.#recording = recording;
    this.#link = link;
    const { places, signal } = scene;
    const display = (port: Display["port"]): Display => ({
      port,
      client: new HevClient({
        port: port === "web" ? places.hevWeb : places.hevNative,
        queryPort: places.hevQuery,
        signal,
      }),
      packets: 0,
      lookedAt: undefined,
    });
    this.#displays = (["web", "native"] as const)
      .flatMap((port) => Array.from({ length: DISPLAYS_PER_PORT }, () => display(port)));
    this.#running = Promise.all([...this.#displays.map((each) => read(each)), this.#ask()]);
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
    await pause(random() * UNPLUGGED_MS_MAX, signal);
    await this.#plug();
  }

  begin(): void {
    const { sent = 0, acknowledged = 0 } = this.#emulator?.counters ?? {};
    this.#sent.sent = -sent;
    this.#sent.acknowledged = -acknowledged;
    this.#askedBefore += this.#commands.asked;
    this.#commands = { asked: 0, taken: 0 };
    for (const display of this.#displays) display.lookedAt = undefined;
  }

  look(): Judge {
    const { counters } = this.#emulator ?? {};
    const sent = this.#sent.sent + (counters?.sent ?? 0);
    const acknowledged = this.#sent.acknowledged + (counters?.acknowledged ?? 0);
    const { asked, taken } = this.#commands;
    const apart = this.#apart();
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
      { law: "displays of one port hear alike", value: apart, atMost: PACKETS_APART_MAX },
    ];
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  finalClaims(): Claim[] {
    return [];
  }

  figures(): Readonly<Record<string, number>> {
    return {
      "times that the controller was plugged in": this.#plugs,
      "packets that displays read": this.#displays.reduce((sum, { packets }) => sum + packets, 0),
      "commands to the controller": this.#askedBefore + this.#commands.asked,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#displays.map(({ client }) => client.close()));
    await this.#running;
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

  /** The most packets that a display of a port has read more than another since the last look. */
  #apart(): number {
    const ports = Map.groupBy(this.#displays, ({ port }) => port);
    const gaps = [...ports.values()].map((displays) => {
      const news = displays.map((display) => {
        const { client, packets, lookedAt } = display;
        display.lookedAt = client.isConnected ? packets : undefined;
        return display.lookedAt === undefined || lookedAt === undefined
          ? undefined
          : packets - lookedAt;
      });
      const known = news.filter((each) => each !== undefined);
      return known.length < 2 ? 0 : Math.max(...known) - Math.min(...known);
    });
    return Math.max(...gaps);
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
        if (await display.client.sendCmd("GENERAL", "START")) commands.taken++;
      } catch {
        // The host does not run, or the request was cut off.
      }
    }
  }
}

async function read(display: Display): Promise<void> {
  for await (const _ of display.client.packets()) display.packets++;
}
