/**
 * Counts the subscriptions to each topic.
 *
 * @module
 */

/** Counted subscriptions, as in ZeroMQ: two subscriptions to a topic need two cancellations. */
export class TopicCounts {
  readonly #topics = new Map<string, { readonly topic: Uint8Array; count: number }>();

  /** Adds a subscription, copying the topic. Returns whether it is the topic's first. */
  add(topic: Uint8Array): boolean {
    const key = topicKey(topic);
    const counted = this.#topics.get(key);
    if (counted !== undefined) counted.count++;
    else this.#topics.set(key, { topic: topic.slice(), count: 1 });
    return counted === undefined;
  }

  /** Removes a subscription. Returns whether it was the topic's last. */
  remove(topic: Uint8Array): boolean {
    const key = topicKey(topic);
    const counted = this.#topics.get(key);
    if (counted === undefined || --counted.count > 0) return false;
    return this.#topics.delete(key);
  }

  /** Whether exactly this topic has a subscription. */
  has(topic: Uint8Array): boolean {
    return this.#topics.has(topicKey(topic));
  }

  /** All topics with a subscription, each once. */
  all(): Uint8Array[] {
    return [...this.#topics.values()].map(({ topic }) => topic);
  }
}

/** A topic as a key: one character for each byte. */
export function topicKey(topic: Uint8Array): string {
  let key = "";
  for (const byte of topic) key += String.fromCharCode(byte);
  return key;
}
