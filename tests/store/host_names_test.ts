import { strict as assert } from "node:assert";
import {
  loopbackNames,
  machineName,
  ownHostNames,
  searchDomains,
} from "../../src/store/host_names.ts";

Deno.test("searchDomains reads domains in lower case without their last dot, and no comments", () => {
  const text = `# search no.example
nameserver 127.0.0.53
search Museum.Example. lan # old.example
domain other.example
search .
options search no
`;
  assert.deepEqual(searchDomains(text), ["museum.example", "lan", "other.example"]);
  assert.deepEqual(searchDomains(""), []);
});

Deno.test("loopbackNames reads the names that no other host can have", () => {
  const text = `127.0.0.1 localhost
127.0.1.1\tPi.lan pi # old
::1 ip6-localhost
192.0.2.7 museum.example
127.0.0.1.2 no
1127.0.0.1 no
::12 no
# 127.0.0.1 no
`;
  assert.deepEqual(loopbackNames(text), ["localhost", "pi.lan", "pi", "ip6-localhost"]);
});

Deno.test("the names of a file are bounded", () => {
  const many = Array.from({ length: 1_000 }, (_, index) => `name${index}`);
  assert.deepEqual(searchDomains(`search ${many.join(" ")}`), many.slice(0, 64));
  assert.deepEqual(loopbackNames(`::1 ${many.join(" ")}`), many.slice(0, 64));
});

Deno.test("ownHostNames has the machine's name alone, in .local and in each search domain", () => {
  const own = machineName().toLowerCase();
  const names = ownHostNames();
  const domains = searchDomains(textOf("/etc/resolv.conf"));
  const expected = own === "" ? [] : [own, ...["local", ...domains].map((end) => `${own}.${end}`)];
  assert.deepEqual(names, new Set([...expected, ...loopbackNames(textOf("/etc/hosts"))]));
});

Deno.test({
  name: "ownHostNames has the loopback names alone if the machine's name is not known",
  permissions: { read: true, sys: false },
  fn() {
    assert.equal(machineName(), "");
    assert.deepEqual(ownHostNames(), new Set(loopbackNames(textOf("/etc/hosts"))));
  },
});

function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
