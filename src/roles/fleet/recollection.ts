/**
 * Reads what the brokers remember for a host, and knows why that fails.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import type { NatsLink } from "../../net/nats/link.ts";
import { NoStreamLeader } from "../../net/nats/streams.ts";
import { fleetSubject } from "../../wire/fleet/subjects.ts";
import { checkMemory, NO_LEADER_ADVICE, readDocument, readDocuments, readEpoch } from "./memory.ts";
import type { Viewer } from "./viewer.ts";

/** A broker whose disk is full goes on taking messages, and answers no question about its streams. */
const NO_ANSWER = "the brokers do not answer; look at their log, and whether a disk is full";

/** Reads the brokers' memory for one host. */
export class Recollection {
  readonly #link: NatsLink;
  readonly #fleet: string;
  readonly #viewer: Viewer | undefined;
  #problem: string | undefined;
  /** Whether the last read of all documents failed. */
  #isIncomplete = false;

  /**
   * @param viewer Receives the documents; undefined on a host that keeps no picture of the fleet.
   */
  constructor(link: NatsLink, fleet: string, viewer: Viewer | undefined) {
    this.#link = link;
    this.#fleet = fleet;
    this.#viewer = viewer;
  }

  /** Why the last read failed, or what is wrong with the stream; undefined if all is well. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The epoch of a host's newest document; 0 if there is no document, or it cannot be read. */
  async epochOf(host: string): Promise<number> {
    let epoch = 0;
    await this.#try(async () => {
      const difference = await checkMemory(this.#link, this.#fleet);
      epoch = await readEpoch(this.#link, this.#fleet, host);
      return difference;
    });
    return epoch;
  }

  /** Reads the documents of all hosts into the picture. */
  async recall(): Promise<void> {
    const viewer = this.#viewer;
    if (viewer === undefined) return;
    let isComplete = false;
    await this.#try(async () => {
      const difference = await checkMemory(this.#link, this.#fleet);
      await readDocuments(this.#link, this.#fleet, (...message) => viewer.document(...message));
      isComplete = true;
      return difference;
    });
    this.#isIncomplete = !isComplete;
  }

  /** Checks whether the brokers still keep what hosts report, for a console's warning. */
  async look(): Promise<void> {
    if (this.#viewer === undefined) return;
    await this.#try(() => checkMemory(this.#link, this.#fleet));
  }

  /** Reads what could not be read, or else looks whether all is well: if it was not, or if it is time to. */
  async refresh(isTime: boolean): Promise<void> {
    // The brokers may only have been electing a leader; the warning must not outlast that.
    if (this.#isIncomplete) await this.recall();
    else if (isTime || this.#problem !== undefined) await this.look();
  }

  /** Reads the document of one host into the picture. */
  async ask(host: string): Promise<void> {
    try {
      const bytes = await readDocument(this.#link, this.#fleet, host);
      const subject = fleetSubject(this.#fleet, "host", host);
      if (bytes !== undefined) this.#viewer?.document(subject, bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param read Resolves with a problem that did not prevent the read, if any. */
  async #try(read: () => Promise<string | undefined>): Promise<void> {
    try {
      this.#problem = await read();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const isSilent = error instanceof Error && error.name === "TimeoutError";
    const isLeaderless = error instanceof NoStreamLeader;
    this.#problem = isSilent
      ? NO_ANSWER
      : `${messageOf(error)}${isLeaderless ? `; ${NO_LEADER_ADVICE}` : ""}`;
  }
}
