import { strict as assert } from "node:assert";
import { proofOf } from "../../../src/net/zmq/proof.ts";

Deno.test("proofOf answers the keys of libzmq and of RFC 6455", async () => {
  assert.equal(await proofOf("aZg85FHcsPRKlOgqKR+Oow=="), "3rHGv98BAM4Yl1zwMrpTcpnmrvc=");
  assert.equal(await proofOf("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
});
