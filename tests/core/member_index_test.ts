import { strict as assert } from "node:assert";
import { Member } from "../../src/core/member.ts";
import { MemberIndex } from "../../src/core/member_index.ts";

function member(name: string, address: string): Member {
  return new Member({ id: `${name} @ ${address}`, name, address }, 1000, 0);
}

function setUp(membersMax: number, membersPerAddressMax: number, members: Member[]): MemberIndex {
  const index = new MemberIndex({ membersMax, membersPerAddressMax });
  for (const each of members) index.add(each);
  return index;
}

Deno.test("MemberIndex keeps members in the order in which they came or came back", () => {
  const [a, b, c] = [member("a", "x"), member("b", "x"), member("c", "y")];
  const index = setUp(10, 10, [a, b, c]);
  index.markGone(a);
  index.markBack(a);
  assert.deepEqual([...index.values()], [b, c, a]);
  assert.equal(index.size, 3);
  assert.equal(index.get("a @ x"), a);
});

Deno.test("MemberIndex offers the member that went first when it is full", () => {
  const [a, b, c] = [member("a", "x"), member("b", "y"), member("c", "z")];
  const index = setUp(3, 3, [a, b, c]);
  assert.equal(index.roomFor("w"), "full");
  index.markGone(b);
  index.markGone(a);
  assert.equal(index.roomFor("w"), b);
  index.delete(b);
  assert.equal(index.roomFor("w"), undefined);
});

Deno.test("MemberIndex offers at a full address only that address's own", () => {
  const [a, b, c] = [member("a", "x"), member("b", "y"), member("c", "y")];
  const index = setUp(3, 2, [a, b, c]);
  index.markGone(a);
  assert.equal(index.roomFor("y"), "address-full");
  index.markGone(c);
  assert.equal(index.roomFor("y"), c);
  index.markBack(c);
  assert.equal(index.roomFor("y"), "address-full");
});

Deno.test("MemberIndex offers nobody who is in maintenance", () => {
  const [a, b] = [member("a", "x"), member("b", "x")];
  const index = setUp(2, 2, [a, b]);
  index.markGone(a);
  a.pause = { reason: "repair", until: Infinity };
  assert.equal(index.roomFor("x"), "address-full");
  index.markGone(b);
  assert.equal(index.roomFor("x"), b);
});

Deno.test("MemberIndex counts an address down to nothing", () => {
  const [a, b] = [member("a", "x"), member("b", "x")];
  const index = setUp(9, 2, [a, b]);
  assert.equal(index.roomFor("x"), "address-full");
  index.delete(a);
  index.delete(a);
  assert.equal(index.roomFor("x"), undefined);
  index.delete(b);
  assert.equal(index.size, 0);
  index.add(a);
  assert.equal(index.roomFor("x"), undefined);
});

Deno.test("MemberIndex refuses a full address without a look at those gone elsewhere", () => {
  const index = setUp(200, 1, [member("hostile", "x")]);
  let looks = 0;
  for (let number = 0; number < 100; number++) {
    const address = `10.0.0.${number}`;
    const other = member("a", address);
    index.add(other);
    index.markGone(other);
    const look = <V>(value: V) => ({
      get: () => {
        looks++;
        return value;
      },
    });
    Object.defineProperties(other, { address: look(address), pause: look(undefined) });
  }
  assert.equal(index.roomFor("x"), "address-full");
  assert.equal(looks, 0);
});

Deno.test("MemberIndex takes all addresses that one peer can use at will for one", () => {
  const [a, b] = [member("a", "2001:db8:0:1::1"), member("b", "2001:db8:0:1::2")];
  const index = setUp(9, 2, [a, b]);
  assert.equal(index.roomFor("2001:db8:0:1:ffff::3"), "address-full");
  assert.equal(index.roomFor("2001:db8:0:2::1"), undefined);
  index.markGone(b);
  assert.equal(index.roomFor("2001:db8:0:1::3"), b);
  index.delete(b);
  assert.equal(index.roomFor("2001:db8:0:1::3"), undefined);
});
