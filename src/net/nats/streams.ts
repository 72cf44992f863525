/**
 * The streams of the brokers (JetStream).
 *
 * @see https://docs.nats.io/reference/reference-protocols/nats_api_reference
 * @module
 */

import {
  DeliverPolicy,
  DiscardPolicy,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";
import { isCount, isFields } from "../../wire/fleet/fields.ts";
import { NoJetStreamAnswer, readAnswer, refusalOf } from "./answers.ts";
import { isReadOut, type NatsLink } from "./link.ts";

/** The most messages of one read. */
const READ_MESSAGES_MAX = 100_000;
/** The timeout for the next message of a read, in milliseconds. */
const READ_WAIT_MS = 2_000;
/** The status of a reply that there is no such message, or no such stream. */
const STATUS_NOT_FOUND = 404;
/** The code of a reply that there is no such stream. */
const CODE_NO_STREAM = 10_059;

/** How a stream should be configured. */
export interface StreamPlan {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly storage: "memory" | "file";
  /** Number of brokers that keep a copy, 1 to 5. */
  readonly replicas: number;
  /** The most messages of a subject; a new message replaces the oldest. */
  readonly perSubjectMax: number;
  readonly bytesMax: number;
}

/** A stream as it exists on the brokers. */
export interface StreamState {
  readonly messages: number;
  /** Number of the newest message; 0 if the stream never had one. */
  readonly lastNumber: number;
  readonly bytes: number;
  readonly replicas: number;
  readonly storage: "memory" | "file";
  /** The differences from the plan, one clause each; empty if there are none. */
  readonly differences: readonly string[];
  /** Everything the broker reports about it. */
  readonly config: Readonly<Partial<StreamConfig>>;
}

/** Brokers have no leader for a stream: then they keep nothing in it, and still describe it. */
export class NoStreamLeader extends Error {
  override readonly name = "NoStreamLeader";

  constructor(stream: string) {
    super(`the brokers have no leader for stream ${stream}`);
  }
}

/**
 * Looks a stream up.
 *
 * @return Undefined if there is no stream of that name.
 * @throws {NoStreamLeader} if the brokers keep nothing in it.
 * @throws {Error} if the brokers do not answer, or refuse the request.
 */
export async function lookAtStream(
  link: NatsLink,
  name: string,
  plan?: StreamPlan,
): Promise<StreamState | undefined> {
  const { bytes } = await link.request(`$JS.API.STREAM.INFO.${name}`);
  try {
    return readState(bytes, name, plan);
  } catch (error) {
    if (!(error instanceof NoJetStreamAnswer)) throw error;
    throw new Error(`stream ${name}: ${error.message}`);
  }
}

/** @return Undefined if the answer says that there is no such stream. */
function readState(bytes: Uint8Array, name: string, plan?: StreamPlan): StreamState | undefined {
  const answer = readAnswer(bytes);
  const refusal = refusalOf(answer);
  if (refusal?.code === CODE_NO_STREAM) return undefined;
  if (refusal !== undefined) throw new Error(`stream ${name}: ${refusal.description}`);
  const { cluster, config, state } = answer;
  // Of a broker by itself, there is no cluster.
  if (isFields(cluster) && !cluster["leader"]) throw new NoStreamLeader(name);
  if (!isFields(config) || !isFields(state)) throw new NoJetStreamAnswer(bytes);
  const { num_replicas: replicas, storage } = config;
  const { messages, last_seq: lastNumber, bytes: size } = state;
  if (!isCount(replicas) || !isCount(messages) || !isCount(lastNumber) || !isCount(size)) {
    throw new NoJetStreamAnswer(bytes);
  }
  return {
    messages,
    lastNumber,
    bytes: size,
    replicas,
    storage: storage === StorageType.Memory ? "memory" : "file",
    differences: plan === undefined ? [] : differencesOf(config, configOf(plan)),
    config,
  };
}

/** The differences of a stream from a plan, one clause each; none if there is no plan. */
export function differencesFrom({ config }: StreamState, plan: StreamPlan | undefined): string[] {
  return plan === undefined ? [] : differencesOf(config, configOf(plan));
}

/**
 * Creates a stream as planned, or changes the existing one to match the plan.
 *
 * @throws {Error} if the brokers refuse, or do not answer.
 */
export async function makeStream(
  link: NatsLink,
  plan: StreamPlan,
): Promise<"made" | "changed" | "as planned"> {
  const there = await lookAtStream(link, plan.name, plan);
  if (there?.differences.length === 0) return "as planned";
  const { streams } = await jetstreamManager(link.connected(), { checkAPI: false });
  if (there === undefined) {
    await streams.add(configOf(plan));
    return "made";
  }
  // A stream cannot move between memory and disk. Delete it; hosts send its content again.
  if (there.storage !== plan.storage) {
    await streams.delete(plan.name);
    await streams.add(configOf(plan));
  } else {
    await streams.update(plan.name, configOf(plan));
  }
  return "changed";
}

/**
 * Reads the newest message of a subject.
 *
 * @return Its bytes; undefined if there is no message.
 * @throws {Error} if the brokers do not answer, or refuse the request.
 */
export async function newestOf(
  link: NatsLink,
  stream: string,
  subject: string,
): Promise<Uint8Array | undefined> {
  const { status, bytes, isReadOutTwice } = await link.request(
    `$JS.API.DIRECT.GET.${stream}.${subject}`,
  );
  if (status === STATUS_NOT_FOUND || isReadOutTwice) return undefined;
  if (status >= 400) throw new Error(`the brokers answered with status ${status}`);
  return bytes;
}

/** A message of a stream. */
export interface StreamMessage {
  readonly subject: string;
  readonly bytes: Uint8Array;
  /** Its place in the stream, from 1. */
  readonly number: number;
}

/**
 * Reads the first message of a stream at or after a place. A broker that lags behind may not have
 * it yet.
 *
 * @param subject The subject, which may contain wildcards.
 * @return Undefined if there is no message.
 * @throws {Error} if the brokers do not answer, or refuse the request.
 */
export async function nextOf(
  link: NatsLink,
  stream: string,
  subject: string,
  number: number,
): Promise<StreamMessage | undefined> {
  const question = new TextEncoder().encode(JSON.stringify({ seq: number, next_by_subj: subject }));
  const { status, bytes, header, isReadOutTwice } = await link.request(
    `$JS.API.DIRECT.GET.${stream}`,
    question,
  );
  if (status === STATUS_NOT_FOUND) return undefined;
  if (status >= 400) throw new Error(`the brokers answered with status ${status}`);
  const place = Number(header("Nats-Sequence"));
  if (!Number.isSafeInteger(place) || place < number) {
    throw new Error("the brokers answered without a place in the stream");
  }
  return {
    subject: header("Nats-Subject"),
    bytes: isReadOutTwice ? new Uint8Array() : bytes,
    number: place,
  };
}

/**
 * Publishes a message and waits until its stream has stored it.
 *
 * @throws {Error} if the brokers do not confirm that a majority of them has stored it.
 */
export async function appendTo(link: NatsLink, subject: string, bytes: Uint8Array): Promise<void> {
  const reply = await link.request(subject, bytes);
  const answer = readAnswer(reply.bytes);
  const refusal = refusalOf(answer);
  if (refusal !== undefined) throw new Error(refusal.description);
  // Anybody who may listen to the subject could answer; only a stream names a place.
  if (!isCount(answer["seq"])) throw new NoJetStreamAnswer(reply.bytes);
}

/**
 * Passes on the messages that a stream holds now, oldest first.
 *
 * @param part The newest message of each subject, or all from a place on.
 * @throws {Error} if the stream does not exist, or must not be read, or the brokers stop before its end.
 */
export async function readStream(
  link: NatsLink,
  stream: string,
  part: "newest" | { readonly from: number },
  listener: (subject: string, bytes: Uint8Array, number: number) => void,
): Promise<void> {
  // The ordered consumer exists only during this read and leaves nothing on the brokers.
  const consumer = await jetstream(link.connected()).consumers.get(stream, {
    ...(part === "newest"
      ? { deliver_policy: DeliverPolicy.LastPerSubject }
      : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: part.from }),
  });
  try {
    const { num_pending: pending } = await consumer.info();
    if (pending === 0) return;
    const wanted = Math.min(pending, READ_MESSAGES_MAX);
    let read = 0;
    const messages = await consumer.fetch({
      max_messages: wanted,
      expires: READ_WAIT_MS,
    });
    for await (const message of messages) {
      read++;
      const isForeign = isReadOut(message.headers);
      listener(message.subject, isForeign ? new Uint8Array() : message.data, message.seq);
      if (message.info.pending === 0) return;
    }
    // The client ends its reading then, and says nothing.
    if (read < wanted) throw new Error(`the brokers stopped before the end of stream ${stream}`);
  } finally {
    await consumer.delete();
  }
}

function configOf(plan: StreamPlan): Partial<StreamConfig> & { readonly name: string } {
  return {
    name: plan.name,
    subjects: [...plan.subjects],
    storage: plan.storage === "memory" ? StorageType.Memory : StorageType.File,
    num_replicas: plan.replicas,
    max_msgs_per_subject: plan.perSubjectMax,
    max_bytes: plan.bytesMax,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    allow_direct: true,
    allow_rollup_hdrs: false,
    deny_delete: true,
    deny_purge: true,
  };
}

function differencesOf(
  there: Partial<StreamConfig>,
  planned: Partial<StreamConfig>,
): string[] {
  const text = (value: unknown) => JSON.stringify(value);
  return Object.entries(planned)
    .filter(([key, value]) => text(there[key as keyof StreamConfig] ?? false) !== text(value))
    .map(([key, value]) =>
      `${key} is ${text(there[key as keyof StreamConfig])}, must be ${text(value)}`
    );
}
