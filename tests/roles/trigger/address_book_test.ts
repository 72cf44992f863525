import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { NONE } from "../../../src/core/slot_lists.ts";
import { AddressBook } from "../../../src/roles/trigger/address_book.ts";

Deno.test("AddressBook counts the clients of addresses of both families", () => {
  const hostnames = [
    "10.0.0.1",
    "0.0.0.1",
    "239.255.255.255",
    "::1",
    "2001:db8::1",
    "2001:db8::2",
    "fd00::5",
  ];
  const step = fc.record({ hostname: fc.constantFrom(...hostnames), gain: fc.boolean() });
  fc.assert(fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
    const book = new AddressBook(2, 7);
    const counts = new Map<string, number>();
    for (const { hostname, gain } of steps) {
      const count = counts.get(hostname) ?? 0;
      if (gain) {
        counts.set(hostname, count + 1);
        assert.equal(book.hostname(book.retain(hostname)), hostname);
      } else if (count > 0) {
        counts.set(hostname, count - 1);
        book.release(book.find(hostname));
      }
      for (const [known, clients] of counts) {
        const id = book.find(known);
        if (id !== NONE) assert.equal(book.clients(id), clients, known);
        else assert.equal(clients, 0, known);
      }
      const ofBlock = (counts.get("2001:db8::1") ?? 0) + (counts.get("2001:db8::2") ?? 0);
      assert.equal(book.clientsOfBlock("2001:db8::3"), ofBlock);
      assert.equal(book.clientsOfBlock("10.0.0.1"), counts.get("10.0.0.1") ?? 0);
      assert.equal(book.size, [...counts.values()].filter((clients) => clients > 0).length);
    }
  }));
});

Deno.test("AddressBook knows no IPv6 address before it has clients", () => {
  assert.equal(new AddressBook(2, 7).find("::1"), NONE);
});
