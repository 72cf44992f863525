/**
 * A ventilator whose controller is on a serial line, and what the host may be told and tell there.
 *
 * @module
 */

import { alarmName } from "./alarm_names.ts";
import { Arduino, PERIOD_MS, type Told } from "./arduino.ts";
import { CommandExpectation } from "./command_expectation.ts";
import type { Firmware } from "./controller_payload.ts";
import type { HostPause } from "./expectation.ts";
import { SILENCE_MS } from "./link_expectation.ts";
import type { Operation } from "./ordeal.ts";
import type { Part, Shown } from "./part.ts";
import type { Random } from "./random.ts";
import { Ventilator } from "./ventilator.ts";
import type { Flags, World } from "./world.ts";

/** Codes of the alarms that the controller raises here, and of what priority they are. */
const ALARMS: readonly (readonly [code: number, priority: number])[] = [
  [1, 3],
  [4, 2],
  [7, 3],
  [13, 3],
  [22, 3],
  [12, 2],
];
/** Within this time after it was plugged in, a controller is back, in milliseconds. */
const REPLUGGED_MS_MAX = 1_000;
/** The figures are compared each so many checks. */
const CHECKS_PER_METRICS = 3;
/** An operator acknowledges so much more often than anything else happens. */
const ACKNOWLEDGEMENTS = 5;
/** Values that come in a burst, and how often, in milliseconds. */
const BURST_MS = 20;
const BURST_LASTS_MS = 3_000;

/** What came over the line in one run of the host, to compare with its figures. */
class Tally {
  /** Values and alarms that the controller told. */
  values = 0;
  /** Bytes that are no frame: those that must be counted by now, and those that may be. */
  noiseLeast = 0;
  /** Those that went with the line before it was known that they are no frame. */
  noiseGone = 0;
  noiseMost = 0;
}

/** The instrument of the HEV role. */
export class Instrument implements Part {
  readonly #world: World;
  readonly #arduino: Arduino;
  readonly #firmware: Firmware;
  /** The host finds the controller by what it is. */
  readonly #isFound: boolean;
  readonly #commands = new CommandExpectation();
  readonly #ventilator: Ventilator;
  #pluggedAt = -Infinity;
  #burstEndsAt = Infinity;
  #tally = new Tally();
  #checks = 0;

  /**
   * @param settings The host's, with `hev`.
   * @param hostPause Whether the whole host is in maintenance.
   */
  constructor(world: World, settings: Flags, hostPause: () => HostPause) {
    this.#world = world;
    this.#ventilator = new Ventilator(world, settings, {
      member: "hev/arduino @ ",
      silenceMs: SILENCE_MS,
      hostPause,
    });
    this.#isFound = settings["hevSource"] === "serial:auto";
    this.#firmware = settings["hevController"] as Firmware;
    this.#arduino = new Arduino(this.#firmware, world.serial.connect("ttyACM0"), world.time);
    this.#arduino.onTold = (told) => this.#told(told);
  }

  nextAt(): number {
    return Math.min(this.#arduino.nextAt(), this.#burstEndsAt);
  }

  async act(): Promise<void> {
    if (this.#burstEndsAt <= this.#world.time.now) {
      this.#arduino.periodMs = PERIOD_MS;
      this.#burstEndsAt = Infinity;
    }
    this.#arduino.act();
    await this.#world.time.settle();
  }

  async step(random: Random): Promise<void> {
    const { crowd } = this.#ventilator;
    // Somebody nearly always listens.
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
    this.#tally = new Tally();
    this.#forgetCommands();
    this.#pluggedAt = this.#world.time.now;
  }

  forgive(operation: Operation): void {
    this.#ventilator.forgive();
    this.#arduino.complaint = undefined;
    if (operation === "serial") this.#ventilator.doubtAlarms();
    this.#forgetCommands();
    this.#pluggedAt = this.#world.time.now;
  }

  strangerAt(port: number): void {
    this.#ventilator.strangerAt(port);
  }

  async check({ members, verdict }: Shown): Promise<void> {
    if (!this.#ventilator.isDoubtful) this.#checkClients();
    await this.#ventilator.checkAlarms();
    this.#checkCommands();
    this.#ventilator.checkMember(members, verdict);
    if (++this.#checks % CHECKS_PER_METRICS === 0) await this.#checkMetrics();
  }

  /** Each alarm that was listed was told once. */
  finish(told: readonly { readonly alarm: string; readonly priority: string }[]): void {
    this.#ventilator.finish(told);
  }

  /** All clients go. The host learns of it when it next sends: a client may have ended its side alone. */
  leave(): void {
    this.#ventilator.crowd.forget();
    if (!this.#arduino.tty.isPlugged) this.#arduino.tty.plug("ttyACM0");
    this.#arduino.isTalking = true;
  }

  readonly #steps: readonly ((random: Random) => void | Promise<void>)[] = [
    (random) => this.#ventilator.join(random),
    (random) => this.#ventilator.join(random),
    (random) => this.#ventilator.crowd.part(random),
    (random) => this.#ventilator.crowd.one(random)?.beDeaf(true),
    (random) => this.#ventilator.crowd.one(random)?.beDeaf(false),
    (random) => this.#ventilator.crowd.babble(random),
    (random) => this.#raise(random),
    (random) => this.#raise(random),
    ...Array(ACKNOWLEDGEMENTS).fill((random: Random) => this.#ventilator.acknowledge(random)),
    (random) => this.#command(random),
    (random) => this.#command(random),
    () => void (this.#arduino.isTalking = false),
    () => void (this.#arduino.isTalking = true),
    (random) => void (this.#arduino.isAnswering = random.chance(0.5)),
    (random) => this.#garble(random),
    (random) => this.#unplug(random),
    (random) => this.#plug(random),
    (random) => this.#plug(random),
    () => {
      this.#arduino.periodMs = BURST_MS;
      this.#burstEndsAt = this.#world.time.now + BURST_LASTS_MS;
    },
    (random) => this.#ventilator.queries.bother(random),
  ];

  #raise(random: Random): void {
    const [code, priority] = random.pick(ALARMS);
    this.#arduino.sendAlarm(code, random.chance(0.7) ? priority : random.whole(1, 3));
    if (random.chance(0.3)) this.#arduino.sendValues();
  }

  async #command(random: Random): Promise<void> {
    const { now } = this.#world.time;
    const [cmd, code] = random.pick([["START", 1], ["STOP", 2]] as const);
    const param = random.whole(0, 1_000);
    const end = random.pick(["", "\0"]);
    const request = { type: end === "" ? "cmd" : "CMD", cmdtype: "GENERAL", cmd, param };
    const reply = await this.#ventilator.queries.ask(JSON.stringify(request) + end);
    const { isPlugged } = this.#arduino.tty;
    const isThere = isPlugged && now - this.#pluggedAt > REPLUGGED_MS_MAX;
    if (isThere && reply !== "ack") {
      throw new Error(`A command for a controller that is there got ${reply}`);
    }
    if (!isPlugged && reply !== "nack") {
      throw new Error(`A command for a controller that is not there got ${reply}`);
    }
    if (reply === "ack") this.#commands.take(code, param, now);
  }

  #garble(random: Random): void {
    if (!this.#arduino.isOpen) return;
    const bytes = random.bytes(random.whole(1, 300));
    this.#tally.noiseMost += bytes.filter((byte) => byte !== 0x7e).length;
    this.#arduino.tty.send(bytes);
  }

  #unplug(random: Random): void {
    if (!this.#arduino.tty.isPlugged) return;
    if (random.chance(0.5)) this.#arduino.sendPart(random.fraction());
    this.#arduino.unplug();
    this.#tally.noiseGone = this.#tally.noiseMost - this.#tally.noiseLeast;
    this.#forgetCommands();
  }

  #plug(random: Random): void {
    if (this.#arduino.tty.isPlugged) return;
    // If the host finds it by what it is, it may have another name.
    this.#arduino.tty.plug(this.#isFound ? random.pick(["ttyACM0", "ttyACM1"]) : "ttyACM0");
    this.#pluggedAt = this.#world.time.now;
    this.#arduino.isTalking = true;
  }

  #told(told: Told): void {
    this.#tally.values++;
    this.#tally.noiseLeast = this.#tally.noiseMost - this.#tally.noiseGone;
    if (told.kind === "data") return this.#ventilator.tellValue(told.value);
    const priority = this.#firmware === "a0" ? undefined : told.priority;
    this.#ventilator.tellAlarm(alarmName(told.code, priority));
  }

  #forgetCommands(): void {
    this.#commands.forget();
    this.#arduino.commands.length = 0;
  }

  #checkClients(): void {
    const { complaint } = this.#arduino;
    if (complaint !== undefined) throw new Error(complaint);
    this.#ventilator.crowd.check();
  }

  /** Commands arrive in order, once. */
  #checkCommands(): void {
    if (this.#world.ordeal.fired !== undefined) return;
    this.#commands.check(this.#arduino.commands, this.#world.time.now);
  }

  async #checkMetrics(): Promise<void> {
    const metrics = await this.#ventilator.metrics();
    if (metrics === undefined) return;
    const tally = this.#tally;
    metrics.must("hev_values_total", tally.values);
    metrics.must("hev_payloads_total", tally.values);
    metrics.must("hev_serial_noise_bytes_total", tally.noiseLeast, tally.noiseMost);
    metrics.must("hev_serial_unusable_payloads_total", 0);
    if (!this.#arduino.tty.isPlugged) metrics.must("hev_link_up", 0);
    this.#ventilator.checkMetrics(metrics);
  }
}
