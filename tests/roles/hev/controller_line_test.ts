import { strict as assert } from "node:assert";
import {
  ControllerLine,
  FOREIGN_BYTES,
  lineCounters,
} from "../../../src/roles/hev/controller_line.ts";

Deno.test("ControllerLine says at 2 048 bytes without a frame, once, that no controller sends them", () => {
  const troubles: string[] = [];
  using line = new ControllerLine({
    write: () => {},
    layout: "B6",
    listener: { onPayload: () => {}, onTrouble: (reason) => void troubles.push(reason) },
    now: () => 0,
  }, lineCounters());
  line.receive(new Uint8Array(FOREIGN_BYTES - 1).fill(1));
  assert.deepEqual(troubles, []);
  for (let more = 0; more < 3; more++) line.receive(Uint8Array.of(1));
  assert.deepEqual(troubles, ["2048 bytes arrived but no frame: wrong device or speed?"]);
});
