/**
 * Broadcasts events to every page and program that listens.
 *
 * Events are gathered for a moment, encoded once, and sent to all listeners.
 *
 * @module
 */

import { addressBlock } from "../../core/address_block.ts";
import { SECOND_MS } from "../../core/clock.ts";
import type { PulseEvent, Subscription } from "../../core/events.ts";
import type { MemberRef, Protocol } from "../../core/member.ts";
import { entryOf, isKept } from "../../store/history_entry.ts";
import { viewEntry } from "../history_view.ts";
import { type Host, viewContext } from "../host.ts";
import { viewMember } from "../member_view.ts";
import { encodeEvent, EventStream, type StreamWishes } from "./event_stream.ts";
import { FleetFeed, type FleetNews } from "./fleet_feed.ts";
import { beatsSince } from "./fresh_beats.ts";
import { snapshotParts, summarize } from "./snapshot.ts";
import { StripFeed } from "./strip_feed.ts";
import { WaveFeed } from "./wave_feed.ts";
import { Timer } from "../../net/timer.ts";

/** Listeners to events in all. */
export const EVENT_STREAMS_MAX = 256;
/** Listeners from one address, or one /64 of IPv6; each 127.x.y.z counts by itself. */
export const EVENT_STREAMS_PER_ADDRESS_MAX = 128;
/** How long events are gathered before they are sent, in milliseconds. */
const GATHER_MS = 25;
/** The pause between writes to two listeners, in milliseconds. */
const TURN_MS = 1;
/** Members that are counted whenever something changes; more of them only every four seconds:
 * a page takes no verdict that is older than five. */
const MEMBERS_COUNTED_MAX = 20_000;
const COUNT_EVERY_MS: number = 4 * SECOND_MS;
/** How often listeners get a pulse with the members that were heard, in milliseconds. */
export const PULSE_MS: number = SECOND_MS;
/** The most events that may wait while they are gathered. */
const QUEUE_LENGTH = 10_000;
/** The most changed members that are sent one by one; if there are more, listeners start over. */
const CHANGES_MAX = 2_000;

/** Broadcasts events to all listeners. Costs nothing while there are none. */
export class LiveHub implements Disposable {
  readonly #host: Host;
  readonly #version: string;
  readonly #streams = new Map<EventStream, string>();
  #subscription: Subscription | undefined;
  #gathering: Timer | undefined;
  #pulse: Timer | undefined;
  #waves: WaveFeed | undefined;
  /** While a listener wants the fleet's hosts. */
  #fleet: FleetFeed | undefined;
  /** Runs while events are sent to listeners. */
  #turn: Timer | undefined;
  #countedAt = -Infinity;
  /** Events that came too fast to be gathered, as far as listeners started over for them. */
  #missed = 0;
  readonly #strips = new StripFeed();
  #pulsedAt = 0;
  #lastGames = "";
  #lastAlarms = "";
  #refused = 0;
  #dropped = 0;

  constructor(host: Host, version: string) {
    this.#host = host;
    this.#version = version;
  }

  /** Samples of the listeners' metrics. */
  metrics(): Readonly<Record<string, number>> {
    let dropped = this.#dropped;
    for (const stream of this.#streams.keys()) dropped += stream.dropped;
    return {
      pulsebox_event_streams: this.#streams.size,
      pulsebox_event_streams_refused_total: this.#refused,
      pulsebox_event_streams_dropped_total: dropped,
    };
  }

  /** Adds a listener; `undefined` if there are too many. */
  open(
    address: string,
    wishes: StreamWishes,
    holds: () => boolean,
  ): EventStream | undefined {
    const block = addressBlock(address);
    const atAddress = [...this.#streams.values()].filter((other) => other === block).length;
    if (
      this.#streams.size >= EVENT_STREAMS_MAX || atAddress >= EVENT_STREAMS_PER_ADDRESS_MAX
    ) {
      this.#refused++;
      return undefined;
    }
    const stream = new EventStream({
      wishes,
      holds,
      snapshot: () => this.#snapshotFor(wishes),
      onReady: () => this.#handOnSoon(),
      onEnd: (ended) => {
        this.#dropped += ended.dropped;
        this.#streams.delete(ended);
        if (this.#streams.size === 0) this.#stop();
        this.#followFleet();
      },
    });
    this.#streams.set(stream, block);
    if (this.#streams.size === 1) this.#start();
    this.#followFleet();
    return stream;
  }

  /** Removes listeners that have lost their right. */
  endWithoutRight(): void {
    for (const stream of [...this.#streams.keys()]) stream.endWithoutRight();
  }

  /** Sends everything again, because what has changed is no event of a member. */
  startOver(): void {
    for (const stream of this.#streams.keys()) stream.startOver();
    this.#handOnSoon();
  }

  /** Ends all listening. */
  [Symbol.dispose](): void {
    for (const stream of [...this.#streams.keys()]) stream.close();
  }

  #start(): void {
    this.#subscription = this.#host.events.subscribe({
      capacity: QUEUE_LENGTH,
      onWaiting: () => {
        this.#gathering ??= Timer.after(GATHER_MS, () => this.#tell());
      },
    });
    this.#missed = 0;
    this.#pulsedAt = this.#host.now();
    this.#pulse = Timer.every(PULSE_MS, () => this.#onPulse());
    const { hev } = this.#host.panels;
    if (hev !== undefined) this.#waves = new WaveFeed(hev, (batch) => this.#send("waves", batch));
  }

  #stop(): void {
    this.#subscription?.close();
    this.#subscription = undefined;
    this.#gathering?.stop();
    this.#gathering = undefined;
    this.#pulse?.stop();
    this.#turn?.stop();
    this.#turn = undefined;
    this.#waves?.[Symbol.dispose]();
    this.#waves = undefined;
  }

  *#snapshotFor({ fleet }: StreamWishes): Generator<Uint8Array<ArrayBuffer>> {
    yield* snapshotParts(this.#host, this.#version);
    if (fleet && this.#fleet !== undefined) yield encodeEvent("fleet", this.#fleet.all());
  }

  /** Follows the fleet while somebody wants to know of it. */
  #followFleet(): void {
    const { fleet } = this.#host.panels;
    if (fleet !== undefined && [...this.#streams.keys()].some(({ wishes }) => wishes.fleet)) {
      this.#fleet ??= new FleetFeed(this.#host, fleet, (news) => this.#tellFleet(news));
      return;
    }
    this.#fleet?.[Symbol.dispose]();
    this.#fleet = undefined;
  }

  #tellFleet(news: FleetNews): void {
    const event = encodeEvent("fleet", news);
    for (const stream of this.#streams.keys()) if (stream.wishes.fleet) stream.send(event);
    this.#handOnSoon();
  }

  #send(name: string, data: unknown): void {
    const event = encodeEvent(name, data);
    for (const stream of this.#streams.keys()) stream.send(event);
    this.#handOnSoon();
  }

  #handOnSoon(): void {
    this.#turn ??= Timer.after(0, () => this.#handOn(this.#ready()));
  }

  /** Writes to one listener in each turn, so that a heartbeat never waits for all of them. */
  #handOn(streams: EventStream[]): void {
    streams.pop()?.flush();
    this.#turn = undefined;
    const waiting = streams.length > 0 ? streams : this.#ready();
    if (waiting.length > 0) this.#turn = Timer.after(TURN_MS, () => this.#handOn(waiting));
  }

  #ready(): EventStream[] {
    return [...this.#streams.keys()].filter(({ isReady }) => isReady);
  }

  /** Sends the verdict; less often if that means counting very many members. */
  #sendHost(): void {
    const { members } = this.#host;
    const now = this.#host.now();
    if (members.size > MEMBERS_COUNTED_MAX && now - this.#countedAt < COUNT_EVERY_MS) return;
    this.#countedAt = now;
    this.#send("host", summarize(this.#host));
  }

  /** Sends the gathered events, then each changed member in its current state. */
  #tell(): void {
    this.#gathering = undefined;
    const changed = new Map<string, MemberRef>();
    const happened: PulseEvent[] = [];
    for (let event = this.#subscription?.take(); event; event = this.#subscription?.take()) {
      happened.push(event);
      const ref = "member" in event ? event.member : undefined;
      if (ref !== undefined) changed.set(`${ref.protocol}/${ref.id}`, ref);
      // Members of an earlier run may have been restored, without an event of their own; those of a
      // host that became deaf are unknown.
      if (event.type === "store-recovered") this.#addAll(changed);
      if (event.type === "deafness-began" || event.type === "deafness-ended") {
        this.#addAll(changed, event.protocol);
      }
    }
    const missed = this.#subscription?.dropped ?? 0;
    if (changed.size > CHANGES_MAX || missed > this.#missed) {
      this.#missed = missed;
      return this.startOver();
    }
    const offsetMs = this.#host.clock.wall() - this.#host.now();
    for (const event of happened.slice(-CHANGES_MAX)) {
      if (isKept(event)) this.#send("happened", viewEntry(entryOf(event, offsetMs)));
    }
    for (const ref of changed.values()) this.#tellMember(ref);
    if (happened.some(({ type }) => type === "client-state")) this.#tellGames();
    if (happened.some(({ type }) => type.startsWith("alarm-"))) this.#tellAlarms();
    // Any event may have changed the verdict, even if no member changed: an emergency or an alarm.
    if (happened.length > 0) {
      this.#sendHost();
      this.#fleet?.soon();
    }
  }

  /** At most one member more than can be sent one by one: then all listeners start over. */
  #addAll(changed: Map<string, MemberRef>, only?: Protocol): void {
    for (const roster of this.#host.members.rosters()) {
      if (only !== undefined && roster.rules.protocol !== only) continue;
      for (const member of roster.values()) {
        if (changed.size > CHANGES_MAX) return;
        const ref = roster.ref(member);
        changed.set(`${ref.protocol}/${ref.id}`, ref);
      }
    }
  }

  #tellMember(ref: MemberRef): void {
    const roster = this.#host.members.roster(ref.protocol);
    const member = roster?.get(ref.id);
    if (roster === undefined || member === undefined) {
      this.#send("forgotten", { id: `${ref.protocol}/${ref.id}` });
      return;
    }
    this.#send("member", viewMember(roster, member, viewContext(this.#host)));
  }

  #tellGames(): void {
    const games = this.#host.panels.game?.clients();
    if (games === undefined) return;
    const shown = JSON.stringify(games.map(({ silentMs: _, ...rest }) => rest));
    if (shown === this.#lastGames) return;
    this.#lastGames = shown;
    this.#send("games", games);
  }

  #tellAlarms(): void {
    const alarms = this.#host.panels.hev?.alarms();
    if (alarms === undefined) return;
    // Ignore the time, which changes only together with the count.
    const shown = JSON.stringify(alarms.map(({ raisedAt: _, ...rest }) => rest));
    if (shown === this.#lastAlarms) return;
    this.#lastAlarms = shown;
    this.#send("alarms", alarms);
  }

  /**
   * The pulse: a sign of life with new deadlines of the members that were heard since the last one.
   */
  #onPulse(): void {
    // A session may have ended without an event.
    this.endWithoutRight();
    const { panels } = this.#host;
    const since = this.#pulsedAt;
    this.#pulsedAt = this.#host.now();
    const at = new Date(this.#host.clock.wall()).toISOString();
    const trigger = panels.trigger === undefined ? {} : { trigger: panels.trigger.figures() };
    const bare = encodeEvent("pulse", { at, ...trigger });
    let full: Uint8Array<ArrayBuffer> | undefined;
    for (const stream of this.#streams.keys()) {
      if (!stream.wishes.beats) stream.send(bare);
      else {
        full ??= encodeEvent("pulse", { at, beats: beatsSince(this.#host, since), ...trigger });
        stream.send(full);
      }
    }
    this.#fleet?.tell();
    this.#tellGames();
    this.#tellAlarms();
    this.#sendHost();
    const strips = this.#strips.changes(this.#host);
    if (strips !== undefined) this.#send("strips", strips);
  }
}
