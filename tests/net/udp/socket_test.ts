import { strict as assert } from "node:assert";
import { errnoNameOf } from "../../../src/net/libc/errno.ts";
import { ListenError } from "../../../src/net/listen_error.ts";
import { parseIpv4 } from "../../../src/core/cidr.ts";
import { type Recipients, UdpSocket } from "../../../src/net/udp/socket.ts";
import { BATCH_DATAGRAMS } from "../../../src/net/udp/kernel.ts";
import { within } from "../../support/tcp.ts";

const LOOPBACK = { hostname: "127.0.0.1", port: 0 };

function bind(batching: "kernel" | "runtime", hostname = "127.0.0.1"): UdpSocket {
  return UdpSocket.bind({ hostname, port: 0 }, {
    payload: Uint8Array.of(7, 8, 9),
    receiveBytes: 4,
    batching,
  });
}

function recipientsOf(places: readonly { hostname: string; port: number }[]): Recipients {
  return {
    count: places.length,
    hostname: (index) => places[index]?.hostname ?? "",
    ipv4: (index) => parseIpv4(places[index]?.hostname ?? "") ?? 0,
    port: (index) => places[index]?.port ?? 0,
  };
}

/** Hears so many datagrams, then closes the socket. */
async function hear(socket: UdpSocket, count: number): Promise<string[]> {
  const heard: string[] = [];
  const listening = socket.listen({
    onDatagram: (datagram, hostname, port) => {
      heard.push(`${[...datagram]} ${hostname} ${port}`);
      if (heard.length === count) socket.close();
    },
    onReceiveError: (errno) => assert.fail(errno),
  });
  await within(listening, `${count} datagrams`);
  return heard;
}

for (const batching of ["kernel", "runtime"] as const) {
  Deno.test(`UdpSocket (${batching}) sends the same to everybody from its own port`, async () => {
    const count = 2 * BATCH_DATAGRAMS + 1;
    using sender = bind(batching);
    using receiver = bind(batching);
    const hearing = hear(receiver, count);
    const places = new Array(count).fill(receiver.address);
    const sent = await sender.sendToAll(recipientsOf(places), (_, errno) => assert.fail(errno));
    assert.equal(sent, count);
    const heard = await hearing;
    assert.deepEqual(new Set(heard), new Set([`7,8,9 127.0.0.1 ${sender.address.port}`]));
  });

  Deno.test(`UdpSocket (${batching}) tells whom it cannot reach and reaches the rest`, async () => {
    using sender = bind(batching);
    using receiver = bind(batching);
    const places = [
      { hostname: "192.0.2.1", port: 9 },
      receiver.address,
      { hostname: "127.0.0.1", port: 0 },
      receiver.address,
      { hostname: "192.0.2.1", port: 9 },
    ];
    const failures: [number, string][] = [];
    const hearing = hear(receiver, 2);
    const sent = await sender.sendToAll(
      recipientsOf(places),
      (index, errno) => failures.push([index, errno]),
    );
    assert.equal(sent, 2);
    assert.deepEqual(failures.map(([index]) => index), [0, 2, 4]);
    for (const [, errno] of failures) assert.match(errno, /^E[A-Z]+$/);
    assert.equal((await hearing).length, 2);
  });

  Deno.test(`UdpSocket (${batching}) sends nothing after it was closed, and says nothing`, async () => {
    const sender = bind(batching);
    sender.close();
    sender.close();
    assert.equal(await sender.sendToAll(recipientsOf([LOOPBACK]), () => assert.fail()), 0);
  });
}

Deno.test("UdpSocket writes IPv4 peers of an IPv6 socket as IPv4, and reaches them", async () => {
  using dual = bind("kernel", "::");
  assert.ok(!dual.isBatching);
  using four = bind("kernel");
  const place = { hostname: "127.0.0.1", port: dual.address.port };
  const hearing = hear(dual, 1);
  await four.sendToAll(recipientsOf([place]), (_, errno) => assert.fail(errno));
  assert.deepEqual(await hearing, [`7,8,9 127.0.0.1 ${four.address.port}`]);
  using other = bind("kernel", "::");
  const answering = hear(four, 1);
  await other.sendToAll(recipientsOf([four.address]), (_, errno) => assert.fail(errno));
  assert.deepEqual(await answering, [`7,8,9 127.0.0.1 ${other.address.port}`]);
});

Deno.test("UdpSocket reads empty and cut off datagrams", async () => {
  using receiver = bind("kernel");
  const sender = Deno.listenDatagram({ transport: "udp", ...LOOPBACK });
  const hearing = hear(receiver, 2);
  const to: Deno.NetAddr = { transport: "udp", ...receiver.address };
  await sender.send(new Uint8Array(), to);
  await sender.send(new Uint8Array(60_000), to);
  const port = (sender.addr as Deno.NetAddr).port;
  sender.close();
  assert.deepEqual(await hearing, [` 127.0.0.1 ${port}`, `0,0,0,0 127.0.0.1 ${port}`]);
});

Deno.test("UdpSocket asks for a large receive buffer where FFI is permitted", () => {
  using socket = bind("kernel");
  assert.equal(socket.receiveBufferBytes > 0, socket.isBatching);
  using plain = bind("runtime");
  assert.deepEqual([plain.receiveBufferBytes, plain.isBatching], [0, false]);
});

Deno.test("UdpSocket is bound exclusively", () => {
  using socket = bind("kernel");
  const options = { payload: Uint8Array.of(1), receiveBytes: 4 };
  assert.throws(
    () => UdpSocket.bind(socket.address, options),
    (error) => error instanceof ListenError && error.kind === "in-use",
  );
});

Deno.test("errnoNameOf names what the system said, and nothing else", () => {
  assert.equal(errnoNameOf(Object.assign(new Error("x"), { code: "ENETUNREACH" })), "ENETUNREACH");
  assert.equal(errnoNameOf(Object.assign(new Error("x"), { code: "no such" })), "other");
  assert.equal(errnoNameOf(new Error("x")), "other");
  assert.equal(errnoNameOf("x"), "other");
});
