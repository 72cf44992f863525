/**
 * Every case against libzmq, as the system has it. What the page says of them stands in
 * docs/conformance.md.
 */

import { TRANSPORTS } from "../interop/zmq_host.ts";
import { hasPythonModule } from "../support/python.ts";
import { requirement } from "../support/require.ts";
import { Libzmq } from "./libzmq.ts";
import { ZMTP_CASES } from "./zmtp_cases.ts";
import { ZmtpWorld } from "./zmtp_world.ts";

const isThere = requirement("ZeroMQ, case by case against libzmq", {
  name: "python3-zmq",
  available: hasPythonModule("zmq"),
  howToGet: "apt-get install python3-zmq",
});

for (const transport of isThere ? TRANSPORTS : []) {
  Deno.test(`ZeroMQ over ${transport}: libzmq and ours understand each other in each case`, async (t) => {
    await using libzmq = new Libzmq();
    for (const { group, name, transports = TRANSPORTS, options, run } of ZMTP_CASES) {
      if (!transports.includes(transport)) continue;
      await t.step(`${group}: ${name}`, async () => {
        await using world = new ZmtpWorld(libzmq, transport, options);
        await run(world);
      });
    }
  });
}
