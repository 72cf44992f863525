/**
 * The API and its document, in both directions: what the document says is what is answered, and
 * everything that is answered is in the document.
 */

import { strict as assert } from "node:assert";
import * as z from "zod/mini";
import { type Operation, type OperationId, OPERATIONS } from "../../src/console/api/operations.ts";
import { ProblemSchema } from "../../src/console/api/schemas.ts";
import type { Panels } from "../../src/console/panels.ts";
import type { TellingTrial } from "../../src/core/telling.ts";
import { type Bench, hear, setUp } from "./bench.ts";
import { EventReader } from "./event_reader.ts";
import { PANELS } from "./full_panels.ts";

const ID = encodeURIComponent("hilbert/tetris @ 127.0.0.1");

const TRIALS: readonly TellingTrial[] = [
  { way: "webhook", target: "127.0.0.1:9", ok: false, detail: "status 500" },
  { way: "command", target: "--on-lost", ok: true, detail: "exit status 0" },
];

const LOST_ID = encodeURIComponent("hilbert/fleeting @ 127.0.0.1");
const NAMELESS = [[{ id: "nobody" }, 404], [{ id: "twin" }, 409]] as const;
const UPTIME_BADGES = {
  drawHostUptime24h: {},
  drawHostUptime7d: {},
  drawHostUptime30d: {},
  drawHostUptime90d: {},
  drawMemberUptime24h: { bad: NAMELESS },
  drawMemberUptime7d: { bad: NAMELESS },
  drawMemberUptime30d: { bad: NAMELESS },
  drawMemberUptime90d: { bad: NAMELESS },
};

/** A good request of each operation, and bad ones with the status that they get. */
const REQUESTS: Record<
  OperationId,
  { id?: string; query?: string; body?: unknown; bad?: readonly (readonly [Asked, number])[] }
> = {
  listFleetHosts: {},
  getFleetStatus: {},
  findFleetMembers: { query: "q=a&limit=1", bad: [[{ query: "q=" }, 422], [{ query: "" }, 422]] },
  getFleetHost: { id: "foyer", bad: [[{ id: "nobody" }, 404]] },
  forgetFleetHost: { id: "foyer", bad: [[{ id: "nobody" }, 404]] },
  listMembers: { query: "limit=1", bad: [[{ query: "limit=none" }, 422]] },
  getMember: { bad: [[{ id: "nobody" }, 404], [{ id: "twin" }, 409]] },
  isMemberOk: { bad: [[{ id: "nobody" }, 404], [{ id: "twin" }, 409]] },
  getMemberBadge: { bad: [[{ id: "nobody" }, 404], [{ id: "twin" }, 409]] },
  drawMemberBadge: { bad: [[{ id: "nobody" }, 404], [{ id: "twin" }, 409]] },
  getMemberUptime: {
    query: "days=3",
    bad: [[{ id: "nobody" }, 404], [{ id: "twin" }, 409], [{ query: "days=0" }, 422]],
  },
  pauseMember: {
    body: { reason: "lamp", forMs: 60_000 },
    bad: [
      [{ body: "no JSON" }, 400],
      [{ id: "nobody" }, 404],
      [{ id: "twin" }, 409],
      [{ body: { reason: "x".repeat(5_000) } }, 413],
      [{ body: { forMs: "long" } }, 422],
    ],
  },
  resumeMember: {
    body: {},
    bad: [
      [{ body: "no JSON" }, 400],
      [{ id: "nobody" }, 404],
      [{ id: "twin" }, 409],
      [{ body: { reason: "x".repeat(5_000) } }, 413],
      [{ body: { more: 1 } }, 422],
    ],
  },
  forgetMember: {
    bad: [
      [{ id: "nobody" }, 404],
      [{ id: "twin" }, 409],
    ],
  },
  announceMember: {
    body: { graceMs: 2_000 },
    bad: [
      [{ body: "no JSON" }, 400],
      [{ id: "nobody" }, 404],
      [{ id: "twin" }, 409],
      [{ body: { reason: "x".repeat(5_000) } }, 413],
      [{ body: { graceMs: 1 } }, 422],
    ],
  },
  pauseHost: {
    body: {},
    bad: [
      [{ body: "no JSON" }, 400],
      [{ body: { reason: "x".repeat(5_000) } }, 413],
      [{ body: { reason: 1 } }, 422],
    ],
  },
  resumeHost: {
    body: {},
    bad: [
      [{ body: "no JSON" }, 400],
      [{ body: { reason: "x".repeat(5_000) } }, 413],
      [{ body: { more: 1 } }, 422],
    ],
  },
  confirmWarnings: {
    body: {},
    bad: [
      [{ body: "no JSON" }, 400],
      [{ body: { reason: "x".repeat(5_000) } }, 413],
      [{ body: { more: 1 } }, 422],
    ],
  },
  listHistory: {
    query: `member=${ID}&since=2020-01-01T00:00:00Z&limit=10`,
    bad: [[{ query: "since=yesterday" }, 422], [{ query: "member=nobody" }, 404], [{
      query: "member=twin",
    }, 409]],
  },
  exportHistory: {
    bad: [[{ query: "limit=1001" }, 422], [{ query: "member=nobody" }, 404], [{
      query: "member=twin",
    }, 409]],
  },
  testNotifications: {
    body: {},
    bad: [
      [{ body: "no JSON" }, 400],
      [{ body: { reason: "x".repeat(5_000) } }, 413],
      [{ body: { more: 1 } }, 422],
    ],
  },
  streamEvents: { query: "beats=1&fleet=1", bad: [[{ query: "beats=all" }, 422]] },
  listOutages: {
    query: "from=2026-01-01&to=2026-01-31&sort=down",
    bad: [
      [{ query: "days=0" }, 422],
      [{ query: "days=401" }, 422],
      [{ query: "from=1.1.2026" }, 422],
      [{ query: "to=2026-01-31" }, 422],
      [{ query: "from=2026-02-01&to=2026-01-31" }, 422],
      [{ query: "sort=colour" }, 422],
    ],
  },
  getVerdict: {},
  getTelling: {},
  acknowledgeMember: {
    id: LOST_ID,
    body: { by: "Anna", note: "power supply ordered" },
    bad: [
      [{ body: "no JSON" }, 400],
      [{ id: "nobody" }, 404],
      [{ id: ID }, 409],
      [{ body: { by: "x".repeat(5_000) } }, 413],
      [{ body: { by: " " } }, 422],
    ],
  },
  withdrawAcknowledgement: { bad: [[{ id: "nobody" }, 404], [{ id: "twin" }, 409]] },
  acknowledgeMembers: {
    body: { ids: ["hilbert/fleeting @ 127.0.0.1", "nobody"], by: "Anna" },
    bad: [
      [{ body: "no JSON" }, 400],
      [{ body: { by: "x".repeat(300_000) } }, 413],
      [{ body: { ids: [], by: "Anna" } }, 422],
    ],
  },
  pauseMembers: {
    body: { ids: ["tetris", "twin"], reason: "lamp", forMs: 60_000 },
    bad: [
      [{ body: "no JSON" }, 400],
      [{ body: { reason: "x".repeat(300_000) } }, 413],
      [{ body: { ids: ["tetris"], expect: true } }, 422],
    ],
  },
  getMemberTags: { bad: [[{ id: "nobody" }, 404], [{ id: "twin" }, 409]] },
  setMemberTags: {
    body: { tags: ["ground-floor", "Küche2"] },
    bad: [
      [{ body: "no JSON" }, 400],
      [{ id: "nobody" }, 404],
      [{ id: "twin" }, 409],
      [{ body: { tags: ["x".repeat(5_000)] } }, 413],
      [{ body: {} }, 422],
      [{ body: { tags: "kiosk" } }, 422],
      [{ body: { tags: ["two words"] } }, 422],
      [{ body: { tags: ["x".repeat(41)] } }, 422],
      [{ body: { tags: Array.from({ length: 21 }, (_, index) => `t${index}`) } }, 422],
    ],
  },
  ...UPTIME_BADGES,
  getHostBadge: {},
  drawHostBadge: {},
  listGameClients: {},
  operateAllGameClients: {
    body: { action: "start" },
    bad: [
      [{ body: "no JSON" }, 400],
      [{ body: { reason: "x".repeat(5_000) } }, 413],
      [{ body: { action: "explode" } }, 422],
    ],
  },
  operateGameClient: {
    id: "1",
    body: { action: "start" },
    bad: [
      [{ body: "no JSON" }, 400],
      [{ id: "2" }, 404],
      [{ body: { action: "lobby" } }, 409],
      [{ body: { reason: "x".repeat(5_000) } }, 413],
      [{ body: {} }, 422],
    ],
  },
  forceGameClient: {
    id: "1",
    body: { state: "RUNNING" },
    bad: [
      [{ body: "no JSON" }, 400],
      [{ id: "2" }, 404],
      [{ body: { reason: "x".repeat(5_000) } }, 413],
      [{ body: { state: "DREAMING" } }, 422],
    ],
  },
  getTriggerFigures: {},
  listPhones: { query: "address=10.0.0.7&limit=2", bad: [[{ query: "limit=0" }, 422]] },
  listAlarms: {},
  acknowledgeAlarm: {
    id: "APNEA",
    body: {},
    bad: [
      [{ body: "no JSON" }, 400],
      [{ id: "NOTHING" }, 404],
      [{ body: { reason: "x".repeat(5_000) } }, 413],
      [{ body: { more: 1 } }, 422],
    ],
  },
};

interface Asked {
  readonly id?: string;
  readonly query?: string;
  readonly body?: unknown;
}

function ask(bench: Bench, operation: Operation, asked: Asked): Promise<Response> {
  const path = operation.path.replace("{id}", asked.id ?? ID);
  const query = asked.query === undefined ? "" : `?${asked.query}`;
  return bench.request(`/api/v1${path}${query}`, {
    method: operation.method.toUpperCase(),
    ...(asked.body === undefined
      ? {}
      : { body: typeof asked.body === "string" ? asked.body : JSON.stringify(asked.body) }),
  });
}

function prepared(panels: Panels = PANELS): Bench {
  // Without panels there is nobody to tell either.
  const trials = panels === PANELS ? TRIALS : [];
  const bench = setUp({ panels, trials });
  hear(bench, "fleeting");
  bench.advance(60_000);
  hear(bench, "tetris");
  hear(bench, "twin");
  hear(bench, "twin", "10.0.0.7");
  bench.advance(500);
  return bench;
}

for (const id of Object.keys(OPERATIONS) as OperationId[]) {
  const operation: Operation = OPERATIONS[id];
  const { bad = [], ...good } = REQUESTS[id];

  Deno.test(`API ${id}: the answer is as the document says`, async () => {
    using bench = prepared();
    const response = await ask(bench, operation, good);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type")?.split(";")[0], operation.answer.type);
    assert.match(response.headers.get("cache-control") ?? "", /^no-store(?:, no-transform)?$/);
    if (operation.answer.type === "text/event-stream") {
      await using events = new EventReader(response);
      for (const [name, schema] of Object.entries(operation.answer.events ?? {})) {
        z.parse(schema, (await events.next(name)).data);
      }
    } else if (operation.answer.schema === undefined) {
      assert.notEqual(await response.text(), "");
    } else {
      z.parse(operation.answer.schema, await response.json());
    }
    assert.deepEqual(bench.errors, []);
  });

  Deno.test(`API ${id}: every problem that the document tells of comes`, async () => {
    const seen = new Set<number>();
    for (const [asked, status] of bad) {
      using bench = prepared();
      const response = await ask(bench, operation, { ...good, ...asked });
      assert.equal(response.status, status, JSON.stringify(asked).slice(0, 80));
      assert.equal(response.headers.get("content-type"), "application/problem+json");
      assert.equal(z.parse(ProblemSchema, await response.json()).status, status);
      seen.add(status);
    }
    if (operation.problems.includes(404) && !seen.has(404)) {
      using bench = prepared({});
      assert.equal((await ask(bench, operation, good)).status, 404);
      seen.add(404);
    }
    // No room is a matter of the host, not of the request: see below.
    const documented = operation.problems.filter((status) => status !== 503);
    assert.deepEqual([...seen].sort(), documented.sort());
  });
}

Deno.test("API: no room for another member is a 503", async () => {
  using bench = setUp({ membersMax: 1, panels: PANELS });
  hear(bench, "tetris");
  const bodies = { pauseMember: { expect: true }, announceMember: {} };
  for (const id of ["pauseMember", "announceMember"] as const) {
    const other = encodeURIComponent("hilbert/other @ 127.0.0.1");
    const response = await ask(bench, OPERATIONS[id], { id: other, body: bodies[id] });
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("content-type"), "application/problem+json");
  }
});

Deno.test("API: every {id} can be given as ?id= too", async () => {
  const id = "hilbert/tetris @ 127.0.0.1";
  for (const operation of Object.values(OPERATIONS) as Operation[]) {
    if (!operation.path.includes("{id}")) continue;
    const answers: string[] = [];
    const bare = operation.path.replace("/{id}", "");
    for (
      const path of [
        operation.path.replace("{id}", encodeURIComponent(id)),
        `${bare}?id=${encodeURIComponent(id)}`,
      ]
    ) {
      using bench = prepared();
      const init = { method: operation.method.toUpperCase() };
      const response = await bench.request(`/api/v1${path}`, init);
      answers.push(`${response.status} ${await response.text()}`);
    }
    assert.equal(answers[1], answers[0], `${operation.method} ${bare}`);
  }
});

Deno.test("GET /openapi.json describes every route of the API and no other", async () => {
  using bench = prepared();
  const response = await bench.request("/openapi.json");
  assert.equal(response.status, 200);
  const document = await response.json();
  assert.match(document.openapi, /^3\.1/);
  const described = Object.entries(document.paths as Record<string, object>).flatMap((
    [path, methods],
  ) => Object.keys(methods).map((method) => `${method} ${path}`));
  const served = bench.app.app.routes
    .filter(({ path, method }) => path.startsWith("/api/v1/") && method !== "ALL")
    .map(({ path, method }) => `${method.toLowerCase()} ${path.replace(":id", "{id}")}`);
  assert.deepEqual([...new Set(served)].sort(), described.sort());
  // Whatever is referred to is there.
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    assert.ok(document.components.schemas[name ?? ""], name);
  }
});

Deno.test("GET /openapi.json tells the types of query, body and answer", async () => {
  using bench = prepared();
  const { paths } = await (await bench.request("/openapi.json")).json();
  const pause = paths["/api/v1/members/{id}/pause"].post;
  const { properties } = pause.requestBody.content["application/json"].schema;
  assert.deepEqual(properties.reason, { type: "string", maxLength: 200, default: "" });
  assert.equal(properties.forMs.minimum, 1_000);
  assert.equal(pause.parameters[0].name, "id");
  const member = pause.responses["200"].content["application/json"].schema;
  assert.deepEqual(member.properties.state.enum, [
    "unknown",
    "starting",
    "ok",
    "late",
    "lost",
    "gone",
  ]);
  assert.deepEqual(
    Object.keys(paths["/api/v1/members/{id}/ok"].get.responses),
    ["200", "401", "403", "404", "409", "429", "503"],
  );
});
