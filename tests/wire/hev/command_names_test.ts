import { strict as assert } from "node:assert";
import { findCommandName } from "../../../src/wire/hev/command_names.ts";
import { COMMANDS, findCommand } from "../../../src/wire/hev/commands.ts";

Deno.test("findCommandName finds the names of every command of every version", () => {
  for (const [version, { commands }] of COMMANDS) {
    for (const [cmdtype, table] of commands) {
      for (const cmd of table.names) {
        const code = findCommand(version, cmdtype, cmd);
        assert(code !== undefined);
        assert.deepEqual(findCommandName(version, code.type, code.code), { cmdtype, cmd });
      }
    }
  }
});

Deno.test("findCommandName leaves unknown codes without names", () => {
  assert.deepEqual(findCommandName(0xa0, 9, 1), { cmdtype: undefined, cmd: undefined });
  assert.deepEqual(findCommandName(0xa0, 1, 99), { cmdtype: "GENERAL", cmd: undefined });
  assert.deepEqual(findCommandName(0x01, 1, 1), { cmdtype: undefined, cmd: undefined });
});
