import { strict as assert } from "node:assert";
import {
  admitsTopic,
  clientOfTopic,
  readTopicMessage,
  textOf,
  topicOf,
} from "../../../src/wire/mlf/topics.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("readTopicMessage finds the client however the question is framed", () => {
  const found = { clientId: "1", payload: "" };
  const cases: [frames: string[], expected: unknown][] = [
    [["GetClientState1", ""], found],
    [["GetClientState1"], found],
    [["GetClientState1\0"], found],
    [["GetClientState1", "hi\0"], { clientId: "1", payload: "hi" }],
    [["GetClientState1 hi there"], { clientId: "1", payload: "hi there" }],
    [["GetClientState1\0hi"], { clientId: "1", payload: "hi" }],
    [["GetClientState", "1"], found],
    [["GetClientState 1"], found],
    [["GetClientState10", ""], { clientId: "10", payload: "" }],
    [["GetClientState", ""], undefined],
    [["GetClientState/", ""], undefined],
    [["GetClientState", "../1"], undefined],
    [["SetClientState1", ""], undefined],
    [["GetClientState" + "1".repeat(300)], undefined],
    [[], undefined],
  ];
  for (const [frames, expected] of cases) {
    const message = frames.map(bytes);
    assert.deepEqual(readTopicMessage("GetClientState", message), expected, frames.join("|"));
  }
});

Deno.test("topicOf makes the same topic however often it is asked", () => {
  assert.equal(topicOf("OnStateChange", "1"), "OnStateChange1");
  assert.equal(topicOf("OnStateChange", "1"), "OnStateChange1");
  assert.equal(textOf(new Uint8Array(257)), undefined);
});

Deno.test("clientOfTopic knows the topics of clients only", () => {
  assert.deepEqual(clientOfTopic(bytes("Calibrate7")), { name: "Calibrate", clientId: "7" });
  for (const topic of ["", "OnState", "OnStateChange", "OnStateChange/", "Timeline", "OnX1"]) {
    assert.equal(clientOfTopic(bytes(topic)), undefined, topic);
  }
});

Deno.test("admitsTopic keeps one client's topics from another and groups open", () => {
  const clients = new Set(["1", "10", "192.168.2.1", "192.168.2.17"]);
  const cases: [topic: string, subscription: string, admitted: boolean][] = [
    ["OnStateChange1", "OnStateChange1", true],
    ["OnStateChange10", "OnStateChange1", false],
    ["OnStateChange10", "OnStateChange", true],
    ["OnStateChange10", "", true],
    ["OnStateChange192.168.2.17", "OnStateChange192.168.2.1", false],
    ["OnStateChange192.168.2.17", "OnStateChange192.168.", true],
    ["OnCommand10", "OnCommand1", false],
    ["Calibrate10", "Calibrate1", false],
    ["OnStateChange100", "OnStateChange1", false],
    ["OnStateChange55", "OnStateChange5", true],
    ["Timeline10", "Timeline1", true],
    ["GetClientState10", "GetClientState1", true],
  ];
  for (const [topic, subscription, admitted] of cases) {
    assert.equal(
      admitsTopic(bytes(topic), subscription.length, (id) => clients.has(id)),
      admitted,
      `${topic} to ${subscription}`,
    );
  }
});
