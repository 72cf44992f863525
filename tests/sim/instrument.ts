/**
 * A ventilator, its clients and its operators, and what they may expect of the host between them.
 *
 * @module
 */

import { AlarmExpectation, type ShownAlarm } from "./alarm_expectation.ts";
import { Arduino, type Firmware, PERIOD_MS, type Told } from "./arduino.ts";
import { BROADCAST_PORTS, BroadcastCrowd } from "./broadcast_crowd.ts";
import type { Dialect, Packet } from "./broadcast_reader.ts";
import { CommandExpectation } from "./command_expectation.ts";
import type { HostPause } from "./expectation.ts";
import { LinkExpectation } from "./link_expectation.ts";
import { MetricsText } from "./metrics_text.ts";
import type { Operation } from "./ordeal.ts";
import type { Part, Shown } from "./part.ts";
import { QueryClient } from "./query_client.ts";
import type { Random } from "./random.ts";
import { type Flags, PORTS, type World } from "./world.ts";

/** Alarms that the controller raises here: code, name, and the priority that the documents give. */
const ALARMS: readonly (readonly [code: number, name: string, priority: number])[] = [
  [1, "APNEA", 3],
  [4, "EXPIRATION_SENSE_FAULT_OR_LEAK", 2],
  [7, "HIGH_PRESSURE", 3],
  [13, "INTENTIONAL_STOP", 3],
  [22, "AIR_FAIL", 3],
  [12, "LOW_VTI", 2],
];
const PRIORITIES = ["", "PRIORITY_LOW", "PRIORITY_MEDIUM", "PRIORITY_HIGH"];
/** What the host raises itself when the controller has fallen silent. */
const FAILURE = "PRIORITY_HIGH ARDUINO_FAIL";
/** Within this time after it was plugged in, a controller is back, in milliseconds. */
const REPLUGGED_MS_MAX = 1_000;
/** The figures are compared each so many checks. */
const CHECKS_PER_METRICS = 3;
/** An operator acknowledges so much more often than anything else happens. */
const ACKNOWLEDGEMENTS = 5;
/** Values that come in a burst, and how often, in milliseconds. */
const BURST_MS = 20;
const BURST_LASTS_MS = 3_000;

/** What has happened in one run of the host, to compare with its figures. */
class Tally {
  /** Values and alarms that the controller told. */
  values = 0;
  /** Alarms that were raised. */
  raised = 0;
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
  readonly #hostPause: () => HostPause;
  readonly #link = new LinkExpectation();
  readonly #alarms = new AlarmExpectation();
  readonly #commands = new CommandExpectation();
  readonly #crowd: BroadcastCrowd;
  readonly #queries: QueryClient;
  /** The value that was told last in this run of the host. */
  #value: number | undefined;
  /** Until when time is counted, in milliseconds. */
  #countedAt: number;
  /** The silence since the controller was last heard has raised its alarm. */
  #isFailureTold = false;
  #pluggedAt = -Infinity;
  #burstEndsAt = Infinity;
  #tally = new Tally();
  /** Somebody else has used the ports, or an operation of the machine has failed. */
  #isStrange = false;
  #checks = 0;

  /**
   * @param settings The host's, with `hev`.
   * @param hostPause Whether the whole host is in maintenance.
   */
  constructor(world: World, settings: Flags, hostPause: () => HostPause) {
    this.#world = world;
    this.#hostPause = hostPause;
    const dialect = (key: string): Dialect => settings[key] === "nul" ? "nul" : "seed";
    this.#crowd = new BroadcastCrowd(world, [
      dialect("hevWebDialect"),
      dialect("hevNativeDialect"),
    ]);
    this.#queries = new QueryClient(world);
    this.#isFound = settings["hevSource"] === "serial:auto";
    this.#firmware = settings["hevController"] as Firmware;
    this.#countedAt = world.time.now;
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
    // Somebody nearly always listens.
    if (this.#crowd.one(random) === undefined && random.chance(0.8)) this.#join(random);
    // The host knows it before anything else happens.
    await this.#world.time.settle();
    await random.pick(this.#steps)(random);
    await this.#world.time.settle();
  }

  listen(ms: number): void {
    const { now } = this.#world.time;
    // What was told meanwhile has begun another silence.
    this.#link.listen(Math.min(ms, now - this.#countedAt), this.#hostPause());
    this.#countedAt = now;
  }

  stand(ms: number): void {
    this.#link.stand(ms, this.#hostPause());
    this.#countedAt = this.#world.time.now;
  }

  hostResumed(): void {
    this.#link.excuse();
  }

  killed(): void {
    this.#alarms.kill(this.#world.time.now);
  }

  doubtDisk(): void {
    this.#alarms.doubt();
  }

  restarted(): void {
    this.#link.restart();
    this.#crowd.restart();
    this.#alarms.restart();
    this.#queries.restart();
    this.#value = undefined;
    this.#isFailureTold = false;
    this.#tally = new Tally();
    this.#forgetCommands();
    this.#isStrange = false;
    this.#pluggedAt = this.#countedAt = this.#world.time.now;
  }

  forgive(operation: Operation): void {
    this.#crowd.forget();
    this.#isStrange = true;
    this.#arduino.complaint = undefined;
    if (operation === "serial") this.#alarms.doubt();
    this.#link.doubt();
    this.#forgetCommands();
    this.#pluggedAt = this.#world.time.now;
  }

  strangerAt(port: number): void {
    this.#isStrange ||= BROADCAST_PORTS.includes(port) || port === PORTS.hevQuery;
  }

  async check({ members, verdict }: Shown): Promise<void> {
    if (!this.#alarms.isDoubtful) this.#checkClients();
    await this.#checkAlarms();
    this.#checkCommands();
    this.#checkMember(members, verdict);
    if (++this.#checks % CHECKS_PER_METRICS === 0) await this.#checkMetrics();
  }

  /** Each alarm that was listed was told once. */
  finish(told: readonly { readonly alarm: string; readonly priority: string }[]): void {
    this.#alarms.finish(told);
  }

  /** All clients go. The host learns of it when it next sends: a client may have ended its side alone. */
  leave(): void {
    this.#crowd.forget();
    if (!this.#arduino.tty.isPlugged) this.#arduino.tty.plug("ttyACM0");
    this.#arduino.isTalking = true;
  }

  readonly #steps: readonly ((random: Random) => void | Promise<void>)[] = [
    (random) => this.#join(random),
    (random) => this.#join(random),
    (random) => this.#crowd.part(random),
    (random) => this.#crowd.one(random)?.beDeaf(true),
    (random) => this.#crowd.one(random)?.beDeaf(false),
    (random) => this.#crowd.babble(random),
    (random) => this.#raise(random),
    (random) => this.#raise(random),
    ...Array(ACKNOWLEDGEMENTS).fill((random: Random) => this.#acknowledge(random)),
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
    (random) => this.#queries.bother(random),
  ];

  #join(random: Random): void {
    const welcome = this.#packet(`DATA ${this.#value}`, false);
    this.#crowd.join(random, { welcome, isDue: () => this.#failsNow() });
  }

  #raise(random: Random): void {
    const [code, , priority] = random.pick(ALARMS);
    this.#arduino.sendAlarm(code, random.chance(0.7) ? priority : random.whole(1, 3));
    if (random.chance(0.3)) this.#arduino.sendValues();
  }

  async #acknowledge(random: Random): Promise<void> {
    // What the host has listed, to know whether it is there when it is acknowledged.
    await this.#checkAlarms();
    const alarm = random.pick([...this.#alarms.all, "PRIORITY_HIGH OCCLUSION"]);
    const [priority = "", name = ""] = alarm.split(" ");
    const how = random.pick(["seed", "nul", "api"] as const);
    const gone = this.#alarms.all.filter((other) =>
      how === "nul" ? other === alarm : other.endsWith(` ${name}`)
    );
    // The clients learn of it before the operator does.
    this.#alarms.acknowledge(gone, this.#world.time.now);
    if (gone.length > 0) this.#owe(`DATA ${this.#value}`, true);
    let isDone: boolean;
    if (how === "api") {
      const target = `/api/v1/hev/alarms/${name}/acknowledge`;
      isDone = (await this.#world.ask(target, { method: "POST", body: {} })).status === 200;
    } else {
      isDone = await this.#queries.ask(
        how === "seed"
          ? `{"type":"alarm","ack":"${name}"}`
          : `{"type":"ALARM","alarm_type":"${priority}","alarm_code":"${name}","param":null}\0`,
      ) === "ack";
    }
    const must = how === "nul" || gone.length > 0;
    if (isDone !== must && this.#world.ordeal.fired === undefined) {
      throw new Error(`Acknowledging ${alarm} (${how}) succeeds: ${isDone}, must be ${must}`);
    }
  }

  async #command(random: Random): Promise<void> {
    const { now } = this.#world.time;
    const [cmd, code] = random.pick([["START", 1], ["STOP", 2]] as const);
    const param = random.whole(0, 1_000);
    const end = random.pick(["", "\0"]);
    const request = { type: end === "" ? "cmd" : "CMD", cmdtype: "GENERAL", cmd, param };
    const reply = await this.#queries.ask(JSON.stringify(request) + end);
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
    this.#link.hear();
    this.#countedAt = this.#world.time.now;
    this.#isFailureTold = false;
    this.#tally.values++;
    this.#tally.noiseLeast = this.#tally.noiseMost - this.#tally.noiseGone;
    if (told.kind === "data") {
      this.#value = told.value;
      this.#owe(`DATA ${told.value}`, false);
      return;
    }
    const [, name = "", documented = 3] = ALARMS.find(([code]) => code === told.code) ?? [];
    const priority = this.#firmware === "a0" ? documented : told.priority;
    this.#list(`${PRIORITIES[priority]} ${name}`);
  }

  #list(alarm: string): void {
    this.#tally.raised++;
    this.#alarms.list(alarm, this.#world.time.now);
    this.#owe(alarm, true);
  }

  /** A packet came that nobody foresaw: perhaps the host says itself that the controller has failed. */
  #failsNow(): boolean {
    const { now } = this.#world.time;
    if (this.#isFailureTold || !this.#link.mayBeLostAfter(now - this.#countedAt)) return false;
    this.#fail();
    return true;
  }

  #fail(): void {
    this.#isFailureTold = true;
    this.#list(FAILURE);
  }

  #packet(about: string, mustArrive: boolean): Packet | undefined {
    if (this.#value === undefined) return undefined;
    return { about, alarms: this.#alarms.all, mustArrive };
  }

  #owe(about: string, mustArrive: boolean): void {
    this.#crowd.owe(this.#packet(about, mustArrive), `DATA ${this.#value}`);
  }

  #forgetCommands(): void {
    this.#commands.forget();
    this.#arduino.commands.length = 0;
  }

  #checkClients(): void {
    const { complaint } = this.#arduino;
    if (complaint !== undefined) throw new Error(complaint);
    this.#crowd.check();
  }

  async #checkAlarms(): Promise<void> {
    const { body } = await this.#world.ask("/api/v1/hev/alarms");
    const shown: readonly ShownAlarm[] = JSON.parse(body).alarms;
    const failure = shown.find(({ name, priority }) => `${priority} ${name}` === FAILURE);
    const hasRaised = failure !== undefined && failure.count > this.#alarms.countOf(FAILURE);
    if (!this.#isFailureTold && this.#link.loss === "certain") this.#fail();
    else if (!this.#isFailureTold && this.#link.loss === "maybe" && hasRaised) this.#fail();
    this.#alarms.check(shown, this.#world.time.now);
  }

  /** Commands arrive in order, once. */
  #checkCommands(): void {
    if (this.#world.ordeal.fired !== undefined) return;
    this.#commands.check(this.#arduino.commands, this.#world.time.now);
  }

  #checkMember(members: Shown["members"], verdict: Shown["verdict"]): void {
    const member = members.find(({ id }) => id.startsWith("hev/arduino @ "));
    if (member === undefined) throw new Error("The instrument is missing");
    const allowed = this.#link.allowed();
    if (!allowed.has(member.state)) {
      throw new Error(`The instrument is ${member.state}, must be ${[...allowed].join(" or ")}`);
    }
    const isLost = allowed.size === 1 && allowed.has("lost") && this.#hostPause() === "none";
    if (isLost && !verdict.members.some(({ id, state }) => id === member.id && state === "lost")) {
      throw new Error("The verdict does not name the instrument that has fallen silent");
    }
  }

  async #checkMetrics(): Promise<void> {
    const { body } = await this.#world.ask("/metrics");
    const metrics = new MetricsText(body);
    const tally = this.#tally;
    if (this.#alarms.isDoubtful || this.#world.ordeal.fired !== undefined) return;
    metrics.must("hev_values_total", tally.values);
    metrics.must("hev_payloads_total", tally.values);
    metrics.must("hev_alarms_raised_total", tally.raised);
    metrics.must("hev_alarms_listed", this.#alarms.all.length);
    metrics.must("hev_serial_noise_bytes_total", tally.noiseLeast, tally.noiseMost);
    metrics.must("hev_serial_unusable_payloads_total", 0);
    const { isPlugged } = this.#arduino.tty;
    const states = this.#link.allowed();
    if (!isPlugged || states.size === 1 && states.has("lost")) metrics.must("hev_link_up", 0);
    if (this.#isStrange) return;
    this.#queries.checkMetrics(metrics);
    this.#crowd.checkMetrics(metrics);
  }
}
