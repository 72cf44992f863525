/**
 * Memory of a trigger client: `trigger_memory.ts CLIENTS` prints bytes for each as JSON. Runs with
 * `--v8-flags=--expose-gc`.
 *
 * @module
 */

import { ClientTable, UNLIMITED_PINGS } from "../../src/roles/trigger/client_table.ts";

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});

function usedBytes(): number {
  collect();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

if (import.meta.main) {
  const clients = Number(Deno.args[0]);
  const before = usedBytes();
  const table = new ClientTable({ now: 0, clientsMax: clients, phases: "spread", seed: 1 });
  for (let index = 0; index < clients; index++) {
    // Made as the runtime makes it: one flat text for each.
    const hostname = new TextDecoder().decode(
      new TextEncoder().encode(`100.${index >> 16}.${(index >> 8) & 255}.${index & 255}`),
    );
    table.add({
      hostname,
      port: 12_345,
      socket: 0,
      now: 0,
      deadline: 120_000,
      pings: UNLIMITED_PINGS,
    });
  }
  const bytes = (usedBytes() - before) / clients;
  console.log(JSON.stringify({ bytes, clients: table.size }));
}
