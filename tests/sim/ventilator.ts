/**
 * What a host with a ventilator owes its clients and operators, wherever the values come from.
 *
 * @module
 */

import { AlarmExpectation, type ShownAlarm } from "./alarm_expectation.ts";
import { FAILURE } from "./alarm_names.ts";
import { BROADCAST_PORTS, BroadcastCrowd } from "./broadcast_crowd.ts";
import type { Dialect, Packet, Unforeseen } from "./broadcast_reader.ts";
import type { HostPause } from "./expectation.ts";
import { LinkExpectation } from "./link_expectation.ts";
import { MetricsText } from "./metrics_text.ts";
import type { Shown } from "./part.ts";
import { QueryClient } from "./query_client.ts";
import type { Random } from "./random.ts";
import { type Flags, PORTS, type World } from "./world.ts";

/** How a ventilator is connected. */
export interface VentilatorOptions {
  /** How the identity of its member begins. */
  readonly member: string;
  /** The silence after which it counts as failed, in milliseconds. */
  readonly silenceMs: number;
  /** Whether the whole host is in maintenance. */
  readonly hostPause: () => HostPause;
  /** Told of a packet that nobody foresaw: whether it is owed now. */
  readonly isDue?: Unforeseen;
}

/** The clients and operators of the HEV role, and what they must see. */
export class Ventilator {
  readonly crowd: BroadcastCrowd;
  readonly queries: QueryClient;
  readonly #world: World;
  readonly #options: VentilatorOptions;
  readonly #link: LinkExpectation;
  readonly #alarms = new AlarmExpectation();
  /** The value that was told last in this run of the host. */
  #value: number | undefined;
  /** Until when time is counted, in milliseconds. */
  #countedAt: number;
  /** The silence since the source was last heard has raised its alarm. */
  #isFailureTold = false;
  /** How often it has failed unless it was heard just in time. */
  #mayHaveFailed = 0;
  /** How often an alarm was raised in this run of the host. */
  #raised = 0;
  /** Somebody else has used the ports, or an operation of the machine has failed. */
  #isStrange = false;

  /** @param settings The host's, with `hev`. */
  constructor(world: World, settings: Flags, options: VentilatorOptions) {
    this.#world = world;
    this.#options = options;
    this.#link = new LinkExpectation(options.silenceMs);
    const dialect = (key: string): Dialect => settings[key] === "nul" ? "nul" : "seed";
    this.crowd = new BroadcastCrowd(world, [dialect("hevWebDialect"), dialect("hevNativeDialect")]);
    this.queries = new QueryClient(world);
    this.#countedAt = world.time.now;
  }

  /** Whether nobody can tell of any alarm. */
  get isDoubtful(): boolean {
    return this.#alarms.isDoubtful;
  }

  /** When the silence of the source counts for certain, in milliseconds; `Infinity` if it is told. */
  get failsAt(): number {
    return this.#isFailureTold ? Infinity : this.#countedAt + this.#link.lossLeftMs;
  }

  /** The source told a value. */
  tellValue(value: number, agoMs = 0): void {
    this.#heard(agoMs);
    this.#value = value;
    this.#owe(`DATA ${value}`, false);
  }

  /** The source told an alarm, `PRIORITY NAME`. */
  tellAlarm(alarm: string, agoMs = 0): void {
    this.#heard(agoMs);
    this.#list(alarm);
  }

  /** The source told something that only clients of the newer dialect get; of a type, or nobody does. */
  tellOther(type: string | undefined, agoMs = 0): void {
    this.#heard(agoMs);
    const packet = type === undefined ? undefined : this.#packet(type, false);
    this.crowd.owe(packet, undefined);
  }

  listen(ms: number): void {
    const { now } = this.#world.time;
    // What was told meanwhile has begun another silence.
    this.#link.listen(Math.min(ms, now - this.#countedAt), this.#options.hostPause());
    this.#countedAt = now;
  }

  stand(ms: number): void {
    this.#link.stand(ms, this.#options.hostPause());
    this.#countedAt = this.#world.time.now;
  }

  hostResumed(): void {
    this.#link.excuse();
  }

  killed(): void {
    this.#alarms.kill(this.#world.time.now);
  }

  /** Nobody can tell of any alarm from now on. */
  doubtAlarms(): void {
    this.#alarms.doubt();
  }

  restarted(): void {
    this.#link.restart();
    this.crowd.restart();
    this.#alarms.restart();
    this.queries.restart();
    this.#value = undefined;
    this.#isFailureTold = false;
    this.#mayHaveFailed = 0;
    this.#raised = 0;
    this.#isStrange = false;
    this.#countedAt = this.#world.time.now;
  }

  /** An operation of the machine has failed. */
  forgive(): void {
    this.crowd.forget();
    this.#isStrange = true;
    this.#link.doubt();
  }

  strangerAt(port: number): void {
    this.#isStrange ||= BROADCAST_PORTS.includes(port) || port === PORTS.hevQuery;
  }

  /** A client connects. */
  join(random: Random): void {
    this.crowd.join(random, {
      welcome: this.#packet(`DATA ${this.#value}`, false),
      isDue: (about, alarms) => this.#options.isDue?.(about, alarms) === true || this.failsNow(),
    });
  }

  /** Somebody acknowledges one of the listed alarms, or one that is not listed. */
  async acknowledge(random: Random): Promise<void> {
    // What the host has listed, to know whether it is there when it is acknowledged.
    await this.checkAlarms();
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
      isDone = await this.queries.ask(
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

  /** A packet came that nobody foresaw: perhaps the host says itself that the source has failed. */
  failsNow(): boolean {
    const { now } = this.#world.time;
    if (this.#isFailureTold || !this.#link.mayBeLostAfter(now - this.#countedAt)) return false;
    this.#fail();
    return true;
  }

  async checkAlarms(): Promise<void> {
    const { body } = await this.#world.ask("/api/v1/hev/alarms");
    const shown: readonly ShownAlarm[] = JSON.parse(body).alarms;
    const failure = shown.find(({ name, priority }) => `${priority} ${name}` === FAILURE);
    const hasRaised = () => failure !== undefined && failure.count > this.#alarms.countOf(FAILURE);
    for (; this.#mayHaveFailed > 0; this.#mayHaveFailed--) if (hasRaised()) this.#list(FAILURE);
    if (!this.#isFailureTold && this.#link.loss === "certain") this.#fail();
    else if (!this.#isFailureTold && this.#link.loss === "maybe" && hasRaised()) this.#fail();
    this.#alarms.check(shown, this.#world.time.now);
  }

  checkMember(members: Shown["members"], verdict: Shown["verdict"]): void {
    const member = members.find(({ id }) => id.startsWith(this.#options.member));
    if (member === undefined) throw new Error("The instrument is missing");
    const allowed = this.#link.allowed();
    if (!allowed.has(member.state)) {
      throw new Error(`The instrument is ${member.state}, must be ${[...allowed].join(" or ")}`);
    }
    const isLost = this.isLost && this.#options.hostPause() === "none";
    if (isLost && !verdict.members.some(({ id, state }) => id === member.id && state === "lost")) {
      throw new Error("The verdict does not name the instrument that has fallen silent");
    }
  }

  /** Whether the source has been silent for too long, for certain. */
  get isLost(): boolean {
    const allowed = this.#link.allowed();
    return allowed.size === 1 && allowed.has("lost");
  }

  /** The figures; `undefined` if they mean nothing any more. */
  async metrics(): Promise<MetricsText | undefined> {
    const { body } = await this.#world.ask("/metrics");
    if (this.isDoubtful || this.#world.ordeal.fired !== undefined) return undefined;
    return new MetricsText(body);
  }

  checkMetrics(metrics: MetricsText): void {
    metrics.must("hev_alarms_raised_total", this.#raised);
    metrics.must("hev_alarms_listed", this.#alarms.all.length);
    if (this.isLost) metrics.must("hev_link_up", 0);
    if (this.#isStrange) return;
    this.queries.checkMetrics(metrics);
    this.crowd.checkMetrics(metrics);
  }

  /** Each alarm that was listed was told once. */
  finish(told: readonly { readonly alarm: string; readonly priority: string }[]): void {
    this.#alarms.finish(told);
  }

  #heard(agoMs: number): void {
    const { now } = this.#world.time;
    const silentMs = now - this.#countedAt;
    const silence = { least: silentMs - agoMs, most: silentMs };
    const loss = this.#link.lossAfter(silence, this.#options.hostPause());
    if (!this.#isFailureTold && loss === "certain") this.#fail();
    else if (!this.#isFailureTold && loss === "maybe") this.#mayHaveFailed++;
    this.#link.hear(agoMs);
    this.#countedAt = now;
    this.#isFailureTold = false;
  }

  #list(alarm: string): void {
    this.#raised++;
    this.#alarms.list(alarm, this.#world.time.now);
    this.#owe(alarm, true);
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
    this.crowd.owe(this.#packet(about, mustArrive), `DATA ${this.#value}`);
  }
}
