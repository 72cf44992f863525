import { strict as assert } from "node:assert";
import { type LostHost, lostTogether } from "../../../src/console/page/lost_together.ts";

function host(id: string, second: number, more: Partial<LostHost> = {}): LostHost {
  const since = new Date(Date.UTC(2026, 0, 1, 9, 0, 0, 1_000 * second)).toISOString();
  return { id, protocol: "fleet", station: "West", since, acknowledgement: null, ...more };
}

function idsOf(members: readonly LostHost[]): string[] {
  return lostTogether(members).map((group) => group.map(({ id }) => id).join(" ")).sort();
}

Deno.test("hosts that were lost within seconds of each other at one place are a group", () => {
  assert.deepEqual(idsOf([host("c", 4), host("a", 0), host("b", 2)]), ["a b c"]);
  // Each within five seconds of the one before it.
  const row = ["a", "b", "c", "d"].map((id, index) => host(id, 5 * index));
  assert.deepEqual(idsOf(row), ["a b c d"]);
  assert.deepEqual(idsOf([host("a", 0), host("b", 1)]), [], "two have a card each");
});

Deno.test("a host that was lost later, elsewhere, or is no host of a fleet is in no such group", () => {
  const group = [host("a", 0), host("b", 1), host("c", 2)];
  assert.deepEqual(idsOf([...group, host("d", 8)]), ["a b c"]);
  assert.deepEqual(idsOf([...group, host("d", 1, { station: null })]), ["a b c"]);
  assert.deepEqual(idsOf([...group, host("d", 1, { protocol: "hilbert" })]), ["a b c"]);
  const later = ["d", "e", "f"].map((id) => host(id, 60));
  assert.deepEqual(idsOf([...group, ...later]), ["a b c", "d e f"]);
});

Deno.test("a host that somebody else looks after is in another group", () => {
  const acknowledgement = { by: "Anna", note: "", at: "2026-01-01T09:05:00.000Z" };
  const handled = ["a", "b", "c"].map((id) => host(id, 0, { acknowledgement }));
  const rest = ["d", "e", "f", "g"].map((id) => host(id, 1));
  assert.deepEqual(idsOf([...handled, ...rest]), ["a b c", "d e f g"]);
});
