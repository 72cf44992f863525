import { strict as assert } from "node:assert";
import { brokerConfig, type BrokerPlan } from "../../../src/wire/fleet/broker_config.ts";
import { fleetPermissions } from "../../../src/wire/fleet/permissions.ts";

const PLAN: BrokerPlan = {
  fleet: "museum",
  brokers: ["10.0.0.1", "2001:db8::2", "broker.lan"],
  users: [
    { name: "hall", part: "host", publicKey: "UHALL" },
    { name: "office", part: "console", publicKey: "UOFFICE" },
  ],
  clusterPassword: "c/p",
};

/** The text that a broker must have to speak to the two others. */
const CLUSTER = `cluster {
  name: "pulsebox-museum"
  listen: "0.0.0.0:6222"
  authorization { user: "broker", password: "c/p" }
  routes: [
    "nats-route://broker:c/p@[2001:db8::2]:6222"
    "nats-route://broker:c/p@broker.lan:6222"
  ]
}
`;

Deno.test("brokerConfig names the broker, its streams and limits, and the ways to the others", () => {
  const config = brokerConfig(PLAN, "10.0.0.1");
  assert.match(config, /^server_name: "10\.0\.0\.1"\nlisten: "0\.0\.0\.0:4222"$/m);
  assert.match(config, /^max_payload: 131072$/m);
  assert.match(config, /^ {2}store_dir: "\/var\/lib\/nats\/pulsebox"$/m);
  assert.match(config, /^ {2}max_memory_store: 67108864\n {2}max_file_store: 268435456$/m);
  assert.ok(config.includes(CLUSTER), config);
});

Deno.test("brokerConfig lets each user do what its part may, and nobody else in", () => {
  const config = brokerConfig(PLAN, "broker.lan");
  for (const { name, part, publicKey } of PLAN.users) {
    const { publish, subscribe } = fleetPermissions("museum", part, name);
    const list = (subjects: readonly string[]) => subjects.map((each) => `"${each}"`).join(", ");
    assert.ok(
      config.includes(`{ nkey: ${publicKey}, permissions: {
      publish: { allow: [${list(publish)}] }
      subscribe: { allow: [${list(subscribe)}] }
    } }`),
      name,
    );
  }
  assert.equal(config.match(/nkey:/g)?.length, PLAN.users.length);
});

Deno.test("brokerConfig makes no cluster of one broker", () => {
  assert.doesNotMatch(
    brokerConfig({ ...PLAN, brokers: ["10.0.0.1"] }, "10.0.0.1"),
    /cluster|route/,
  );
  const two = brokerConfig({ ...PLAN, brokers: ["10.0.0.1", "10.0.0.2"] }, "10.0.0.1");
  assert.deepEqual(two.match(/nats-route:.*@.*:6222/g)?.length, 1);
});
