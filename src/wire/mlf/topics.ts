/**
 * The topics between game clients and their server (mlf.md section 4).
 *
 * @module
 */

import { parseClientId } from "./client_id.ts";

/** Topics that a client listens to; its identity follows. */
export const CLIENT_TOPICS = ["OnStateChange", "Calibrate", "OnCommand"] as const;
/**
 * What only the server may publish: topics that begin with one of these. One original build was seen
 * to listen to `CALIBRATE/1`. ZeroMQ compares topics byte by byte, so no client hears other spellings.
 */
export const SERVER_SPEECH: readonly string[] = [...CLIENT_TOPICS, "CALIBRATE/"];
/** Topics that the server listens to; the client's identity follows. */
export const SERVER_TOPICS = ["GetClientState", "SetClientState"] as const;

/** The name of a topic of either side. */
export type TopicName = typeof CLIENT_TOPICS[number] | typeof SERVER_TOPICS[number];

/**
 * What the operator tells a client besides its state (mlf.md section 5): `START` begins the game, `LOBBY`
 * ends it, `EMERGENCY` shows the emergency screen until the next `START` or `LOBBY` and changes no state.
 */
export type GameCommand = "LOBBY" | "START" | "EMERGENCY";

/** The topic of a client. */
export function topicOf(name: TopicName, clientId: string): string {
  return `${name}${clientId}`;
}

const DECODER = new TextDecoder();
const NUL = 0;
/** The longest identity or payload that has a meaning, in bytes. */
const TEXT_BYTES_MAX = 256;

/**
 * The text of a frame. Programs in C send the NUL that ends their strings along.
 *
 * @return `undefined` if it is longer than anything that has a meaning here.
 */
export function textOf(frame: Uint8Array): string | undefined {
  if (frame.length > TEXT_BYTES_MAX) return undefined;
  const end = frame.at(-1) === NUL ? frame.length - 1 : frame.length;
  return DECODER.decode(frame.subarray(0, end));
}

/** A message to the server. */
export interface TopicMessage {
  readonly clientId: string;
  readonly payload: string;
}

/**
 * Reads a message on a topic of the server: two frames, or all in one with a space or NUL between
 * topic and payload. The identity stands behind the name, or is the payload as in older clients.
 *
 * @return `undefined` if it names no client.
 */
export function readTopicMessage(
  name: TopicName,
  frames: readonly Uint8Array[],
): TopicMessage | undefined {
  const [first, second] = frames;
  const whole = first === undefined ? undefined : textOf(first);
  if (whole === undefined || !whole.startsWith(name)) return undefined;
  const [id = "", ...rest] = whole.slice(name.length).split(/[ \0]/);
  const payload = second === undefined ? rest.join(" ") : textOf(second) ?? "";
  if (id !== "") {
    const clientId = parseClientId(id);
    return clientId === undefined ? undefined : { clientId, payload };
  }
  const [asked = "", ...others] = payload.split(/[ \0]/);
  const clientId = parseClientId(asked);
  return clientId === undefined ? undefined : { clientId, payload: others.join(" ") };
}

/**
 * The client whose topic this is, exactly.
 *
 * @param names The topics that count.
 */
export function clientOfTopic(
  topic: Uint8Array,
  names: readonly TopicName[] = CLIENT_TOPICS,
): { readonly name: TopicName; readonly clientId: string } | undefined {
  const first = topic[0];
  // Cheap first: most publications are none of ours.
  const name = names.find((each) => each.charCodeAt(0) === first && startsWith(topic, each));
  if (name === undefined) return undefined;
  const clientId = parseClientId(textOf(topic.subarray(name.length)));
  return clientId === undefined ? undefined : { name, clientId };
}

/** Whether a publication is on a topic of one of these names, whatever follows the name. */
export function isOnTopic(topic: Uint8Array, names: readonly string[]): boolean {
  return names.some((name) => startsWith(topic, name));
}

/**
 * Whether a subscription means a topic that begins with it. One that is exactly the topic of another
 * client does not: ZeroMQ alone would tell client 1 what is for client 10 (mlf.md section 4.3).
 *
 * @param prefixBytes Length of the subscription: the first bytes of the topic.
 * @param isClient Whether an identity is one of the clients.
 */
export function admitsTopic(
  topic: Uint8Array,
  prefixBytes: number,
  isClient: (id: string) => boolean,
): boolean {
  if (prefixBytes === topic.length) return true;
  if (clientOfTopic(topic) === undefined) return true;
  const subscribed = clientOfTopic(topic.subarray(0, prefixBytes));
  return subscribed === undefined || !isClient(subscribed.clientId);
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  if (bytes.length < text.length) return false;
  for (let index = 0; index < text.length; index++) {
    if (bytes[index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
