import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { SubscriptionTree } from "../../../src/wire/zmq/subscription_tree.ts";

const UTF8 = new TextEncoder();

/** Few letters, so that topics have beginnings in common. */
const topic = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
const who = fc.constantFrom("p", "q", "r");
const change = fc.record({
  action: fc.constantFrom("add" as const, "remove" as const),
  topic,
  who,
});

Deno.test("SubscriptionTree finds what a list of subscriptions would", () => {
  const property = fc.property(fc.array(change, { maxLength: 60 }), topic, (changes, sought) => {
    const tree = new SubscriptionTree<string>();
    const model = new Map<string, Set<string>>();
    for (const { action, topic, who } of changes) {
      const known = model.get(topic) ?? new Set<string>();
      const before = known.has(who);
      if (action === "add") known.add(who);
      else known.delete(who);
      model.set(topic, known);
      const expected = known.has(who) === before
        ? "same"
        : known.size === (action === "add" ? 1 : 0)
        ? "turned"
        : "changed";
      assert.equal(tree[action](UTF8.encode(topic), who), expected);
    }
    const topics = [...model].filter(([, known]) => known.size > 0).map(([topic]) => topic);
    assert.equal(tree.topics, topics.length);
    assert.ok(tree.countNodes() <= 2 * topics.length + 1, "nothing is left of what went");
    const all = [...tree.all()].map((bytes) => new TextDecoder().decode(bytes));
    assert.deepEqual(all.sort(), topics.sort());
    const found: [number, string[]][] = [];
    tree.match(UTF8.encode(sought), (peers, bytes) => found.push([bytes, [...peers].sort()]));
    const expected = topics.filter((topic) => sought.startsWith(topic))
      .map((topic) => [topic.length, [...model.get(topic) ?? []].sort()])
      .sort(([a], [b]) => Number(a) - Number(b));
    assert.deepEqual(found, expected);
  });
  fc.assert(property, { numRuns: 400 });
});

Deno.test("SubscriptionTree keeps nothing of topics that nobody wants any more", () => {
  const tree = new SubscriptionTree<number>();
  for (const topic of ["abc", "abd", "ab", "x", ""]) tree.add(UTF8.encode(topic), 1);
  for (const topic of ["ab", "abd", "", "abc", "x"]) tree.remove(UTF8.encode(topic), 1);
  assert.equal(tree.topics, 0);
  assert.deepEqual([...tree.all()], []);
  assert.equal(tree.countNodes(), 1);
  assert.equal(tree.remove(UTF8.encode("nothing"), 1), "same");
});
