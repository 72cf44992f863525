/**
 * What a link says of its brokers' deaths and returns.
 */

import { strict as assert } from "node:assert";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { eventually } from "../../support/eventually.ts";
import { openLink } from "../../support/nats_link.ts";
import { NATS_SERVER, NatsServer } from "../../support/nats_server.ts";
import { requirement } from "../../support/require.ts";

/** Everything that the client has to say was said by then. */
const LATER_MS = 1_000;

/** Several attempts fail in this time; who is greeted waits for two seconds. */
const CASES = [
  ["refuses", false, 2_000],
  ["greets, and ends", true, 6_000],
] as const;

const LINKS = 12;
const YEAR_MS = 365 * 86_400_000;

if (requirement("the link to a fleet's brokers", NATS_SERVER)) {
  const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

  for (const [how, greets, awayMs] of CASES) {
    Deno.test(`NatsLink says once that it is up again, after a port that ${how}`, async () => {
      using folder = temporaryDirectory();
      await using broker = await NatsServer.start({ folder: folder.path, jetstream: false });
      let [ups, downs] = [0, 0];
      await using link = openLink(broker.port, "test", {
        onUp: () => void ups++,
        onDown: () => void downs++,
      });
      await eventually("a connection", () => link.isUp);
      await broker.kill();
      const impostor = greets ? greet(broker.port) : undefined;
      await wait(awayMs);
      const greeted = await impostor?.end();
      if (greets) assert.ok((greeted ?? 0) >= 2, `${greeted} attempts`);
      await broker.restart();
      await eventually("another connection", () => link.isUp);
      await wait(LATER_MS);
      assert.equal(ups, 2);
      assert.ok(downs >= 1);
    });
  }

  Deno.test("NatsLink connects again although the clock was set back by a year", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path, jetstream: false });
    const { now } = Date;
    await using link = openLink(broker.port, "test");
    await eventually("a connection", () => link.isUp);
    try {
      Date.now = () => now() - YEAR_MS;
      await broker.kill();
      await eventually("its end", () => !link.isUp);
      await broker.restart();
      await eventually("another connection", () => link.isUp);
    } finally {
      Date.now = now;
    }
  });

  Deno.test("NatsLink goes to a broker that was dead when it first connected", async () => {
    using folders = temporaryDirectory();
    const launch = (name: string) => {
      const folder = `${folders.path}/${name}`;
      Deno.mkdirSync(folder);
      return NatsServer.start({ folder, jetstream: false });
    };
    await using one = await launch("one");
    await using other = await launch("other");
    await one.kill();
    // Which broker the client asks first is random.
    const links = Array.from(
      { length: LINKS },
      () => openLink([one, other].map(({ port }) => `127.0.0.1:${port}`), "test"),
    );
    const areUp = () => links.every(({ isUp }) => isUp);
    try {
      await eventually("connections to the other one", areUp);
      await one.restart();
      await other.kill();
      await eventually("the death", () => !links.some(({ isUp }) => isUp));
      await eventually("connections to the one", areUp);
    } finally {
      for (const link of links) await link.close();
    }
  });
}

/** Whoever connects is greeted as by a broker, and then the connection ends. */
function greet(port: number): { end(): Promise<number> } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port });
  let count = 0;
  const serving = (async () => {
    for await (const conn of listener) {
      count++;
      await conn.write(new TextEncoder().encode('INFO {"server_id":"x","version":"2.9.10"}\r\n'))
        .catch(() => {});
      conn.close();
    }
  })();
  return {
    async end() {
      listener.close();
      await serving;
      return count;
    },
  };
}
