/**
 * How often each topic is subscribed to.
 *
 * @module
 */

/** Counted subscriptions, as in ZeroMQ: two subscriptions to a topic need two cancellations. */
export class TopicCounts {
  readonly #topics = new Map<string, { readonly topic: Uint8Array; count: number }>();

  /** Adds a subscription. The topic's bytes are copied. Returns whether it is the first to its topic. */
  add(topic: Uint8Array): boolean {
    const key = topicKey(topic);
    const counted = this.#topics.get(key);
    if (counted !== undefined) counted.count++;
    else this.#topics.set(key, { topic: topic.slice(), count: 1 });
    return counted === undefined;
  }

  /** Takes a subscription away. Returns whether it was the last to its topic. */
  remove(topic: Uint8Array): boolean {
    const key = topicKey(topic);
    const counted = this.#topics.get(key);
    if (counted === undefined || --counted.count > 0) return false;
    return this.#topics.delete(key);
  }

  /** Whether somebody subscribed to exactly this topic. */
  has(topic: Uint8Array): boolean {
    return this.#topics.has(topicKey(topic));
  }

  /** All topics that somebody subscribed to, each once. */
  all(): Uint8Array[] {
    return [...this.#topics.values()].map(({ topic }) => topic);
  }
}

/** The bytes of a topic as a key, one character for each. */
export function topicKey(topic: Uint8Array): string {
  let key = "";
  for (const byte of topic) key += String.fromCharCode(byte);
  return key;
}
