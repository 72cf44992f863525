/**
 * What a host reads of the brokers' memory, and why it cannot.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import type { NatsLink } from "../../net/nats/link.ts";
import { fleetSubject } from "../../wire/fleet/subjects.ts";
import { checkMemory, readDocument, readDocuments, readEpoch } from "./memory.ts";
import type { Viewer } from "./viewer.ts";

/** Reads the memory for one host. */
export class Recollection {
  readonly #link: NatsLink;
  readonly #fleet: string;
  readonly #viewer: Viewer | undefined;
  #problem: string | undefined;

  /** @param viewer Gets the documents; undefined where no picture is kept. */
  constructor(link: NatsLink, fleet: string, viewer: Viewer | undefined) {
    this.#link = link;
    this.#fleet = fleet;
    this.#viewer = viewer;
  }

  /** Why the last reading failed; undefined if it did not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The epoch of a host's newest document; 0 if there is none, or none can be read. */
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
    await this.#try(async () => {
      const difference = await checkMemory(this.#link, this.#fleet);
      await readDocuments(this.#link, this.#fleet, (...message) => viewer.document(...message));
      return difference;
    });
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

  /** @param read Returns what is wrong all the same. */
  async #try(read: () => Promise<string | undefined>): Promise<void> {
    try {
      this.#problem = await read();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#problem = messageOf(error);
  }
}
