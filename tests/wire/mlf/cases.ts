/**
 * Heartbeats as they were seen, and as they must not be.
 *
 * @module
 */

/** One body, and what it means: `ok` or the fields that are wrong. */
export interface HeartbeatCase {
  readonly name: string;
  readonly body: string;
  readonly id?: string;
  readonly state?: string;
  /** Last part of the place of each problem. */
  readonly wrong?: readonly string[];
}

const inner = '"body":{"clientID":"1","clientState":"DISCONNECTED"}';
const head = '"sdkVersion":0.1,"timestamp":"2022-04-04 16:01:41.432445","messageType":"HEARTBEAT"';

/** All cases. */
export const HEARTBEAT_CASES: readonly HeartbeatCase[] = [
  { name: "as the original sends it", body: `{${head},${inner}}`, id: "1", state: "DISCONNECTED" },
  {
    name: "number as ID and state",
    body: `{${head},"body":{"clientID":12,"clientState":3}}`,
    id: "12",
    state: "RUNNING",
  },
  {
    name: "digit in a string, keys of an early sketch",
    body: `{${head},"body":{"ClientID":"a","ClientState":"2"}}`,
    id: "a",
    state: "CALIBRATED",
  },
  {
    name: "an address as ID, more fields than known",
    body: `{${head},"body":{"clientID":"192.168.2.17","clientState":1,"x":[1]},"y":{}}`,
    id: "192.168.2.17",
    state: "UNCALIBRATED",
  },
  { name: "nothing", body: "", wrong: ["body"] },
  { name: "half of it", body: `{${head},`, wrong: ["body"] },
  { name: "a list", body: "[]", wrong: ["body"] },
  { name: "null", body: "null", wrong: ["body"] },
  {
    name: "an empty object",
    body: "{}",
    wrong: ["sdkVersion", "timestamp", "messageType", "body"],
  },
  { name: "a body that is text", body: `{${head},"body":"x"}`, wrong: ["body"] },
  {
    name: "an ID that is a path",
    body: `{${head},"body":{"clientID":"../1","clientState":0}}`,
    wrong: ["clientID"],
  },
  {
    name: "an ID that is a fraction, a state beyond the last",
    body: `{${head},"body":{"clientID":1.5,"clientState":4}}`,
    wrong: ["clientID", "clientState"],
  },
  {
    name: "a prototype as ID and state",
    body: `{${head},"body":{"clientID":"constructor","clientState":"toString"}}`,
    wrong: ["clientState"],
  },
  {
    name: "a day that does not exist",
    body:
      `{"sdkVersion":1,"timestamp":"2022-02-29 00:00:00.000000","messageType":"HEARTBEAT",${inner}}`,
    wrong: ["timestamp"],
  },
  {
    name: "another message",
    body: `{"sdkVersion":1,"timestamp":"2022-02-28 00:00:00.000000","messageType":"BYE",${inner}}`,
    wrong: ["messageType"],
  },
];
