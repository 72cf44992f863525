import { strict as assert } from "node:assert";
import { ForgottenHosts } from "../../src/appliance/forgotten_hosts.ts";
import { Events } from "../../src/core/events.ts";
import { Members } from "../../src/core/members.ts";
import { fleetRules } from "../../src/roles/fleet/options.ts";
import { META_VALUE_LENGTH_MAX } from "../../src/store/meta.ts";

function console() {
  const values = new Map<string, string>();
  const meta = {
    get: (key: string) => values.get(key),
    set: (key: string, value?: string) => {
      assert.ok((value ?? "").length <= META_VALUE_LENGTH_MAX);
      if (value === undefined) values.delete(key);
      else values.set(key, value);
    },
  };
  const events = new Events();
  const roster = new Members({ now: 0, events }).open(fleetRules());
  const hear = (id: string) => {
    const heard = { id, name: id, address: id, promiseMs: 5_000, kind: "beat" } as const;
    const member = roster.hear(heard, 0);
    return typeof member === "string" ? assert.fail(member) : member;
  };
  const forget = (id: string) => roster.forget(hear(id), "operator", 0);
  return { values, meta, events, hear, forget, roster };
}

Deno.test("ForgottenHosts knows whom somebody has forgotten until it is heard, over a restart", () => {
  const { meta, values, events, hear, forget } = console();
  {
    using hosts = new ForgottenHosts(events, meta);
    forget("foyer");
    forget("hall");
    assert.deepEqual([hosts.has("foyer"), hosts.has("hall"), hosts.has("attic")], [
      true,
      true,
      false,
    ]);
    hear("hall");
    assert.equal(hosts.has("hall"), false);
  }
  using hosts = new ForgottenHosts(events, meta);
  assert.deepEqual([hosts.has("foyer"), hosts.has("hall")], [true, false]);
  hear("foyer");
  assert.equal(hosts.has("foyer"), false);
  assert.equal(values.size, 0);
});

Deno.test("ForgottenHosts has room for those that were forgotten last", () => {
  const { meta, events, forget } = console();
  using hosts = new ForgottenHosts(events, meta);
  const names = Array.from({ length: 2_000 }, (_, index) => `host-${index}`);
  for (const name of names) forget(name);
  assert.equal(hosts.has("host-0"), false);
  assert.ok(names.slice(-400).every((name) => hosts.has(name)));
});

Deno.test("ForgottenHosts does not know a host that made room for another", () => {
  const { meta, events, hear, roster } = console();
  using hosts = new ForgottenHosts(events, meta);
  roster.forget(hear("foyer"), "displaced", 0);
  assert.equal(hosts.has("foyer"), false);
});
