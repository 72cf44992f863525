import { strict as assert } from "node:assert";
import { composeNotification } from "../../src/appliance/notification_text.ts";
import type { Notice, NoticeKind } from "../../src/core/notices.ts";

const CONTEXT = {
  host: "pi",
  stations: new Map([["10.0.0.7", "Entrance"]]),
  wallOf: (at: number) => Date.UTC(2026, 0, 1) + at,
};

/** What a messenger might interpret, or nobody would see. */
const HARMFUL = /[&<>@[\]{}`*|]|:\/\/|[^\P{C}]|\u2028/u;

function notice(kind: NoticeKind, name: string, more: Partial<Notice> = {}): Notice {
  const member = {
    protocol: "hilbert",
    id: `${name} @ 10.0.0.7`,
    name,
    address: "10.0.0.7",
  } as const;
  return { kind, id: `id-${name}`, at: 1_000, member, ...more };
}

Deno.test("composeNotification is complete for programs", () => {
  const text = composeNotification(CONTEXT, "x", "lost", [
    notice("lost", "tetris", { silentMs: 5_000.4 }),
  ]);
  assert.deepEqual(JSON.parse(text), {
    id: "x",
    type: "lost",
    at: "2026-01-01T00:00:01.000Z",
    host: "pi",
    text: "tetris at Entrance is lost (pi)",
    items: [{
      id: "id-tetris",
      at: "2026-01-01T00:00:01.000Z",
      member: {
        id: "hilbert/tetris @ 10.0.0.7",
        protocol: "hilbert",
        name: "tetris",
        address: "10.0.0.7",
        station: "Entrance",
      },
      silentMs: 5_000,
    }],
  });
});

Deno.test("composeNotification is one sentence for people", () => {
  const sentence = (kind: NoticeKind, ...notices: Notice[]) =>
    JSON.parse(composeNotification(CONTEXT, "x", kind, notices)).text;
  const many = Array.from({ length: 7 }, (_, index) => notice("lost", `p${index}`));
  const [first, second] = many;
  assert.ok(first && second);
  assert.equal(
    sentence("lost", ...many),
    "p0 at Entrance, p1 at Entrance, p2 at Entrance, p3 at Entrance, p4 at Entrance and 2 more " +
      "are lost (pi)",
  );
  const cases: [NoticeKind, Partial<Notice>, string][] = [
    ["late", {}, "is late"],
    ["recovered", { downMs: 90_000 }, "is back after 90 s"],
    ["reminder", { downMs: 3 * 3_600_000 }, "is still lost after 3 h"],
    ["reminder", { downMs: 600_000 }, "is still lost after 10 min"],
    ["flapping", {}, "comes and goes"],
  ];
  for (const [kind, more, words] of cases) {
    assert.equal(sentence(kind, notice(kind, "tetris", more)), `tetris at Entrance ${words} (pi)`);
  }
  assert.equal(
    sentence("recovered", first, second),
    "p0 at Entrance, p1 at Entrance are back (pi)",
  );
  const alarm = {
    kind: "alarm",
    id: "a",
    at: 0,
    alarm: "APNEA",
    priority: "PRIORITY_HIGH",
  } as const;
  assert.equal(sentence("alarm", alarm), "APNEA alarm (pi)");
  assert.equal(sentence("late", notice("late", "")), "(no name) at Entrance is late (pi)");
});

Deno.test("composeNotification lets nobody's words mention, link or reorder in the text of any kind", () => {
  const name =
    "<!channel> &lt; @everyone [x](https://evil.example) `{{.x}}` |\u202e\u2028\n\x1b[2J";
  const kinds: NoticeKind[] = [
    "lost",
    "late",
    "recovered",
    "ended",
    "reminder",
    "flapping",
    "alarm",
  ];
  for (const kind of kinds) {
    const message = JSON.parse(
      composeNotification({ ...CONTEXT, stations: new Map([["10.0.0.7", name]]) }, "x", kind, [
        notice(kind, name),
        { kind, id: "b", at: 1, alarm: name, priority: "HIGH" } as Notice,
      ]),
    );
    assert.doesNotMatch(message.text, HARMFUL, kind);
    assert.ok(message.text.includes("＜!channel＞"), "it can still be read");
    assert.equal(message.items[0].member.name, name, "the fields keep the truth");
    // What only the text of a single notice shows.
    const words = { reason: name, alarm: name, priority: name } as const;
    const single = JSON.parse(
      composeNotification(CONTEXT, "x", kind, [notice(kind, "tetris", words)]),
    );
    assert.doesNotMatch(single.text, HARMFUL, kind);
    assert.equal(single.items[0].reason, name, "the fields keep the truth");
  }
});

Deno.test("composeNotification names how many hosts of a fleet it is about, and where they are", () => {
  const host = (name: string, place?: string): Notice => ({
    kind: "lost",
    id: name,
    at: 0,
    member: { protocol: "fleet", id: name, name, address: name },
    silentMs: 20_000,
    ...(place === undefined ? {} : { place }),
  });
  const say = (notices: readonly Notice[], kind: Notice["kind"] = "lost") =>
    JSON.parse(composeNotification(CONTEXT, "x", kind, notices));
  const hall = Array.from({ length: 40 }, (_, index) => host(`w${index}`, "West hall"));
  assert.equal(
    say(hall).text,
    "40 hosts at West hall are lost: w0, w1, w2, w3, w4 and 35 more (pi)",
  );
  assert.equal(
    say(hall, "recovered").text,
    "40 hosts at West hall are back: w0, w1, w2, w3, w4 and 35 more (pi)",
  );
  assert.equal(
    say([...hall, host("e0", "Foyer"), host("x0")]).text,
    "42 hosts are lost (40 at West hall, 1 at Foyer, 1 elsewhere): " +
      "w0, w1, w2, w3, w4 and 37 more (pi)",
  );
  assert.equal(say([host("x0"), host("x1")]).text, "2 hosts are lost: x0, x1 (pi)");
  assert.equal(say([host("x0")]).text, "x0 is lost (pi)");
  assert.equal(say([host("w0", "West hall")]).text, "w0 at West hall is lost (pi)");
  assert.equal(say(hall).items.length, 40);
  assert.equal(say(hall).items[0].member.station, "West hall");
});
