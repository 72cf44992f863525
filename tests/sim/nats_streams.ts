/**
 * The streams of simulated brokers: the part of JetStream that a fleet needs.
 *
 * @see https://docs.nats.io/reference/reference-protocols/nats_api_reference
 * @module
 */

import { headersOf, matches, type Message } from "./nats_protocol.ts";

/** A stream, as an operator makes it. */
export interface StreamConfig {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly storage: "memory" | "file";
  readonly max_msgs_per_subject: number;
  readonly [option: string]: unknown;
}

/** A message that a stream keeps. */
export interface Stored {
  readonly number: number;
  readonly subject: string;
  readonly payload: Uint8Array;
}

/** An answer to a client. */
export interface Answer {
  /** That of the message itself if a consumer delivers it; otherwise the one that was asked for. */
  readonly subject?: string;
  readonly reply?: string;
  readonly headers?: Uint8Array;
  readonly payload: Uint8Array;
  /** What of a stream is in it. */
  readonly stored?: Stored;
}

interface Stream {
  readonly config: StreamConfig;
  messages: Stored[];
  last: number;
}

interface Consumer {
  readonly config: Readonly<Record<string, unknown>>;
  readonly waiting: Stored[];
  delivered: number;
}

const NO_STREAM = { code: 404, err_code: 10_059, description: "stream not found" };
const NO_CONSUMER = { code: 404, err_code: 10_014, description: "consumer not found" };
/** What the API calls a moment: none of the product's decisions may depend on it. */
const CREATED = "2026-05-12T06:00:00Z";
const CREATED_NS = "1778565600000000000";

/** All streams of a cluster. */
export class Streams {
  readonly #streams = new Map<string, Stream>();
  readonly #consumers = new Map<string, Consumer>();

  /** Makes a stream; no effect if it is there. */
  make(config: StreamConfig): void {
    if (!this.#streams.has(config.name)) {
      this.#streams.set(config.name, { config, messages: [], last: 0 });
    }
  }

  /** Removes a stream and all that it keeps. */
  remove(name: string): void {
    this.#streams.delete(name);
  }

  /** What is only in memory is gone, as when all brokers ended. */
  forgetMemory(): void {
    this.#consumers.clear();
    for (const stream of this.#streams.values()) {
      if (stream.config.storage !== "memory") continue;
      stream.messages = [];
      stream.last = 0;
    }
  }

  /** The newest message of a subject. */
  newest(subject: string): Stored | undefined {
    return this.#of(subject)?.messages.findLast((message) => message.subject === subject);
  }

  /** Messages in all streams. */
  get size(): number {
    return [...this.#streams.values()].reduce((sum, { messages }) => sum + messages.length, 0);
  }

  /** Keeps a message, if a stream wants it. @return The answer to its sender. */
  keep({ subject, payload }: Message): Answer | undefined {
    const stream = this.#of(subject);
    if (stream === undefined) return undefined;
    stream.messages.push({ number: ++stream.last, subject, payload });
    const same = stream.messages.filter((message) => message.subject === subject);
    if (same.length > stream.config.max_msgs_per_subject) {
      stream.messages = stream.messages.filter((message) => message !== same[0]);
    }
    return json({ stream: stream.config.name, seq: stream.last });
  }

  /**
   * Answers a question to the API.
   *
   * @return Undefined if nobody listens to such questions.
   * @throws {Error} if it is one that this simulation does not know.
   */
  answer({ subject, payload }: Message): readonly Answer[] | undefined {
    const [, , kind = "", verb = "", ...rest] = subject.split(".");
    const question = payload.length === 0 ? {} : JSON.parse(new TextDecoder().decode(payload));
    if (kind === "DIRECT") return this.#direct(rest, question);
    const [name = "", consumer = ""] = rest[0] === "NEXT" ? rest.slice(1) : rest;
    const stream = this.#streams.get(name);
    const place = `${name} ${consumer}`;
    if (stream === undefined) return [json({ error: NO_STREAM })];
    switch (`${kind}.${verb}`) {
      case "STREAM.INFO":
        return [json(describe(stream))];
      case "CONSUMER.CREATE":
        return [this.#create(stream, place, question.config)];
      case "CONSUMER.INFO":
        return [this.#describe(stream, place)];
      case "CONSUMER.DELETE": {
        const isThere = this.#consumers.delete(place);
        return [json(isThere ? { success: true } : { error: NO_CONSUMER })];
      }
      case "CONSUMER.MSG":
        return this.#next(name, consumer, question);
      default:
        throw new Error(`Nobody has simulated ${subject}`);
    }
  }

  #of(subject: string): Stream | undefined {
    for (const stream of this.#streams.values()) {
      if (stream.config.subjects.some((pattern) => matches(pattern, subject))) return stream;
    }
    return undefined;
  }

  #direct(
    [name = "", ...words]: readonly string[],
    question: { seq?: number; next_by_subj?: string },
  ): readonly Answer[] | undefined {
    const stream = this.#streams.get(name);
    // A broker listens to such questions only for streams that it has.
    if (stream === undefined) return undefined;
    const wanted = words.join(".");
    const { seq = 0, next_by_subj: pattern = ">" } = question;
    const stored = wanted === ""
      ? stream.messages.find(({ number, subject }) => number >= seq && matches(pattern, subject))
      : stream.messages.findLast(({ subject }) => subject === wanted);
    if (stored === undefined) {
      return [{ headers: headersOf({}, "404 Message Not Found"), payload: new Uint8Array() }];
    }
    const headers = headersOf({
      "Nats-Stream": name,
      "Nats-Subject": stored.subject,
      "Nats-Sequence": String(stored.number),
      "Nats-Time-Stamp": CREATED,
    });
    return [{ headers, payload: stored.payload, stored }];
  }

  #create(stream: Stream, place: string, config: Record<string, unknown>): Answer {
    const { deliver_policy: policy, opt_start_seq: start = 1 } = config;
    const waiting = policy === "last_per_subject"
      ? stream.messages.filter(({ number, subject }) =>
        !stream.messages.some((other) => other.subject === subject && other.number > number)
      )
      : stream.messages.filter(({ number }) => number >= Number(start));
    this.#consumers.set(place, { config, waiting, delivered: 0 });
    return this.#describe(stream, place);
  }

  #describe({ config: { name } }: Stream, place: string): Answer {
    const consumer = this.#consumers.get(place);
    if (consumer === undefined) return json({ error: NO_CONSUMER });
    const { config, waiting, delivered } = consumer;
    return json({
      type: "io.nats.jetstream.api.v1.consumer_info_response",
      stream_name: name,
      name: config["name"],
      created: CREATED,
      config,
      delivered: { consumer_seq: delivered, stream_seq: 0 },
      ack_floor: { consumer_seq: 0, stream_seq: 0 },
      num_ack_pending: 0,
      num_redelivered: 0,
      num_waiting: 0,
      num_pending: waiting.length,
    });
  }

  #next(name: string, place: string, { batch = 1 }: { batch?: number }): Answer[] {
    const consumer = this.#consumers.get(`${name} ${place}`);
    if (consumer === undefined) {
      return [{ headers: headersOf({}, "409 Consumer Deleted"), payload: new Uint8Array() }];
    }
    const { waiting } = consumer;
    const taken = waiting.splice(0, batch);
    const answers = taken.map((stored, index): Answer => {
      const { number, subject, payload } = stored;
      const left = waiting.length + taken.length - index - 1;
      const words = ["$JS.ACK", name, place, 1, number, ++consumer.delivered, CREATED_NS, left];
      return { subject, reply: words.join("."), payload, stored };
    });
    if (taken.length >= batch) return answers;
    const fields = {
      "Nats-Pending-Messages": String(batch - taken.length),
      "Nats-Pending-Bytes": "0",
    };
    const headers = headersOf(fields, "408 Request Timeout");
    return [...answers, { headers, payload: new Uint8Array() }];
  }
}

function describe({ config, messages, last }: Stream): unknown {
  return {
    type: "io.nats.jetstream.api.v1.stream_info_response",
    config,
    created: CREATED,
    state: {
      messages: messages.length,
      bytes: messages.reduce((sum, { payload }) => sum + payload.length, 0),
      first_seq: messages[0]?.number ?? last + 1,
      last_seq: last,
      consumer_count: 0,
    },
  };
}

function json(content: unknown): Answer {
  return { payload: new TextEncoder().encode(JSON.stringify(content)) };
}
