/**
 * What a link makes of brokers that do not do as brokers should.
 */

import { strict as assert } from "node:assert";
import { openLink } from "../../support/nats_link.ts";
import { GREETING, ScriptedBroker, type ScriptedClient } from "../../support/scripted_broker.ts";
import { until } from "../../support/tcp.ts";

/** How often a broker ends a connection that it has just accepted. */
const ENDS = 5;
/** The waits between these connections at the least: 250 ms, doubled each time, halved by chance. */
const ENDS_MS_MIN = 0.5 * (250 + 500 + 1_000 + 2_000);

async function accept(client: ScriptedClient): Promise<void> {
  await client.say(GREETING);
  await client.hear("PING\r\n");
  await client.say("PONG\r\n");
}

Deno.test("NatsLink: a broker that accepts a client and ends at once is left each time, ever later", async () => {
  await using broker = new ScriptedBroker(async (client) => {
    await accept(client);
    client.end();
  });
  const began = performance.now();
  let downs = 0;
  await using _link = openLink([broker.place], "test", { onDown: () => void downs++ });
  await until(() => broker.connections >= ENDS, "it connects again and again");
  assert.ok(downs >= ENDS - 1, `${downs} ends`);
  assert.ok(performance.now() - began >= ENDS_MS_MIN);
});

Deno.test("NatsLink names the broker that refuses it, rather than one that is not there", async () => {
  await using broker = new ScriptedBroker(async (client) => {
    await client.say(GREETING);
    await client.hear("CONNECT");
    await client.say("-ERR 'Authorization Violation'\r\n");
    client.end();
  });
  for (const places of [[broker.place, "127.0.0.1:1"], ["127.0.0.1:1", broker.place]]) {
    const reasons: string[] = [];
    await using _link = openLink(places, "test", { onDown: (why) => void reasons.push(why) });
    await until(() => reasons.length >= 4, "both brokers were asked twice");
    const [, ...later] = reasons;
    for (const reason of later) {
      assert.equal(
        reason,
        `${broker.place}: the broker refuses the key (--fleet-key): Authorization Violation`,
      );
    }
  }
});

Deno.test("NatsLink lets a broker that refuses its key rest for seconds", async () => {
  await using broker = new ScriptedBroker(async (client) => {
    await client.say(GREETING);
    await client.hear("CONNECT");
    await client.say("-ERR 'Authorization Violation'\r\n");
    client.end();
  });
  await using _link = openLink([broker.place], "test");
  await until(() => broker.connections > 0, "an attempt");
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  assert.equal(broker.connections, 1);
});

Deno.test("NatsLink says that a message longer than the broker takes cannot be sent", async () => {
  await using broker = new ScriptedBroker(async (client) => {
    await client.say(GREETING.replace("1048576", "10"));
    await client.hear("PING\r\n");
    await client.say("PONG\r\n");
    await client.hear("never");
  });
  const reasons: string[] = [];
  await using link = openLink([broker.place], "test", {
    onDown: (reason) => void reasons.push(reason),
  });
  await until(() => link.isUp, "a connection");
  assert.equal(link.publish("a", new Uint8Array(11)), false);
  assert.match(`${reasons}`, /max_payload/);
  assert.equal(link.publish("a", new Uint8Array(10)), true);
});

Deno.test("NatsLink is down, and takes no message, from the moment at which it leaves a broker", async () => {
  await using broker = new ScriptedBroker(async (client) => {
    await accept(client);
    await client.hear("never");
  });
  await using link = openLink([broker.place], "test");
  await until(() => link.isUp, "a connection");
  const leaving = link.reconnect();
  assert.equal(link.isUp, false);
  assert.equal(link.publish("a", new Uint8Array(1)), false);
  await leaving;
  await until(() => link.isUp, "another connection");
  assert.equal(link.publish("a", new Uint8Array(1)), true);
});

Deno.test("NatsLink leaves a broker that sends what no client can read, before it pings it", async () => {
  let pings = 0;
  const reasons: string[] = [];
  await using broker = new ScriptedBroker(async (client) => {
    await accept(client);
    await client.say("GARBAGE 1 2 3\r\n");
    await client.hear("PING\r\n");
    pings++;
  });
  await using _link = openLink([broker.place], "test", {
    onDown: (reason) => void reasons.push(reason),
  });
  await until(() => broker.connections > 1, "another attempt");
  assert.equal(pings, 0);
  assert.match(`${reasons}`, /what is no message of NATS/);
});

Deno.test("NatsLink goes on hearing after a listener has failed", async () => {
  await using broker = new ScriptedBroker(async (client) => {
    await accept(client);
    await client.hear("SUB a 1\r\n");
    await client.say("MSG a 1 1\r\nx\r\nMSG a 1 1\r\ny\r\n");
    await client.hear("never");
  });
  await using link = openLink([broker.place], "test");
  const heard: string[] = [];
  link.listen("a", (_subject, bytes) => {
    heard.push(new TextDecoder().decode(bytes));
    if (heard.length === 1) throw new Error("on purpose");
  });
  await until(() => heard.length === 2, "the second message");
  assert.equal(broker.connections, 1);
});
