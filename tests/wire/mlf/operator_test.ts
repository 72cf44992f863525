import { strict as assert } from "node:assert";
import { parseOperatorCall } from "../../../src/wire/mlf/operator.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("parseOperatorCall takes what its form wants", () => {
  const none = { clientId: undefined, headset: undefined, state: undefined };
  const nobody = { names: "nobody", state: "none" } as const;
  assert.deepEqual(parseOperatorCall(bytes(""), nobody), none);
  assert.deepEqual(parseOperatorCall(bytes("{}"), nobody), none);
  const force = { names: "client", state: "required" } as const;
  const forced = parseOperatorCall(bytes('{"clientid":1,"State":"running"}'), force);
  assert.deepEqual(forced, { ...none, clientId: "1", state: "RUNNING" });
  const either = { names: "client-or-headset", state: "none" } as const;
  const worn = parseOperatorCall(bytes('{"hmdID":"hmd_07"}'), either);
  assert.deepEqual(worn, { ...none, headset: "hmd_07" });
});

Deno.test("parseOperatorCall says what is missing", () => {
  const wrongs = (body: string, form: Parameters<typeof parseOperatorCall>[1]) => {
    const call = parseOperatorCall(bytes(body), form);
    return Array.isArray(call) ? call.map(({ loc }) => loc.at(-1)) : call;
  };
  assert.deepEqual(wrongs("", { names: "client", state: "none" }), ["body"]);
  assert.deepEqual(wrongs("[]", { names: "nobody", state: "none" }), ["body"]);
  assert.deepEqual(wrongs("{}", { names: "client", state: "required" }), ["clientID", "state"]);
  assert.deepEqual(wrongs('{"hmdID":"/"}', { names: "client-or-headset", state: "none" }), [
    "clientID",
  ]);
});
