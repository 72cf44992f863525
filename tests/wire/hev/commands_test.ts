import { strict as assert } from "node:assert";
import { COMMANDS, findCommand, isKnownCommand } from "../../../src/wire/hev/commands.ts";

Deno.test("COMMANDS names a command table only for types that exist", () => {
  for (const { types, commands } of COMMANDS.values()) {
    for (const type of commands.keys()) assert.notEqual(types.code(type), undefined);
  }
  const missing = COMMANDS.get(0xb6)?.types.names.filter((type) =>
    COMMANDS.get(0xb6)?.commands.has(type) === false
  );
  assert.deepEqual(missing, [
    "SET_PERSONAL",
    "TEST_AUDIO_ALARM",
    "SKIP_NEXT_CALIBRATION",
    "DO_CALIBRATION",
    "MUTE_ALARM",
    "RESET_ALARM",
  ]);
});

Deno.test("COMMANDS holds as many commands as the documents list", () => {
  const counts = [...COMMANDS].map(([version, { types, commands }]) => [
    version,
    types.names.length,
    [...commands.values()].map((table) => table.names.length),
  ]);
  assert.deepEqual(counts, [
    [0xa0, 1, [2]],
    [0xa1, 5, [4, 11, 4, 25, 25]],
    [0xaa, 7, [3, 11, 9, 26, 26, 10, 5]],
    [0xb6, 22, [5, 10, 9, 32, 32, 8, 7, 12, 12, 12, 12, 12, 12, 9, 32, 32]],
  ]);
});

Deno.test("findCommand knows no version that has no table", () => {
  assert.equal(findCommand(0xa5, "GENERAL", "START"), undefined);
  assert.deepEqual(findCommand(0xa1, "GENERAL", "FLUSH"), { type: 1, code: 4 });
  assert.equal(isKnownCommand("SET_VALVE", "EXHALE_TRIGGER_THRESHOLD"), true);
  assert.equal(isKnownCommand("SET_VALVE", "INHALE"), false);
});
