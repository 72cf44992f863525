import { strict as assert } from "node:assert";
import { chooseSubprotocol, subprotocolsFor } from "../../../src/wire/zws/subprotocol.ts";
import { ADMIN_ONLY } from "../zmq/identities.ts";

const NULL = { name: "NULL" } as const;

Deno.test("chooseSubprotocol takes NULL first wherever it stands", () => {
  assert.equal(chooseSubprotocol(["ZWS2.0/NULL", "ZWS2.0"], NULL), "ZWS2.0/NULL");
  assert.equal(chooseSubprotocol(["ZWS2.0", "ZWS2.0/NULL"], NULL), "ZWS2.0/NULL");
  assert.equal(chooseSubprotocol(["x", "ZWS2.0"], NULL), "ZWS2.0");
});

Deno.test("chooseSubprotocol refuses what is not spoken", () => {
  for (const offer of [[], ["ZWS1.0"], ["zws2.0"], ["WSNetMQ"], ["ZWS2.0/BEARER"]]) {
    assert.equal(chooseSubprotocol(offer, NULL), undefined);
  }
  assert.equal(chooseSubprotocol(["ZWS2.0/NULL", "ZWS2.0"], ADMIN_ONLY), undefined);
  assert.equal(chooseSubprotocol(["ZWS2.0/NULL", "ZWS2.0/PLAIN"], ADMIN_ONLY), "ZWS2.0/PLAIN");
});

Deno.test("subprotocolsFor offers what libzmq offers", () => {
  assert.equal(subprotocolsFor(NULL).join(","), "ZWS2.0/NULL,ZWS2.0");
  assert.deepEqual(subprotocolsFor(ADMIN_ONLY), ["ZWS2.0/PLAIN"]);
});
