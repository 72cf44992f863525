import { strict as assert } from "node:assert";
import { createHmac } from "node:crypto";
import { Notifier, targetName } from "../../src/appliance/notifier.ts";
import { Events } from "../../src/core/events.ts";
import type { NoticeKind } from "../../src/core/notices.ts";
import { Outbox } from "../../src/store/outbox.ts";
import { HandClock, VirtualHost } from "../store/virtual_host.ts";
import { within } from "../support/tcp.ts";
import { keepLog, type KeptLog } from "./quiet_log.ts";
import { lastingPort } from "../support/lasting_port.ts";

interface Received {
  readonly headers: Headers;
  readonly body: string;
}

/** Somebody's endpoint: answers as it is told, one answer after the other, the last one for ever. */
class Endpoint implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly url: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #waiting: (() => void)[] = [];

  constructor(answers: ((request: Request) => Response | Promise<Response>)[]) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async (request) => {
        const answer = answers[Math.min(this.received.length, answers.length - 1)];
        this.received.push({ headers: request.headers, body: await request.text() });
        for (const done of this.#waiting.splice(0)) done();
        return await (answer?.(request) ?? new Response());
      },
    );
    this.url = `http://127.0.0.1:${this.#server.addr.port}/hook?key=secret`;
  }

  async has(count: number): Promise<void> {
    while (this.received.length < count) {
      await within(new Promise<void>((done) => this.#waiting.push(done)), `${count} deliveries`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** A host whose lost members are told to an endpoint. */
class Station implements AsyncDisposable {
  readonly clock = new HandClock();
  readonly kept: KeptLog = keepLog();
  /** What the notifier tells of itself. */
  readonly events = new Events();
  readonly notifier: Notifier;
  readonly host: VirtualHost;
  outbox: Outbox | undefined;
  secret: string | undefined;

  constructor(url: string) {
    this.notifier = new Notifier({
      webhooks: [url],
      secret: () => this.secret,
      clock: this.clock,
      events: this.events,
      now: () => this.clock.now(),
      log: this.kept.log,
      attemptMsMin: 5,
    });
    this.host = new VirtualHost(undefined, this.clock, {
      makeOutbox: (context) =>
        this.outbox = new Outbox({
          targets: [targetName(url)],
          kinds: new Set<NoticeKind>(["lost", "recovered"]),
          reminderMs: 1e6,
          isFlapping: () => false,
          newId: () => crypto.randomUUID(),
          compose: (id, kind, notices) => JSON.stringify({ id, kind, count: notices.length }),
          onReady: () => this.notifier.wake(),
        }, context),
    });
    if (this.outbox !== undefined) this.notifier.attach(this.outbox);
    this.host.store.load();
  }

  lose(name: string): void {
    this.host.beat(name, 1_000);
    this.clock.pass(5_500);
    this.host.members.advance(this.clock.now());
    this.host.store.commitDue();
  }

  async empty(): Promise<void> {
    for (let wait = 0; this.outbox?.size !== 0; wait++) {
      assert.ok(wait < 1_000, "everything is delivered");
      await new Promise((done) => setTimeout(done, 5));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await within(this.notifier[Symbol.asyncDispose](), "the end of the notifier");
    this.host[Symbol.dispose]();
    this.kept[Symbol.dispose]();
  }
}

const ok = () => new Response("thanks");

Deno.test("Notifier posts JSON with its identity and kind", async () => {
  await using endpoint = new Endpoint([ok]);
  await using station = new Station(endpoint.url);
  station.lose("tetris");
  await station.empty();
  const [first] = endpoint.received;
  assert.equal(first?.headers.get("content-type"), "application/json");
  assert.equal(first?.headers.get("pulsebox-event"), "lost");
  const { id, kind, count } = JSON.parse(first?.body ?? "");
  assert.deepEqual([kind, count], ["lost", 1]);
  assert.equal(first?.headers.get("pulsebox-id"), id);
  assert.equal(first?.headers.get("pulsebox-signature"), null);
});

Deno.test("Notifier signs time and body, with the secret as it is now", async () => {
  await using endpoint = new Endpoint([ok]);
  await using station = new Station(endpoint.url);
  station.secret = "s3cret";
  station.lose("tetris");
  await station.empty();
  const [first] = endpoint.received;
  const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(
    first?.headers.get("pulsebox-signature") ?? "",
  ) ?? [];
  assert.equal(Number(time), Math.floor(station.clock.wall() / 1_000));
  const expected = createHmac("sha256", "s3cret").update(`${time}.${first?.body}`).digest("hex");
  assert.equal(mac, expected);
});

Deno.test("Notifier tries again until it has arrived, in order, and complains once", async () => {
  const refuse = (status: number) => () => new Response(null, { status });
  await using endpoint = new Endpoint([refuse(500), refuse(404), refuse(429), ok]);
  await using station = new Station(endpoint.url);
  station.lose("tetris");
  station.lose("pong");
  await station.empty();
  const ids = endpoint.received.map(({ headers }) => headers.get("pulsebox-id"));
  assert.equal(ids.length, 5);
  assert.equal(new Set(ids.slice(0, 4)).size, 1, "the first one four times");
  const warnings = station.kept.lines.filter((line) => line.startsWith("warning"));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /Cannot notify 127\.0\.0\.1:\d+, trying again: status 500/);
  assert.doesNotMatch(station.kept.lines.join(), /secret/, "the URL's key is not in the log");
});

Deno.test("Notifier does not send what would be refused again, and goes on with the next", async () => {
  await using endpoint = new Endpoint([() => new Response(null, { status: 422 }), ok]);
  await using station = new Station(endpoint.url);
  station.lose("tetris");
  station.lose("pong");
  await station.empty();
  assert.equal(endpoint.received.length, 2);
  assert.equal(station.outbox?.dropped, 1);
});

Deno.test("Notifier follows no redirect, wherever it leads", async () => {
  await using inner = new Endpoint([ok]);
  await using endpoint = new Endpoint([
    () => new Response(null, { status: 307, headers: { location: inner.url } }),
    ok,
  ]);
  await using station = new Station(endpoint.url);
  station.lose("tetris");
  await station.empty();
  assert.equal(inner.received.length, 0);
  assert.equal(endpoint.received.length, 2);
});

Deno.test("Notifier stops for an endpoint that is gone, and gives up what is old", async () => {
  await using endpoint = new Endpoint([() => new Response(null, { status: 410 }), ok]);
  await using station = new Station(endpoint.url);
  station.lose("tetris");
  await station.empty();
  assert.equal(endpoint.received.length, 1);
  assert.equal(station.outbox?.dropped, 1);
  station.host.beat("pong", 1_000);
  station.clock.pass(5_500);
  station.host.members.advance(station.clock.now());
  station.outbox?.collect();
  station.clock.pass(25 * 3_600_000);
  station.host.store.commitDue();
  await station.empty();
  assert.equal(endpoint.received.length, 1);
  assert.match(station.kept.lines.join("\n"), /Gave up on a notification .* after 25 h/);
});

Deno.test("a step of the clock gives no notification up", async () => {
  await using endpoint = new Endpoint([() => new Response("", { status: 500 }), ok]);
  await using station = new Station(endpoint.url);
  station.lose("tetris");
  await endpoint.has(1);
  station.clock.wallMs += 674 * 3_600_000;
  await station.empty();
  assert.equal(endpoint.received.length, 2);
  assert.doesNotMatch(station.kept.lines.join("\n"), /Gave up/);
});

Deno.test("an endpoint that hangs delays neither the host nor its end", async () => {
  const release = Promise.withResolvers<void>();
  await using endpoint = new Endpoint([async () => {
    await release.promise;
    return new Response();
  }]);
  const station = new Station(endpoint.url);
  station.lose("tetris");
  await endpoint.has(1);
  station.lose("pong");
  assert.equal(station.host.stateOf("pong"), "lost");
  await station[Symbol.asyncDispose]();
  assert.equal(station.outbox?.size, 2, "both wait for the next run");
  release.resolve();
});

Deno.test("an endpoint whose answer never ends is cut off", async () => {
  let pulls = 0;
  await using endpoint = new Endpoint([
    () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            pulls++;
            controller.enqueue(new Uint8Array(65_536));
          },
        }),
      ),
  ]);
  await using station = new Station(endpoint.url);
  station.lose("tetris");
  await station.empty();
  assert.ok(pulls < 200, `${pulls} pieces were sent`);
});

Deno.test("nobody at the URL is a reason to try again", async () => {
  await using station = new Station(`http://127.0.0.1:${lastingPort()}/s3cret`);
  station.lose("tetris");
  for (let wait = 0; !station.kept.lines.some((line) => line.includes("Cannot notify")); wait++) {
    assert.ok(wait < 1_000, "it complains");
    await new Promise((done) => setTimeout(done, 5));
  }
  const lines = station.kept.lines.join();
  assert.match(lines, /Cannot notify 127\.0\.0\.1:\d+, trying again: nothing listens there/);
  assert.doesNotMatch(lines, /s3cret/, "the URL's key is not in the log");
  assert.ok((station.notifier.metrics()['pulsebox_notifications_total{result="failed"}'] ?? 0) > 0);
});

Deno.test("a webhook that fails is warned of until it takes a message, in an event each", async () => {
  const refuse = () => new Response(null, { status: 500 });
  const release = Promise.withResolvers<void>();
  await using endpoint = new Endpoint([refuse, refuse, async () => {
    await release.promise;
    return new Response();
  }]);
  await using station = new Station(endpoint.url);
  const told = station.events.subscribe();
  station.lose("tetris");
  await endpoint.has(3);
  const { host } = new URL(endpoint.url);
  assert.deepEqual(station.notifier.warnings(), [`Cannot notify ${host}: status 500`]);
  const failed = told.take();
  assert.equal(failed?.type === "telling-failed" && failed.way, `webhook ${host}`);
  assert.equal(told.take(), undefined, "once an outage");
  release.resolve();
  await station.empty();
  assert.deepEqual(station.notifier.warnings(), []);
  assert.equal(told.take()?.type, "telling-recovered");
});

Deno.test("a webhook that refuses messages for good is warned of, too", async () => {
  await using endpoint = new Endpoint([() => new Response(null, { status: 400 }), ok]);
  await using station = new Station(endpoint.url);
  station.lose("tetris");
  await station.empty();
  const [warning = ""] = station.notifier.warnings();
  assert.match(
    warning,
    /^Cannot notify 127\.0\.0\.1:\d+: it refused a message for good, status 400$/,
  );
  station.lose("pong");
  await station.empty();
  assert.deepEqual(station.notifier.warnings(), []);
});

Deno.test("a test goes beside what waits; if it arrives, what waits goes at once", async () => {
  await using endpoint = new Endpoint([
    () => new Response(null, { status: 503, headers: { "retry-after": "3600" } }),
    () => new Response(null, { status: 500 }),
    ok,
  ]);
  await using station = new Station(endpoint.url);
  station.secret = "s3cret";
  station.lose("tetris");
  await endpoint.has(1);
  const { host } = new URL(endpoint.url);
  const message = { id: "id1", kind: "test", body: "{}" };
  const trial = { way: "webhook", target: host };
  assert.deepEqual(await station.notifier.test(message), [
    { ...trial, ok: false, detail: "status 500" },
  ]);
  assert.equal(endpoint.received.length, 2, "what waits goes on waiting");
  assert.deepEqual(await station.notifier.test(message), [
    { ...trial, ok: true, detail: "status 200" },
  ]);
  const { headers } = endpoint.received[2] ?? {};
  assert.equal(headers?.get("pulsebox-event"), "test");
  assert.match(headers?.get("pulsebox-signature") ?? "", /^t=\d+,v1=/);
  await station.empty();
  assert.equal(endpoint.received[3]?.headers.get("pulsebox-event"), "lost");
});

Deno.test("Notifier ends what is under way to a webhook that is none any more", async () => {
  const release = Promise.withResolvers<void>();
  await using hanging = new Endpoint([async () => {
    await release.promise;
    return new Response();
  }]);
  await using other = new Endpoint([ok]);
  await using station = new Station(hanging.url);
  station.lose("tetris");
  await hanging.has(1);
  station.notifier.replace([other.url]);
  assert.deepEqual((await station.notifier.test({ id: "1", kind: "test", body: "{}" })).length, 1);
  assert.equal(other.received.length, 1);
  await within(station.notifier[Symbol.asyncDispose](), "the end of what hangs");
  release.resolve();
  assert.equal(hanging.received.length, 1);
});

/** Each in a form that asks for about half a second. */
const ASKED_WAITS: readonly [
  form: string,
  headers: () => Record<string, string>,
  leastMs: number,
][] = [
  ["a fraction", () => ({ "retry-after": "0.4" }), 400],
  ["a date", () => ({ date: httpDate(0), "retry-after": httpDate(1_000) }), 1_000],
];

function httpDate(inMs: number): string {
  return new Date(Date.UTC(2026, 0, 1) + inMs).toUTCString();
}

for (const [form, headers, leastMs] of ASKED_WAITS) {
  Deno.test(`Notifier waits as long as Retry-After asks for with ${form}`, async () => {
    const times: number[] = [];
    const answered = (response: Response) => {
      times.push(performance.now());
      return response;
    };
    await using endpoint = new Endpoint([
      () => answered(new Response(null, { status: 503, headers: headers() })),
      () => answered(new Response()),
    ]);
    await using station = new Station(endpoint.url);
    station.lose("tetris");
    await station.empty();
    const [first = 0, second = 0] = times;
    assert.ok(second - first >= leastMs, `it waits only ${second - first} ms`);
  });
}
