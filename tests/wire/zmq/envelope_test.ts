import { strict as assert } from "node:assert";
import { joinEnvelope, splitEnvelope } from "../../../src/wire/zmq/envelope.ts";
import { latin } from "./transcript.ts";

const frames = (...texts: string[]) => texts.map((text) => new TextEncoder().encode(text));

const CASES: readonly { name: string; message: string[]; envelope: string[]; body: string[] }[] = [
  { name: "a REQ", message: ["", "a", ""], envelope: [""], body: ["a", ""] },
  {
    name: "a request id",
    message: ["\0\0\0\x01", "", "a"],
    envelope: ["\0\0\0\x01", ""],
    body: ["a"],
  },
  { name: "a device", message: ["id", "1234", "", "a"], envelope: ["id", "1234", ""], body: ["a"] },
  {
    name: "a DEALER",
    message: ["GetClientState", "1"],
    envelope: [],
    body: ["GetClientState", "1"],
  },
  { name: "an empty last frame", message: ["a", ""], envelope: [], body: ["a", ""] },
  { name: "a probe", message: [""], envelope: [""], body: [] },
  { name: "an empty request", message: ["", ""], envelope: [""], body: [""] },
  {
    name: "a long frame before an empty one",
    message: ["x".repeat(256), "", "a"],
    envelope: [],
    body: ["x".repeat(256), "", "a"],
  },
  {
    name: "an empty frame far behind",
    message: [..."abcdefghijklmnop", "", "z"],
    envelope: [],
    body: [..."abcdefghijklmnop", "", "z"],
  },
];

for (const { name, message, envelope, body } of CASES) {
  Deno.test(`splitEnvelope: ${name}`, () => {
    const split = splitEnvelope(frames(...message));
    assert.deepEqual(split.envelope.map(latin), envelope);
    assert.deepEqual(split.body.map(latin), body);
  });
}

Deno.test("joinEnvelope adds an empty frame to an empty reply", () => {
  assert.deepEqual(joinEnvelope(frames(""), []).map(latin), ["", ""]);
  assert.deepEqual(joinEnvelope(frames("i", ""), frames("a")).map(latin), ["i", "", "a"]);
});
