/**
 * How long it takes to find the subscribers of a publication when there are very many subscriptions,
 * beside looking at each of them.
 *
 * @module
 */

import { SubscriptionTree } from "../../src/wire/zmq/subscription_tree.ts";
import { median, type Row } from "./row.ts";

const PEERS = 100;
const SUBSCRIPTIONS = 1_000;
const ROUNDS = 7;
const MATCHES = 100_000;
/** Looking at each subscription is slow: fewer of these are enough. */
const SCANS = 20;
const RATIO_MIN = 100;

/** Measures in rounds that take turns. */
export function run(): Promise<Row[]> {
  const tree = treeOf(SUBSCRIPTIONS);
  const all = [...tree.all()];
  const rates = { tree: [] as number[], scan: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    rates.tree.push(perSecond(MATCHES, (topic) => {
      let found = 0;
      tree.match(topic, (peers) => found += peers.size);
      return found;
    }));
    rates.scan.push(
      perSecond(SCANS, (topic) => all.filter((prefix) => isPrefix(prefix, topic)).length),
    );
  }
  const value = median(rates.tree);
  const floor = median(rates.scan);
  const ratio = value / floor;
  return Promise.resolve([{
    area: "zmq",
    measure: `topics matched per second, ${PEERS} peers with ${SUBSCRIPTIONS} subscriptions each`,
    value,
    unit: "/s",
    floor,
    ratio,
    goal: `>= ${RATIO_MIN} of looking at each`,
    pass: ratio >= RATIO_MIN,
  }]);
}

function treeOf(subscriptions: number): SubscriptionTree<number> {
  const tree = new SubscriptionTree<number>();
  for (let peer = 0; peer < PEERS; peer++) {
    for (let index = 0; index < subscriptions; index++) tree.add(topicOf(peer, index), peer);
  }
  return tree;
}

function topicOf(peer: number, index: number): Uint8Array {
  return new TextEncoder().encode(`OnStateChange192.168.${peer}.${index}`);
}

function perSecond(count: number, find: (topic: Uint8Array) => number): number {
  const topics = Array.from(
    { length: 1_000 },
    (_, index) => topicOf((index * 7) % PEERS, (index * 13) % SUBSCRIPTIONS),
  );
  let found = 0;
  const started = performance.now();
  for (let index = 0; index < count; index++) {
    found += find(topics[index % topics.length] as Uint8Array);
  }
  const seconds = (performance.now() - started) / 1_000;
  if (found < count) throw new Error(`Cannot measure: ${found} of ${count} topics were found`);
  return count / seconds;
}

function isPrefix(prefix: Uint8Array, topic: Uint8Array): boolean {
  return prefix.length <= topic.length && prefix.every((byte, index) => byte === topic[index]);
}
