/**
 * Reads and writes the log of what a fleet's consoles have told people.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import type { ToldRecord } from "../../core/told_log.ts";
import { type NatsLink, NoBrokerAnswers } from "../../net/nats/link.ts";
import { appendTo, lookAtStream, nextOf, readStream } from "../../net/nats/streams.ts";
import { isFleetViolation } from "../../wire/fleet/fields.ts";
import { fleetSubject, hostOfSubject, toldStream } from "../../wire/fleet/subjects.ts";
import { decodeTold } from "../../wire/fleet/told_record.ts";

/** The most records that are read one by one; more are read in one go. */
const STEPS_MAX = 20;

/** Options of {@linkcode ToldReader}. */
export interface ToldReaderOptions {
  readonly link: NatsLink;
  readonly fleet: string;
  /**
   * Whether this is the only console that notifies people, so that it need not agree with others.
   */
  readonly isAlone: () => boolean;
  /** Called with each record in the order of the log. */
  readonly onRecord: (host: string, record: ToldRecord, number: number) => void;
  /** Called when the log was replaced by another one, which is then read from its first record. */
  readonly onRestart: () => void;
}

/** Follows the log. */
export class ToldReader {
  readonly #options: ToldReaderOptions;
  readonly #stream: string;
  /** Number of the next record. */
  #next = 1;
  #isCurrent = false;
  /** This console's private log, used where the brokers keep none. */
  #ownNext: number | undefined;
  #problem: string | undefined;
  #reading: Promise<void> | undefined;
  #isAsked = false;

  constructor(options: ToldReaderOptions) {
    this.#options = options;
    this.#stream = toldStream(options.fleet);
  }

  /**
   * Whether the log can be written, and was read to its end by the last attempt since
   * {@linkcode ToldReader.reset}.
   */
  get isUsable(): boolean {
    return this.#isCurrent || this.#ownNext !== undefined;
  }

  /** Why the last access failed; undefined if it succeeded. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The connection is a new one, so the log may be another one too. */
  reset(): void {
    this.#isCurrent = false;
  }

  /** Reads to the end of the log. Never rejects; concurrent calls share one read. */
  read(): Promise<void> {
    this.#isAsked = true;
    return this.#reading ??= this.#readAll().finally(() => this.#reading = undefined);
  }

  /** Appends a record. Never rejects: if the write fails, the caller will write again. */
  async append(host: string, record: ToldRecord, bytes: Uint8Array): Promise<void> {
    const { link, fleet, onRecord } = this.#options;
    if (this.#ownNext !== undefined) {
      onRecord(host, record, this.#ownNext++);
      return;
    }
    try {
      await appendTo(link, fleetSubject(fleet, "told", host), bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #readAll(): Promise<void> {
    while (this.#isAsked) {
      this.#isAsked = false;
      if (!this.#options.link.isUp) return;
      try {
        if (!this.#isCurrent && !await this.#begin()) return;
        await this.#readOn();
        this.#isCurrent = true;
        this.#problem = undefined;
      } catch (error) {
        // It may have read a part: whoever decided by that could take an old outage for the present one.
        this.#isCurrent = false;
        this.#fail(error);
        return;
      }
    }
  }

  /** Finds the place in the log to read on from. @return Whether there is a log to read. */
  async #begin(): Promise<boolean> {
    const { link, onRestart } = this.#options;
    let log;
    try {
      log = await lookAtStream(link, this.#stream);
    } catch (error) {
      if (!(error instanceof NoBrokerAnswers)) throw error;
    }
    if (log === undefined) {
      this.#problem = `there is no stream ${this.#stream}; make it with pulsebox fleet init`;
      this.#beAlone();
      return false;
    }
    if (this.#ownNext !== undefined || log.lastNumber < this.#next - 1) {
      this.#ownNext = undefined;
      this.#next = 1;
      onRestart();
    }
    if (log.lastNumber - this.#next > STEPS_MAX) {
      await readStream(
        link,
        this.#stream,
        { from: this.#next },
        (subject, bytes, number) => this.#take(subject, bytes, number),
      );
    }
    return true;
  }

  /** Without a common log, the only console that notifies people keeps a log of its own. */
  #beAlone(): void {
    const { isAlone, onRestart } = this.#options;
    if (!isAlone()) this.#ownNext = undefined;
    else if (this.#ownNext === undefined) {
      this.#ownNext = 1;
      onRestart();
    }
  }

  async #readOn(): Promise<void> {
    const { link, fleet } = this.#options;
    for (;;) {
      const subject = fleetSubject(fleet, "told", "*");
      const found = await nextOf(link, this.#stream, subject, this.#next);
      if (found === undefined) return;
      this.#take(found.subject, found.bytes, found.number);
    }
  }

  #take(subject: string, bytes: Uint8Array, number: number): void {
    if (number < this.#next) return;
    this.#next = number + 1;
    const host = hostOfSubject(subject, "told");
    const record = decodeTold(bytes);
    // Skip a record that nobody can read.
    if (host === undefined || isFleetViolation(record)) return;
    this.#options.onRecord(host, record, number);
  }

  #fail(error: unknown): void {
    this.#problem = messageOf(error);
  }
}
