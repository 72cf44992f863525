import { strict as assert } from "node:assert";
import { setImmediate } from "node:timers";
import { Resets } from "../../../scripts/torture/resets.ts";
import type { Connection } from "../../../src/net/tcp/connection.ts";
import { TcpServer } from "../../../src/net/tcp/server.ts";
import { flushAtTurnEnd } from "../../../src/net/tcp/turn_end.ts";
import { eventually } from "../../support/eventually.ts";
import { until } from "../../support/tcp.ts";

Deno.test("flushAtTurnEnd comes after all that arrived together, in the order of the calls", async () => {
  const seen: string[] = [];
  const arrivals = ["a", "b", "c"].map((name) =>
    Promise.resolve().then(() => {
      seen.push(`${name} arrives`);
      flushAtTurnEnd({ flush: () => seen.push(`${name} goes out`) });
    })
  );
  await Promise.all(arrivals);
  assert.deepEqual(seen, [
    ...["a", "b", "c"].map((name) => `${name} arrives`),
    ...["a", "b", "c"].map((name) => `${name} goes out`),
  ]);
});

Deno.test("flushAtTurnEnd takes what is added during a flush for the next one", async () => {
  const seen: number[] = [];
  const again = (count: number) => {
    seen.push(count);
    if (count < 5) flushAtTurnEnd({ flush: () => again(count + 1) });
  };
  flushAtTurnEnd({ flush: () => again(0) });
  flushAtTurnEnd({ flush: () => seen.push(-1) });
  assert.deepEqual(seen, [], "nothing is done at once");
  await eventually("all flushes", () => seen.length >= 7);
  assert.deepEqual(seen, [0, -1, 1, 2, 3, 4, 5]);
});

Deno.test("flushAtTurnEnd lets hundreds of busy connections go forward alike", async () => {
  const count = 400;
  const connections = new Set<Connection>();
  await using server = TcpServer.listen({
    addresses: [{ hostname: "127.0.0.1", port: 0 }],
    connectionLimits: { policy: "conflate", joinBytes: 0 },
    serve: async (connection) => {
      connection.enter("busy", Infinity);
      connections.add(connection);
      await connection.ended();
    },
  });
  using peers = new Resets();
  const open: (number | undefined)[] = [];
  while (open.length < count) {
    // Not more at once than may wait to be accepted.
    for (let index = 0; index < 100; index++) {
      open.push(peers.open(server.addresses[0]?.port ?? 0, 1 + index % 4));
    }
    await until(() => connections.size === open.length, "all are accepted");
  }
  const packet = new Uint8Array(1);
  const send = () => connections.forEach((each) => each.send(packet, { topic: "news" }));
  send();
  await Promise.all([...connections].map((each) => each.drained()));
  // There is always something to send: nobody may be left behind.
  for (let turn = 0; turn < 100; turn++) {
    send();
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  const packets = [...connections].map(({ sentBytes }) => sentBytes);
  const [least, most] = [Math.min(...packets), Math.max(...packets)];
  assert.ok(least > most / 2, `${least} packets to one, ${most} to another`);
  for (const descriptor of open) if (descriptor !== undefined) peers.close(descriptor);
});
