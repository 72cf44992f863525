/**
 * A ventilator of which there is only a recording, and what the host must make of it.
 *
 * @module
 */

import type { HostPause } from "./expectation.ts";
import { SILENCE_MS } from "./link_expectation.ts";
import { MetricsText } from "./metrics_text.ts";
import type { Part, Shown } from "./part.ts";
import type { Random } from "./random.ts";
import { recordedBytes } from "./recordings.ts";
import { readTape, type Tape, type Taped } from "./tape.ts";
import { TapePosition } from "./tape_position.ts";
import { Ventilator } from "./ventilator.ts";
import type { Flags, World } from "./world.ts";

/** How often the slowest recordings have something, in their own milliseconds. */
const STEP_MS_MAX = 1_000;
/** A recording that is played slowly may be silent for this many of its steps. */
const STEPS_OF_SILENCE = 3;
/** How much later a recording may begin after an operation of the machine has failed, in milliseconds. */
const DOUBT_MS = 5_000;
/** How many of the steps that may have been played are looked at. */
const STEPS_MAX = 1_000;
/** Commands for a controller of which there is only a recording: those that there are succeed. */
const COMMANDS: readonly (readonly [cmdtype: string, cmd: string, reply: "ack" | "nack"])[] = [
  ["GENERAL", "START", "ack"],
  ["GENERAL", "STOP", "ack"],
  ["SET_TARGET_CPAP", "PEEP", "ack"],
  ["GENERAL", "constructor", "nack"],
  ["NOTHING", "START", "nack"],
];
/** An operator acknowledges so much more often than anything else happens. */
const ACKNOWLEDGEMENTS = 5;

/** The recording that a host plays, in whichever way it was told so; undefined if it plays none. */
export function recordingOf(settings: Flags): string | undefined {
  const { hevSource, inputFile, useDumpData, useDumpFile } = settings;
  if (typeof inputFile === "string") return inputFile;
  if (useDumpData === true || useDumpFile === true || hevSource === "dump") return "byteArray.dump";
  const [kind, path] = String(hevSource).split(":");
  return kind === "dump" ? path : undefined;
}

/** What is in the recording of a host that plays one. */
export function tapeOf(settings: Flags): Tape {
  const path = recordingOf(settings) ?? "";
  const bytes = recordedBytes(path) ?? Deno.readFileSync(`dumps/${path}`);
  return readTape(bytes, settings["hevBigEndian"] === true);
}

/** The recording of the HEV role. */
export class Player implements Part {
  readonly #world: World;
  readonly #ventilator: Ventilator;
  readonly #position: TapePosition;
  readonly #skipped: number;

  /**
   * @param settings The host's, with `hev`.
   * @param hostPause Whether the whole host is in maintenance.
   */
  constructor(world: World, settings: Flags, hostPause: () => HostPause) {
    this.#world = world;
    const speed = Number(settings["hevSpeed"] ?? 1);
    const tape = tapeOf(settings);
    this.#skipped = tape.skipped;
    const everyMs = 1_000 * Number.parseFloat(String(settings["hevAlarmIntervalMs"] ?? "20s"));
    this.#position = new TapePosition(tape, {
      speed,
      alarmEveryMs: everyMs === 0 ? Infinity : everyMs,
      alarmSeed: Number(settings["hevAlarmSeed"] ?? 1),
    });
    this.#ventilator = new Ventilator(world, settings, {
      member: `hev/playback @ ${recordingOf(settings)}`,
      silenceMs: speed >= 1
        ? SILENCE_MS
        : Math.max(SILENCE_MS, STEPS_OF_SILENCE * STEP_MS_MAX / speed),
      hostPause,
      isDue: (about, alarms) => this.#isDue(about, alarms),
    });
    this.#begin();
  }

  nextAt(): number {
    return Math.min(this.#position.certainAt, this.#ventilator.failsAt);
  }

  async act(): Promise<void> {
    this.#play();
    const { now } = this.#world.time;
    if (this.#ventilator.failsAt > now) return;
    await this.#synchronise();
    if (this.#ventilator.failsAt <= now) await this.#ventilator.checkAlarms();
  }

  async step(random: Random): Promise<void> {
    const { crowd } = this.#ventilator;
    await this.#synchronise();
    if (crowd.one(random) === undefined && random.chance(0.8)) this.#ventilator.join(random);
    // The host knows it before anything else happens.
    await this.#world.time.settle();
    await random.pick(this.#steps)(random);
    await this.#world.time.settle();
  }

  listen(ms: number): void {
    this.#ventilator.listen(ms);
  }

  stand(ms: number): void {
    this.#ventilator.stand(ms);
    if (ms >= 500) this.#position.stand(ms);
  }

  hostResumed(): void {
    this.#ventilator.hostResumed();
  }

  killed(): void {
    this.#ventilator.killed();
  }

  doubtDisk(): void {
    this.#ventilator.doubtAlarms();
  }

  restarted(): void {
    this.#ventilator.restarted();
    this.#begin();
  }

  forgive(): void {
    this.#ventilator.forgive();
    this.#position.doubt(DOUBT_MS);
  }

  strangerAt(port: number): void {
    this.#ventilator.strangerAt(port);
  }

  async check({ members, verdict }: Shown): Promise<void> {
    await this.#synchronise();
    if (!this.#ventilator.isDoubtful) this.#ventilator.crowd.check();
    await this.#ventilator.checkAlarms();
    this.#ventilator.checkMember(members, verdict);
    const metrics = await this.#ventilator.metrics();
    if (metrics === undefined) return;
    metrics.must("hev_values_total", this.#position.played);
    metrics.must("hev_payloads_total", this.#position.played);
    metrics.must("hev_recording_skipped", this.#skipped);
    this.#ventilator.checkMetrics(metrics);
  }

  /** Each alarm that was listed was told once. */
  finish(told: readonly { readonly alarm: string; readonly priority: string }[]): void {
    this.#ventilator.finish(told);
  }

  /** All clients go. The host learns of it at once: a recording may have nothing to send for minutes. */
  leave(): void {
    this.#ventilator.crowd.reset();
  }

  readonly #steps: readonly ((random: Random) => void | Promise<void>)[] = [
    (random) => this.#ventilator.join(random),
    (random) => this.#ventilator.join(random),
    (random) => this.#ventilator.crowd.part(random),
    (random) => this.#ventilator.crowd.one(random)?.beDeaf(true),
    (random) => this.#ventilator.crowd.one(random)?.beDeaf(false),
    (random) => this.#ventilator.crowd.babble(random),
    ...Array(ACKNOWLEDGEMENTS).fill((random: Random) => this.#ventilator.acknowledge(random)),
    (random) => this.#command(random),
    (random) => this.#ventilator.queries.bother(random),
  ];

  async #command(random: Random): Promise<void> {
    const [cmdtype, cmd, must] = random.pick(COMMANDS);
    const end = random.pick(["", "\0"]);
    const request = { type: end === "" ? "cmd" : "CMD", cmdtype, cmd, param: 1 };
    const reply = await this.#ventilator.queries.ask(JSON.stringify(request) + end);
    if (reply !== must) throw new Error(`${cmdtype} ${cmd} for a recording got ${reply}`);
  }

  #begin(): void {
    const { now } = this.#world.time;
    this.#position.begin(now, this.#world.ordeal.fired === undefined ? now : now + DOUBT_MS);
  }

  /** What must have been played by now has been played. */
  #play(): void {
    while (this.#position.certainAt <= this.#world.time.now) this.#take();
  }

  /** Finds out what has been played of all that may have been. */
  async #synchronise(): Promise<void> {
    const { now } = this.#world.time;
    this.#play();
    if (this.#position.possible(now) === undefined) return;
    const { body } = await this.#world.ask("/metrics");
    const steps = new MetricsText(body).of("hev_payloads_total") - this.#position.played;
    const most = this.#position.possibleSteps(now, STEPS_MAX);
    if (!(steps >= 0 && steps <= most)) {
      throw new Error(`${steps} more steps of the recording were played, must be 0 to ${most}`);
    }
    for (let left = steps; left > 0; left--) {
      this.#position.seen(now);
      this.#take();
    }
    this.#position.seenNoMore(now);
  }

  /** A packet came that was not foreseen: whether a step of the recording is due that may be it. */
  #isDue(about: string, alarms: readonly string[]): boolean {
    const { now } = this.#world.time;
    const step = this.#position.possible(now);
    if (step === undefined) return false;
    const isIt = step.kind === "value"
      ? about === `DATA ${step.value}`
      : step.kind === "alarm"
      ? about === step.alarm || alarms.includes(step.alarm.split(" ")[1] ?? "")
      : about === step.type;
    const isCertain = this.#position.certainAt <= now;
    if (!isIt && !isCertain && this.#ventilator.failsNow()) return true;
    if (isIt && (step.kind !== "alarm" || about === step.alarm)) this.#position.seen(now);
    this.#take();
    return true;
  }

  #take(): void {
    const { taped, agoMs } = this.#position.take(this.#world.time.now);
    this.#tell(taped, agoMs);
  }

  #tell(taped: Taped, agoMs: number): void {
    switch (taped.kind) {
      case "value":
        return this.#ventilator.tellValue(taped.value, agoMs);
      case "alarm":
        return this.#ventilator.tellAlarm(taped.alarm, agoMs);
      case "other":
        return this.#ventilator.tellOther(taped.type, agoMs);
    }
  }
}
