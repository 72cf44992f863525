import { strict as assert } from "node:assert";
import {
  actionBetween,
  CLIENT_STATES,
  CLIENT_TRANSITIONS,
  type ClientAction,
  parseClientState,
  stateAfter,
} from "../../src/core/client_state.ts";

Deno.test("stateAfter follows the table and refuses the rest", () => {
  assert.equal(stateAfter("UNCALIBRATED", "calibrated"), "CALIBRATED");
  assert.equal(stateAfter("CALIBRATED", "start"), "RUNNING");
  assert.equal(stateAfter("RUNNING", "lobby"), "CALIBRATED");
  assert.equal(stateAfter("UNCALIBRATED", "start"), undefined);
  assert.equal(stateAfter("RUNNING", "start"), undefined);
  for (const action of Object.keys(CLIENT_TRANSITIONS) as ClientAction[]) {
    assert.equal(stateAfter("DISCONNECTED", action, "emergency"), undefined, action);
  }
});

Deno.test("stateAfter lets an emergency be ended in every state", () => {
  for (const state of ["UNCALIBRATED", "CALIBRATED", "RUNNING"] as const) {
    assert.equal(stateAfter(state, "emergency"), state);
    assert.notEqual(stateAfter(state, "lobby", "emergency"), undefined);
  }
  assert.equal(stateAfter("RUNNING", "start", "emergency"), "RUNNING");
  assert.equal(stateAfter("UNCALIBRATED", "start", "emergency"), undefined);
});

Deno.test("actionBetween finds the way from state to state", () => {
  assert.equal(actionBetween("UNCALIBRATED", "CALIBRATED"), "calibrated");
  assert.equal(actionBetween("CALIBRATED", "RUNNING"), "start");
  assert.equal(actionBetween("RUNNING", "CALIBRATED"), "lobby");
  assert.equal(actionBetween("UNCALIBRATED", "RUNNING"), undefined);
});

Deno.test("parseClientState takes names, numbers and digits", () => {
  CLIENT_STATES.forEach((state, number) => {
    for (const form of [state, state.toLowerCase(), number, String(number)]) {
      assert.equal(parseClientState(form), state);
    }
  });
  for (const form of [4, -1, 1.5, NaN, "4", "", "constructor", null, undefined, {}, [0]]) {
    assert.equal(parseClientState(form), undefined);
  }
});
