/**
 * Subscribers by topic.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";
import { concatenate } from "../bytes/concatenate.ts";

/** A node: a piece that several topics share. */
interface Node<T> {
  /** The node's piece, which follows the labels of the nodes above; empty only at the root. */
  label: Uint8Array;
  /** Subscribers to exactly the topic that ends here. */
  subscribers: Set<T> | undefined;
  /** The nodes below, by the first byte of their labels. */
  children: Map<number, Node<T>> | undefined;
}

/** What a change meant for a topic. */
export type TopicChange =
  /** Nothing changed. */
  | "same"
  /** A topic with several subscribers has one more or one fewer. */
  | "changed"
  /** The topic got its first subscriber, or lost its last one. */
  | "turned";

/**
 * Subscriptions by topic, for finding all that are a prefix of a publication's topic.
 *
 * A radix tree: a search takes at most as many steps as the topic has bytes, however many
 * subscriptions there are, and each subscription costs at most two nodes, however long it is.
 */
export class SubscriptionTree<T> {
  readonly #root: Node<T> = {
    label: new Uint8Array(0),
    subscribers: undefined,
    children: undefined,
  };
  #topics = 0;

  /** Number of different topics. */
  get topics(): number {
    return this.#topics;
  }

  /** Adds a subscriber to a topic. The topic's bytes are copied. */
  add(topic: Uint8Array, subscriber: T): TopicChange {
    const node = this.#reach(topic);
    if (node.subscribers === undefined) {
      node.subscribers = new Set([subscriber]);
      this.#topics++;
      return "turned";
    }
    if (node.subscribers.has(subscriber)) return "same";
    node.subscribers.add(subscriber);
    return "changed";
  }

  /** Removes a subscriber from a topic. */
  remove(topic: Uint8Array, subscriber: T): TopicChange {
    const path: Node<T>[] = [this.#root];
    let node = this.#root;
    for (let at = 0; at < topic.length; at += node.label.length) {
      const child = node.children?.get(topic[at] as number);
      if (child === undefined || !startsAt(topic, at, child.label)) return "same";
      node = child;
      path.push(node);
    }
    if (node.subscribers?.delete(subscriber) !== true) return "same";
    if (node.subscribers.size > 0) return "changed";
    node.subscribers = undefined;
    this.#topics--;
    prune(path);
    return "turned";
  }

  /**
   * Visits each subscription that is a prefix of a topic, the shortest first.
   *
   * @param topic The first frame of a publication.
   * @param visit Called with the subscribers and the length of their subscription in bytes.
   */
  match(topic: Uint8Array, visit: (who: ReadonlySet<T>, prefixBytes: number) => void): void {
    let node: Node<T> | undefined = this.#root;
    for (let at = 0; node !== undefined;) {
      if (node.subscribers !== undefined) visit(node.subscribers, at);
      if (at >= topic.length) return;
      const child: Node<T> | undefined = node.children?.get(topic[at] as number);
      if (child === undefined || !startsAt(topic, at, child.label)) return;
      at += child.label.length;
      node = child;
    }
  }

  /** Number of nodes, counted on each call: at most two for each topic, and the root. */
  countNodes(): number {
    let count = 0;
    const waiting: Node<T>[] = [this.#root];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      count++;
      waiting.push(...node.children?.values() ?? []);
    }
    return count;
  }

  /** All topics that have a subscriber. */
  *all(): Generator<Uint8Array> {
    const waiting: [node: Node<T>, topic: Uint8Array][] = [[this.#root, this.#root.label]];
    for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
      const [node, topic] = entry;
      if (node.subscribers !== undefined) yield topic;
      for (const child of node.children?.values() ?? []) {
        waiting.push([child, concatenate([topic, child.label])]);
      }
    }
  }

  /** The node of a topic; created if it does not exist. */
  #reach(topic: Uint8Array): Node<T> {
    let node = this.#root;
    for (let at = 0; at < topic.length;) {
      node.children ??= new Map();
      const child = node.children.get(topic[at] as number);
      if (child === undefined) {
        const leaf = { label: topic.slice(at), subscribers: undefined, children: undefined };
        node.children.set(topic[at] as number, leaf);
        return leaf;
      }
      const common = commonBytes(topic, at, child.label);
      if (common < child.label.length) split(child, common);
      at += common;
      node = child;
    }
    return node;
  }
}

/** Splits a node after some bytes of its label; the rest becomes its only child. */
function split<T>(node: Node<T>, bytes: number): void {
  assert(bytes > 0 && bytes < node.label.length, "a label is split inside");
  const rest: Node<T> = { ...node, label: node.label.slice(bytes) };
  node.label = node.label.slice(0, bytes);
  node.subscribers = undefined;
  node.children = new Map([[rest.label[0] as number, rest]]);
}

/** Removes unused nodes at the end of a path, and joins a node with its only child. */
function prune<T>(path: Node<T>[]): void {
  for (let depth = path.length - 1; depth > 0; depth--) {
    const node = path[depth] as Node<T>;
    if (node.subscribers !== undefined) return;
    const [only, ...others] = node.children?.values() ?? [];
    if (only !== undefined) {
      if (others.length > 0) return;
      node.label = concatenate([node.label, only.label]);
      node.subscribers = only.subscribers;
      node.children = only.children;
      return;
    }
    const parent = path[depth - 1] as Node<T>;
    parent.children?.delete(node.label[0] as number);
    if (parent.children?.size === 0) parent.children = undefined;
  }
}

function startsAt(topic: Uint8Array, at: number, label: Uint8Array): boolean {
  return topic.length - at >= label.length && commonBytes(topic, at, label) === label.length;
}

function commonBytes(topic: Uint8Array, at: number, label: Uint8Array): number {
  const most = Math.min(label.length, topic.length - at);
  let count = 0;
  while (count < most && topic[at + count] === label[count]) count++;
  return count;
}
