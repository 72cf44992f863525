import { strict as assert } from "node:assert";
import {
  checkCommand,
  checkPersonal,
  commandLayoutOf,
  encodeCommand,
  encodePersonal,
  type Refusal,
} from "../../../src/wire/hev/command_encoder.ts";
import { COMMANDS } from "../../../src/wire/hev/commands.ts";
import { COMMAND_CASES } from "./command_cases.ts";

function spelled(result: Uint8Array | Refusal): string | undefined {
  if (result instanceof Uint8Array) return result.toHex();
  assert.match(result.reason, /^Cannot encode (command|patient)/);
  return undefined;
}

for (const { name, layout, command, payload } of COMMAND_CASES) {
  Deno.test(`encodeCommand ${payload === undefined ? "refuses" : "writes"} ${name} for ${layout}`, () => {
    assert.equal(spelled(encodeCommand(layout, command)), payload);
  });
}

Deno.test("checkCommand takes the commands of every version when no controller is there", () => {
  for (const { types, commands } of COMMANDS.values()) {
    for (const cmdtype of types.names) {
      for (const cmd of commands.get(cmdtype)?.names ?? []) {
        assert.equal(checkCommand({ cmdtype, cmd, param: 0 }), undefined);
      }
    }
  }
  for (
    const [cmdtype, cmd] of [["GENERAL", "NO_SUCH"], ["__proto__", "START"], ["MUTE_ALARM", ""]]
  ) {
    const refusal = checkCommand({ cmdtype: cmdtype ?? "", cmd: cmd ?? "", param: 0 });
    assert.equal(refusal?.type, "refused");
  }
});

Deno.test("commandLayoutOf tells the layout by version and, for 0xA1, by length", () => {
  const layoutOf = (version: number, bytes: number) => {
    const payload = new Uint8Array(bytes);
    payload[0] = version;
    return commandLayoutOf(payload);
  };
  assert.equal(layoutOf(0xa0, 26), "A0");
  assert.equal(layoutOf(0xa1, 32), "A1 aligned");
  assert.equal(layoutOf(0xa1, 16), "A1 aligned");
  assert.equal(layoutOf(0xa1, 30), "A1 packed");
  assert.equal(layoutOf(0xa1, 11), "A1 packed");
  assert.equal(layoutOf(0xa1, 26), undefined);
  assert.equal(layoutOf(0xaa, 53), "AA");
  assert.equal(layoutOf(0xb6, 81), "B6");
  assert.equal(layoutOf(0xa5, 53), undefined);
  assert.equal(commandLayoutOf(new Uint8Array()), undefined);
});

const person = { name: "Ada", patient_id: "A-1", age: 36, sex: "F", height: 165, weight: 55 };

Deno.test("encodePersonal writes a patient for version 0xB6 only", () => {
  const bytes = encodePersonal("B6", person);
  assert.ok(bytes instanceof Uint8Array);
  assert.equal(
    bytes.toHex(),
    "b6000000000d" + "416461".padEnd(120, "0") + "412d31".padEnd(40, "0") + "2446a537",
  );
  assert.equal(spelled(encodePersonal("AA", person)), undefined);
});

Deno.test("encodePersonal refuses what does not fit", () => {
  for (
    const wrong of [
      { name: "é".repeat(31) },
      { patient_id: "1".repeat(21) },
      { sex: "FM" },
      { age: 256 },
      { age: -1 },
      { height: 1.5 },
      { weight: NaN },
    ]
  ) {
    assert.equal(spelled(encodePersonal("B6", { ...person, ...wrong })), undefined);
    assert.notEqual(checkPersonal({ ...person, ...wrong }), undefined);
  }
  assert.equal(checkPersonal({ ...person, name: "é".repeat(30) }), undefined);
});
