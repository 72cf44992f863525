/**
 * A ventilator, its clients and its operators, and what they may expect of the host between them.
 *
 * @module
 */

import { Arduino, type Firmware, PERIOD_MS, type Told } from "./arduino.ts";
import { BroadcastReader, type Dialect, type Packet } from "./broadcast_reader.ts";
import type { HostPause } from "./expectation.ts";
import { insist, say } from "./http_peer.ts";
import { LinkExpectation } from "./link_expectation.ts";
import type { Operation } from "./ordeal.ts";
import type { Part, Shown } from "./part.ts";
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
const READERS_MAX = 4;
/** Within this time after it was plugged in, a controller is back, in milliseconds. */
const REPLUGGED_MS_MAX = 1_000;
/** A command that is not acknowledged is sent so often, within this time in milliseconds. */
const TRIES = 10;
const TRIES_MS = TRIES * 50 + 100;
/** What was done less than this before a kill may be forgotten, in milliseconds. */
const UNWRITTEN_MS_MAX = 1_500;
/** Within this time everybody has what was sent, in milliseconds. */
const GAP_MS = 60;
/** A client that floods is disconnected within this time, in milliseconds. */
const FLOOD_MS_MAX = 5_000;
/** The figures are compared each so many checks. */
const CHECKS_PER_METRICS = 3;
/** What a client's system holds for it, in bytes. */
const WINDOWS = [1_500, 65_536] as const;
/** Values that come in a burst, and how often, in milliseconds. */
const BURST_MS = 20;
const BURST_LASTS_MS = 3_000;

const BROADCAST_PORTS: readonly number[] = [PORTS.hevWeb, PORTS.hevNative];

/** An alarm of the list. */
interface Listed {
  /** How often it was raised in this run of the host since it was listed. */
  count: number;
  /** When it was listed, in milliseconds. */
  readonly listedAt: number;
}

/** What has happened in one run of the host, to compare with its figures. */
class Tally {
  /** Values and alarms that the controller told. */
  values = 0;
  /** Alarms that were raised. */
  raised = 0;
  acks = 0;
  nacks = 0;
  /** Commands that the host took. */
  commands = 0;
  /** Packets to clients of the newer dialect. */
  owed = 0;
  /** Packets of such clients that are not here any more: received, and left out. */
  skipped = 0;
  received = 0;
  /** Bytes that are no frame: those that must be counted by now, and those that may be. */
  noiseLeast = 0;
  noiseMost = 0;
  /** Whether nobody was disconnected with packets on their way, and no old client was slow. */
  isExact = true;
  hasSeedReaders = false;
  /** Clients that have closed their connection. */
  closed = 0;
}

/** The instrument of the HEV role. */
export class Instrument implements Part {
  readonly #world: World;
  readonly #dialects: readonly [web: Dialect, native: Dialect];
  readonly #arduino: Arduino;
  readonly #firmware: Firmware;
  /** The host finds the controller by what it is. */
  readonly #isFound: boolean;
  readonly #hostPause: () => HostPause;
  readonly #link = new LinkExpectation();
  readonly #readers: BroadcastReader[] = [];
  /** The listed alarms as `PRIORITY NAME`, in order of arrival. */
  #listed = new Map<string, Listed>();
  readonly #acknowledgedAt = new Map<string, number>();
  /** Alarms of which nobody can tell whether they are listed: the host was killed right then. */
  readonly #doubtful = new Set<string>();
  /** Whether nobody can tell of any alarm: the disk or the line has failed. */
  #isDoubtful = false;
  /** Each time that an alarm was listed, over all runs of the host: when, and which. */
  readonly #listings: { readonly at: number; readonly alarm: string }[] = [];
  readonly #killedAt: number[] = [];
  /** The value that was told last in this run of the host. */
  #value: number | undefined;
  #changedAt = -Infinity;
  /** Until when time is counted, in milliseconds. */
  #countedAt: number;
  /** The silence since the controller was last heard has raised its alarm. */
  #isFailureTold = false;
  #pluggedAt = -Infinity;
  #burstEndsAt = Infinity;
  #tally = new Tally();
  /** Commands that the host has taken and the controller has not got. */
  #sent: { readonly code: number; readonly param: number; readonly at: number }[] = [];
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
    this.#dialects = [dialect("hevWebDialect"), dialect("hevNativeDialect")];
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
    if (this.#one(random) === undefined && random.chance(0.8)) this.#join(random);
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
    const { now } = this.#world.time;
    this.#killedAt.push(now);
    const changes = [...this.#listed].map(([alarm, { listedAt }]) => [alarm, listedAt] as const);
    for (const [alarm, at] of [...changes, ...this.#acknowledgedAt]) {
      if (now - at < UNWRITTEN_MS_MAX) this.#doubtful.add(alarm);
    }
  }

  doubtDisk(): void {
    this.#isDoubtful = true;
  }

  restarted(): void {
    this.#link.restart();
    this.#forgetReaders();
    this.#value = undefined;
    this.#isFailureTold = false;
    this.#tally = new Tally();
    this.#forgetCommands();
    this.#isStrange = false;
    this.#pluggedAt = this.#countedAt = this.#world.time.now;
    for (const listed of this.#listed.values()) listed.count = 0;
  }

  forgive(operation: Operation): void {
    this.#forgetReaders();
    this.#isStrange = true;
    this.#arduino.complaint = undefined;
    if (operation === "serial") this.#isDoubtful = true;
    this.#link.doubt();
    this.#forgetCommands();
    this.#pluggedAt = this.#world.time.now;
  }

  strangerAt(port: number): void {
    this.#isStrange ||= BROADCAST_PORTS.includes(port) || port === PORTS.hevQuery;
  }

  async check({ members, verdict }: Shown): Promise<void> {
    if (!this.#isDoubtful) this.#checkReaders();
    await this.#checkAlarms();
    this.#checkCommands();
    this.#checkMember(members, verdict);
    if (++this.#checks % CHECKS_PER_METRICS === 0) await this.#checkMetrics();
  }

  /** Each alarm that was listed was told once. */
  finish(told: readonly { readonly alarm: string; readonly priority: string }[]): void {
    if (this.#isDoubtful) return;
    for (const [alarm, listings] of Map.groupBy(this.#listings, ({ alarm }) => alarm)) {
      const doubtful = listings.filter(({ at }) =>
        this.#killedAt.some((kill) =>
          kill >= at && kill - at < UNWRITTEN_MS_MAX
        )
      ).length;
      const times = told.filter((one) => `${one.priority} ${one.alarm}` === alarm).length;
      if (times > listings.length || times < listings.length - doubtful) {
        throw new Error(`${alarm} was listed ${listings.length} times, and told ${times} times`);
      }
    }
  }

  /** All clients go. The host learns of it when it next sends: a client may have ended its side alone. */
  leave(): void {
    this.#forgetReaders();
    if (!this.#arduino.tty.isPlugged) this.#arduino.tty.plug("ttyACM0");
    this.#arduino.isTalking = true;
  }

  readonly #steps: readonly ((random: Random) => void | Promise<void>)[] = [
    (random) => this.#join(random),
    (random) => this.#join(random),
    (random) => this.#part(random),
    (random) => this.#one(random)?.beDeaf(true),
    (random) => this.#one(random)?.beDeaf(false),
    (random) => this.#babble(random),
    (random) => this.#raise(random),
    (random) => this.#raise(random),
    (random) => this.#acknowledge(random),
    (random) => this.#acknowledge(random),
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
    (random) => this.#bother(random),
  ];

  #one(random: Random): BroadcastReader | undefined {
    const connected = this.#readers.filter(({ isConnected }) => isConnected);
    return connected.length === 0 ? undefined : random.pick(connected);
  }

  #join(random: Random): void {
    if (this.#readers.filter(({ isConnected }) => isConnected).length >= READERS_MAX) return;
    const index = random.whole(0, 1) as 0 | 1;
    const { network, time } = this.#world;
    const dialect = this.#dialects[index];
    const port = BROADCAST_PORTS[index] ?? 0;
    const welcome = this.#packet(`DATA ${this.#value}`, false);
    if (dialect === "seed") this.#tally.hasSeedReaders = true;
    else if (welcome !== undefined) this.#tally.owed++;
    const place = { port, dialect, windowBytes: random.pick(WINDOWS) };
    const isDue = () => this.#failsNow();
    this.#readers.push(new BroadcastReader(network, time, place, { welcome, isDue }));
  }

  /** A client leaves. */
  #part(random: Random): void {
    const reader = this.#one(random);
    if (reader === undefined) return;
    if (reader.owed.length > 0) this.#tally.isExact = false;
    if (random.chance(0.5)) return reader.reset();
    // The host learns of it when it next sends: a client may have ended its side alone.
    reader.close();
    this.#tally.closed++;
    this.#tally.isExact = false;
  }

  /** A client sends something, or far too much. */
  async #babble(random: Random): Promise<void> {
    const reader = this.#one(random);
    if (reader === undefined) return;
    if (random.chance(0.7)) return await reader.murmur();
    reader.flood();
    this.#tally.isExact = false;
  }

  #raise(random: Random): void {
    const [code, , priority] = random.pick(ALARMS);
    this.#arduino.sendAlarm(code, random.chance(0.7) ? priority : random.whole(1, 3));
    if (random.chance(0.3)) this.#arduino.sendValues();
  }

  async #acknowledge(random: Random): Promise<void> {
    // What the host has listed, to know whether it is there when it is acknowledged.
    await this.#checkAlarms();
    const alarm = random.pick([...this.#listed.keys(), "PRIORITY_HIGH OCCLUSION"]);
    const [priority = "", name = ""] = alarm.split(" ");
    const how = random.pick(["seed", "nul", "api"] as const);
    const gone = [...this.#listed.keys()].filter((other) =>
      how === "nul" ? other === alarm : other.endsWith(` ${name}`)
    );
    // The clients learn of it before the operator does.
    for (const one of gone) {
      this.#listed.delete(one);
      this.#acknowledgedAt.set(one, this.#world.time.now);
    }
    if (gone.length > 0) this.#owe(`DATA ${this.#value}`, true);
    let isDone: boolean;
    if (how === "api") {
      const target = `/api/v1/hev/alarms/${name}/acknowledge`;
      isDone = (await this.#world.ask(target, { method: "POST", body: {} })).status === 200;
    } else {
      isDone = await this.#ask(
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
    const reply = await this.#ask(JSON.stringify(request) + end);
    const { isPlugged } = this.#arduino.tty;
    const isThere = isPlugged && now - this.#pluggedAt > REPLUGGED_MS_MAX;
    if (isThere && reply !== "ack") {
      throw new Error(`A command for a controller that is there got ${reply}`);
    }
    if (!isPlugged && reply !== "nack") {
      throw new Error(`A command for a controller that is not there got ${reply}`);
    }
    if (reply !== "ack") return;
    this.#tally.commands++;
    this.#sent.push({ code, param, at: now });
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
    this.#forgetCommands();
  }

  #plug(random: Random): void {
    if (this.#arduino.tty.isPlugged) return;
    // If the host finds it by what it is, it may have another name.
    this.#arduino.tty.plug(this.#isFound ? random.pick(["ttyACM0", "ttyACM1"]) : "ttyACM0");
    this.#pluggedAt = this.#world.time.now;
    this.#arduino.isTalking = true;
  }

  /** Somebody asks for what there is not. */
  async #bother(random: Random): Promise<void> {
    const request = random.pick([
      '{"type":"cmd","cmdtype":"__proto__","cmd":"START","param":0}',
      '{"type":"CMD"}\0',
      "[]",
      "\0",
      `{"type":"${"x".repeat(5_000)}`,
    ]);
    const reply = await this.#ask(request);
    if (reply !== "nack") throw new Error(`${request.slice(0, 60)} got ${reply}`);
  }

  async #ask(request: string): Promise<string> {
    const { network } = this.#world;
    const { body } = await insist(
      this.#world,
      request.slice(0, 60),
      () => say(network, PORTS.hevQuery, request),
    );
    if (body.endsWith("\0") !== request.endsWith("\0")) {
      throw new Error(`${request.slice(0, 60)} got the reply of the other dialect: ${body}`);
    }
    const { type } = JSON.parse(body.replace(/\0$/, ""));
    if (type === "ack") this.#tally.acks++;
    else this.#tally.nacks++;
    return type;
  }

  #told(told: Told): void {
    this.#link.hear();
    this.#countedAt = this.#world.time.now;
    this.#isFailureTold = false;
    this.#tally.values++;
    this.#tally.noiseLeast = this.#tally.noiseMost;
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
    const { now } = this.#world.time;
    this.#tally.raised++;
    const listed = this.#listed.get(alarm);
    if (listed === undefined) {
      this.#listed.set(alarm, { count: 1, listedAt: now });
      this.#listings.push({ at: now, alarm });
    } else listed.count++;
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
    return { about, alarms: [...this.#listed.keys()], mustArrive };
  }

  #owe(about: string, mustArrive: boolean): void {
    this.#changedAt = this.#world.time.now;
    const packet = this.#packet(about, mustArrive);
    if (packet === undefined) return;
    for (const reader of this.#readers) {
      if (!reader.isConnected || reader.isCutOff) continue;
      if (reader.dialect === "nul") this.#tally.owed++;
      reader.owe(reader.dialect === "nul" ? packet : { ...packet, about: `DATA ${this.#value}` });
    }
  }

  #forgetReaders(): void {
    for (const reader of this.#readers.splice(0)) if (reader.isConnected) reader.close();
  }

  #forgetCommands(): void {
    this.#sent = [];
    this.#arduino.commands.length = 0;
  }

  #checkReaders(): void {
    const { now } = this.#world.time;
    const { complaint } = this.#arduino;
    if (complaint !== undefined) throw new Error(complaint);
    for (const reader of this.#readers) {
      if (reader.complaint !== undefined) throw new Error(reader.complaint);
      const { isConnected, isQuick, floodedAt } = reader;
      if (isConnected && now - floodedAt > FLOOD_MS_MAX) {
        throw new Error("A client that floods is still connected");
      }
      if (reader.isEndedByHost && isQuick && floodedAt === Infinity) {
        throw new Error("A client that reads was disconnected");
      }
      const { owed } = reader;
      if (isConnected && isQuick && owed.length > 0 && now - this.#changedAt > GAP_MS) {
        throw new Error(`A client waits for ${owed[0]?.about} and ${owed.length - 1} more`);
      }
      if (isConnected && !isQuick && reader.dialect === "seed") this.#tally.isExact = false;
    }
    for (let at = this.#readers.length - 1; at >= 0; at--) {
      const reader = this.#readers[at];
      if (reader === undefined || reader.isConnected) continue;
      if (reader.owed.length > 0) this.#tally.isExact = false;
      this.#tally.skipped += reader.skipped;
      this.#tally.received += reader.received;
      this.#readers.splice(at, 1);
    }
  }

  async #checkAlarms(): Promise<void> {
    const { body } = await this.#world.ask("/api/v1/hev/alarms");
    const shown: readonly { name: string; priority: string; count: number }[] = JSON.parse(
      body,
    ).alarms;
    const names = shown.map(({ name, priority }) => `${priority} ${name}`);
    const failure = shown[names.indexOf(FAILURE)];
    const known = this.#listed.get(FAILURE);
    const hasRaised = failure !== undefined && failure.count > (known?.count ?? 0);
    if (!this.#isFailureTold && this.#link.loss === "certain") this.#fail();
    else if (!this.#isFailureTold && this.#link.loss === "maybe" && hasRaised) this.#fail();
    if (this.#isDoubtful || this.#doubtful.size > 0) {
      const rest = (list: readonly string[]) => list.filter((one) => !this.#doubtful.has(one));
      const [got, must] = [rest(names), rest([...this.#listed.keys()])];
      if (!this.#isDoubtful && got.join() !== must.join()) {
        throw new Error(`The alarms are [${got}], must be [${must}]`);
      }
      this.#doubtful.clear();
      this.#listed = new Map(
        names.map((name, at) => {
          const listedAt = this.#listed.get(name)?.listedAt ?? this.#world.time.now;
          return [name, { count: shown[at]?.count ?? 0, listedAt }];
        }),
      );
      return;
    }
    const got = shown.map(({ name, priority, count }) => `${priority} ${name} ${count}`);
    const must = [...this.#listed].map(([alarm, { count }]) => `${alarm} ${count}`);
    if (got.join() !== must.join()) throw new Error(`The alarms are [${got}], must be [${must}]`);
  }

  /** Commands arrive in order, once. */
  #checkCommands(): void {
    if (this.#world.ordeal.fired !== undefined) return;
    const { commands } = this.#arduino;
    for (const [index, { code, param, times }] of commands.entries()) {
      const sent = this.#sent[index];
      if (sent?.code !== code || sent.param !== param) {
        throw new Error(`The controller got ${code} ${param}, must be ${JSON.stringify(sent)}`);
      }
      if (times > TRIES) throw new Error(`A command was sent ${times} times`);
    }
    const late = this.#sent[commands.length];
    const waitedMs = this.#world.time.now - (late?.at ?? Infinity);
    if (waitedMs > TRIES_MS * this.#sent.length) {
      throw new Error(`A command has not arrived after ${waitedMs} ms`);
    }
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
    const figure = (name: string) =>
      Number(body.split("\n").find((line) => line.startsWith(`${name} `))?.split(" ").at(-1));
    const tally = this.#tally;
    const must = (name: string, least: number, most = least) => {
      const is = figure(name);
      if (!(is >= least && is <= most)) {
        throw new Error(`${name} is ${is}, must be ${least === most ? least : `${least}-${most}`}`);
      }
    };
    if (this.#isDoubtful || this.#world.ordeal.fired !== undefined) return;
    must("hev_values_total", tally.values);
    must("hev_payloads_total", tally.values);
    must("hev_alarms_raised_total", tally.raised);
    must("hev_alarms_listed", this.#listed.size);
    must("hev_serial_noise_bytes_total", tally.noiseLeast, tally.noiseMost);
    must("hev_serial_unusable_payloads_total", 0);
    const { isPlugged } = this.#arduino.tty;
    const states = this.#link.allowed();
    if (!isPlugged || states.size === 1 && states.has("lost")) must("hev_link_up", 0);
    if (this.#isStrange) return;
    must('hev_requests_total{answer="ack"}', tally.acks);
    must('hev_requests_total{answer="nack"}', tally.nacks);
    const clients = this.#readers.filter(({ isConnected }) => isConnected);
    const there = clients.filter(({ isCutOff }) => !isCutOff).length;
    must("hev_clients", there, there + tally.closed);
    if (there < clients.length) tally.isExact = false;
    if (!tally.isExact || this.#world.time.now - this.#changedAt < GAP_MS) return;
    const sum = (key: "received" | "skipped", dialect?: Dialect) =>
      this.#readers.filter((reader) => dialect === undefined || reader.dialect === dialect)
        .reduce((total, reader) => total + reader[key], 0);
    if (!tally.hasSeedReaders) {
      must("hev_packets_sent_total", tally.owed);
      const waiting = this.#readers.reduce((total, { owed }) => total + owed.length, 0);
      const skipped = tally.skipped + sum("skipped");
      must("hev_packets_dropped_total", skipped, skipped + waiting);
      const ended = tally.received + sum("received");
      if (ended + skipped + waiting !== tally.owed) {
        throw new Error(
          `${tally.owed} packets: ${ended} received, ${skipped} dropped, ${waiting} wait`,
        );
      }
    } else {must(
        "hev_packets_sent_total",
        tally.received + sum("received"),
        tally.owed + Infinity,
      );}
  }
}
