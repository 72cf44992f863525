import { strict as assert } from "node:assert";
import { NONE } from "../../../src/core/slot_lists.ts";
import { ClientTable, UNLIMITED_PINGS } from "../../../src/roles/trigger/client_table.ts";
import { PHASES } from "../../../src/roles/trigger/tick_grid.ts";

/** More than the table has room for at first, twice over. */
const CLIENTS = 300;

function newTable(): ClientTable {
  return new ClientTable({ now: 0, clientsMax: CLIENTS, phases: "spread", seed: 7 });
}

const hostnameOf = (index: number) => `10.0.${index >> 8}.${index & 255}`;

Deno.test("ClientTable keeps everything of each client while it grows", () => {
  const table = newTable();
  const clients = Array.from({ length: CLIENTS }, (_, index) => {
    const client = table.add({
      ...{ hostname: hostnameOf(index), port: 2_000 + index, socket: index % 3 },
      ...{ now: 1_000 * index, deadline: 1_000_000 + index, pings: index % 5 },
    });
    table.countFailure(client, index);
    return { client, phase: table.phase(client) };
  });
  assert.equal(table.size, CLIENTS);
  assert.equal(table.addresses, CLIENTS);
  assert.equal(table.newest, clients.at(-1)?.client);
  for (const [index, { client, phase }] of clients.entries()) {
    assert.equal(table.find(hostnameOf(index), 2_000 + index, index % 3), client);
    assert.equal(table.hostname(client), hostnameOf(index));
    assert.deepEqual([table.port(client), table.socket(client)], [2_000 + index, index % 3]);
    assert.equal(table.phase(client), phase);
    assert.equal(table.deadline(client), 1_000_000 + index);
    assert.equal(table.ageMs(client, 1_000_000), 1_000_000 - 1_000 * index);
    assert.equal(table.countFailure(client, index + 1), 2, "the second in a row");
    for (let left = index % 5; left > 0; left--) assert.equal(table.takePing(client), true);
    assert.equal(table.takePing(client), false, `client ${index} has had its pings`);
  }
  assert.deepEqual([...table.values()].sort(), clients.map(({ client }) => client).sort());
  // So many in each phase that no phase has two more than another.
  const sizes = Array.from({ length: PHASES }, (_, phase) => table.sizeOfPhase(phase));
  assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, sizes.join());
});

Deno.test("ClientTable ends each client's lease at its time, and forgets it", () => {
  const table = newTable();
  for (let index = 0; index < CLIENTS; index++) {
    table.add({
      ...{ hostname: hostnameOf(index), port: 2_000, socket: 0 },
      ...{ now: 0, deadline: 10_000 * (1 + index), pings: UNLIMITED_PINGS },
    });
  }
  const renewed = table.find(hostnameOf(0), 2_000, 0);
  table.renew(renewed, 10_000_000);
  const ended: string[] = [];
  // The wheel of leases may be late by less than a second, never early.
  assert.equal(
    table.advance(10_000 * 100 + 5_000, (client) => ended.push(table.hostname(client))),
    99,
  );
  assert.deepEqual(
    ended.sort(),
    Array.from({ length: 99 }, (_, index) => hostnameOf(index + 1)).sort(),
  );
  assert.equal(table.size, CLIENTS - 99);
  assert.equal(table.find(hostnameOf(1), 2_000, 0), NONE);
  assert.equal(table.find(hostnameOf(0), 2_000, 0), renewed, "it was heard again");
  assert.equal(table.takePing(renewed), true, "and is confirmed");
});

Deno.test("ClientTable counts the clients of an address, and none of one that it does not know", () => {
  const table = newTable();
  for (const port of [2_000, 2_001]) {
    table.add({
      ...{ hostname: "10.0.0.1", port, socket: 0 },
      ...{ now: 0, deadline: 60_000, pings: UNLIMITED_PINGS },
    });
  }
  assert.equal(table.sizeAt("10.0.0.1"), 2);
  for (const other of ["10.0.0.2", "fd00::1"]) assert.equal(table.sizeAt(other), 0, other);
  assert.equal(table.addresses, 1);
  table.remove(table.find("10.0.0.1", 2_001, 0));
  assert.equal(table.sizeAt("10.0.0.1"), 1);
  assert.equal(table.newest, NONE, "the newest has gone");
});
