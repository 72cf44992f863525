import { strict as assert } from "node:assert";
import { leaveLauncher, programForm } from "../../src/cli/launch.ts";

function environmentOf(values: Record<string, string>) {
  const variables = new Map(Object.entries(values));
  return {
    variables,
    get: (name: string) => variables.get(name),
    set: (name: string, value: string) => void variables.set(name, value),
    delete: (name: string) => void variables.delete(name),
  };
}

Deno.test("leaveLauncher leaves an environment alone that no launcher has touched", () => {
  const environment = environmentOf({ DENO_DIR: "/own", DENO_NO_UPDATE_CHECK: "1" });
  leaveLauncher(environment);
  assert.deepEqual([...environment.variables], [
    ["DENO_DIR", "/own"],
    ["DENO_NO_UPDATE_CHECK", "1"],
  ]);
});

Deno.test("leaveLauncher takes back what the launcher has set", () => {
  const set = {
    DENO_DIR: "/copy/cache",
    DENO_NO_UPDATE_CHECK: "1",
    DENO_NO_PACKAGE_JSON: "1",
    PULSEBOX_BLOCKED: "USR1",
    MALLOC_ARENA_MAX: "1",
    PULSEBOX_OUTER_MALLOC_ARENA_MAX: "",
  };
  const without = environmentOf({ ...set, PULSEBOX_OUTER_DENO_DIR: "", HOME: "/their/home" });
  leaveLauncher(without);
  assert.deepEqual([...without.variables], [["HOME", "/their/home"]]);
  const outer = { PULSEBOX_OUTER_DENO_DIR: "/own", PULSEBOX_OUTER_MALLOC_ARENA_MAX: "4" };
  const withOuter = environmentOf({ ...set, ...outer });
  leaveLauncher(withOuter);
  assert.deepEqual([...withOuter.variables], [["DENO_DIR", "/own"], ["MALLOC_ARENA_MAX", "4"]]);
});

Deno.test("programForm is source when the program runs from its source", () => {
  assert.equal(programForm(), "source");
});
