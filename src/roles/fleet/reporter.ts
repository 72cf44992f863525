/**
 * Reports a host to its fleet: when its beats and documents are sent, and again if they are not kept.
 *
 * @module
 */

import type { BeatNumber } from "../../core/beat_number.ts";
import type { Events, Subscription } from "../../core/events.ts";
import { messageOf } from "../../core/message_of.ts";
import { inBackground } from "../../net/background.ts";
import type { NatsLink } from "../../net/nats/link.ts";
import { appendTo } from "../../net/nats/streams.ts";
import { Timer } from "../../net/timer.ts";
import { fleetSubject } from "../../wire/fleet/subjects.ts";
import { Keeping } from "./keeping.ts";
import { Teller, type TellerOptions } from "./teller.ts";

/** Options of {@linkcode Reporter}. */
export interface ReporterOptions extends TellerOptions {
  readonly link: NatsLink;
  readonly fleet: string;
  readonly host: string;
  readonly events: Events;
  /** Called before each beat, sent or not: it is to come back. */
  readonly onBeat: () => void;
  /** Called when the brokers, although connected, have not kept a document. */
  readonly onUnkept: () => Promise<void>;
}

/** Sends what a {@linkcode Teller} says. Without a link, it sends nothing. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #teller: Teller;
  readonly #keeping = new Keeping();
  readonly #changes: Subscription;
  #joining: Timer | undefined;
  #beats = 0;
  #documents = 0;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#teller = new Teller(options);
    this.#changes = options.events.subscribe({ onWaiting: () => this.#onChange() });
  }

  /** The last beat; undefined until {@linkcode Reporter.begin}. */
  get last(): BeatNumber | undefined {
    return this.#teller.last;
  }

  /** Number of beats that were sent. */
  get beats(): number {
    return this.#beats;
  }

  /** Number of documents that were sent. */
  get documents(): number {
    return this.#documents;
  }

  /** Why the brokers do not keep what this host reports, as far as they have answered. */
  get problem(): string | undefined {
    return this.#keeping.problem;
  }

  /** Starts reporting; see {@linkcode Teller.begin}. */
  begin(epoch: number): void {
    this.#teller.begin(epoch);
  }

  /** Starts over before another host that has gone; see {@linkcode Teller.outrank}. */
  outrank(rival: number | undefined): boolean {
    return this.#teller.outrank(rival);
  }

  /** Sends a document now, with all changes that wait for it. */
  tell(): void {
    const isNews = this.#joining !== undefined || this.#teller.hasNews;
    this.#joining?.stop();
    this.#joining = undefined;
    const { link, fleet, host } = this.#options;
    if (!link.isUp) return;
    const bytes = this.#teller.document();
    if (bytes === undefined) return;
    this.#documents++;
    inBackground(this.#keep(fleetSubject(fleet, "host", host), bytes, isNews));
  }

  /** Sends a beat, after a document if the last one is out of date. */
  beat(): void {
    if (this.#options.link.isUp && (this.#teller.hasNews || this.#teller.isStale)) this.tell();
    if (this.#send(this.#teller.beat())) this.#beats++;
  }

  /** Sends the last beat again; see {@linkcode Teller.probe}. */
  probe(): void {
    this.#send(this.#teller.probe());
  }

  /** Sends a document again that the brokers have not kept, once that is due. */
  retry(): void {
    const { link, now } = this.#options;
    if (link.isUp && this.#keeping.isDue(now())) this.tell();
  }

  /** Stops sending by itself. */
  stop(): void {
    this.#joining?.stop();
    this.#changes.close();
  }

  #onChange(): void {
    while (this.#changes.take() !== undefined) {
      // The document shows the state at the time of sending, so it does not matter which event
      // caused it.
    }
    this.#joining ??= Timer.after(this.#teller.joinMs(), () => this.tell());
  }

  async #keep(subject: string, bytes: Uint8Array, isNews: boolean): Promise<void> {
    const { link, now, onUnkept } = this.#options;
    const number = this.#keeping.report(isNews);
    try {
      await appendTo(link, subject, bytes);
      this.#keeping.kept(number);
    } catch (error) {
      // A connection that has ended says nothing about what brokers keep.
      const reason = link.isUp ? messageOf(error) : undefined;
      this.#keeping.failed(number, now(), reason);
      if (link.isUp) await onUnkept();
    }
  }

  #send(bytes: Uint8Array | undefined): boolean {
    const { link, fleet, host, onBeat } = this.#options;
    onBeat();
    return bytes !== undefined && link.publish(fleetSubject(fleet, "beat", host), bytes);
  }
}
