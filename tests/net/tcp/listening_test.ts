import { strict as assert } from "node:assert";
import { ListenError } from "../../../src/net/listen_error.ts";
import { addressesOf, listenOnAll } from "../../../src/net/tcp/listening.ts";
import { TcpServer } from "../../../src/net/tcp/server.ts";

const LOOPBACKS = [{ hostname: "127.0.0.1", port: 0 }, { hostname: "127.0.0.2", port: 0 }];

Deno.test("addressesOf gives an address back, zone and all, and looks up a name", async () => {
  for (const hostname of ["0.0.0.0", "::", "fe80::1%eth0"]) {
    assert.deepEqual(await addressesOf(hostname, 9), [{ hostname, port: 9 }]);
  }
  const found = await addressesOf("localhost", 9);
  assert(found.some(({ hostname }) => hostname === "127.0.0.1" || hostname === "::1"));
  assert(found.every(({ port, name }) => port === 9 && name === "localhost"));
});

Deno.test("addressesOf says that there is no such name", async () => {
  await assert.rejects(
    addressesOf("no-such-host.invalid", 9),
    (error) =>
      error instanceof ListenError && error.kind === "no-such-name" &&
      /Cannot listen on no-such-host.invalid:9: there is no such name/.test(error.message),
  );
});

Deno.test("TcpServer picks one port for all addresses", async () => {
  await using server = TcpServer.listen({ addresses: LOOPBACKS, serve: () => Promise.resolve() });
  const [first, second] = server.addresses;
  assert.equal(first?.port, second?.port);
  assert.deepEqual([first?.hostname, second?.hostname], ["127.0.0.1", "127.0.0.2"]);
});

Deno.test("listenOnAll picks again when a port is taken on the second address", () => {
  const taken = new Set<number>();
  let next = 100;
  const closed: number[] = [];
  const listening = listenOnAll(LOOPBACKS, ({ hostname, port }) => {
    const chosen = port === 0 ? next++ : port;
    if (hostname === "127.0.0.1" && chosen < 103) taken.add(chosen);
    if (hostname === "127.0.0.2" && taken.has(chosen)) {
      throw new ListenError({ hostname, port: chosen }, new Deno.errors.AddrInUse());
    }
    return { address: { hostname, port: chosen }, [Symbol.dispose]: () => closed.push(chosen) };
  });
  assert.deepEqual(listening.map(({ address }) => address.port), [103, 103]);
  assert.deepEqual(closed, [100, 101, 102]);
});

Deno.test("listenOnAll does without an address of a name that this machine has not got", () => {
  const listen = ({ hostname, port }: { hostname: string; port: number }) => {
    if (hostname === "::1") {
      throw new ListenError({ hostname, port }, new Deno.errors.AddrNotAvailable());
    }
    return { address: { hostname, port }, [Symbol.dispose]: () => {} };
  };
  const name = "localhost";
  const both = [{ hostname: "::1", port: 9, name }, { hostname: "127.0.0.1", port: 9, name }];
  assert.deepEqual(listenOnAll(both, listen).map(({ address }) => address.hostname), ["127.0.0.1"]);
  assert.throws(() => listenOnAll(both.slice(0, 1), listen), ListenError);
  assert.throws(() => listenOnAll([{ hostname: "::1", port: 9 }], listen), ListenError);
});
