import { strict as assert } from "node:assert";
import { cString, ENOENT, fromCString, Libc, O_RDONLY } from "../../../src/net/libc/libc.ts";

Deno.test("Libc.result is the count, or the negative error number of the same call", () => {
  using libc = Libc.acquire();
  const { open, close } = libc.symbols;
  assert.equal(libc.result(open(cString("/no-such-file"), O_RDONLY)), -ENOENT);
  const descriptor = libc.result(open(cString("/"), O_RDONLY));
  assert.ok(descriptor > 2);
  assert.equal(libc.result(close(descriptor)), 0);
  assert.equal(libc.errorText(-libc.result(close(descriptor))), "Bad file descriptor");
});

Deno.test("Libc stays open until its last holder is disposed, each of them once", () => {
  const first = Libc.acquire();
  const second = Libc.acquire();
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  assert.equal(second.errorText(ENOENT), "No such file or directory");
  second[Symbol.dispose]();
  using third = Libc.acquire();
  assert.equal(third.errorText(ENOENT), "No such file or directory");
});

Deno.test("Libc.lend gives what the call gives, also if it fails", async () => {
  using libc = Libc.acquire();
  const buffer = new Uint8Array(1);
  assert.equal(await libc.lend(buffer, Promise.resolve(7)), 7);
  await assert.rejects(libc.lend(buffer, Promise.reject(new Error("broken"))), /broken/);
});

Deno.test("cString and fromCString are inverse for texts without NUL", () => {
  for (const text of ["", "/dev/ttyACM0", "Ärger", "日本"]) {
    assert.equal(fromCString(cString(text)), text);
  }
  assert.equal(fromCString(new TextEncoder().encode("a\0b")), "a");
  assert.equal(fromCString(new TextEncoder().encode("ab")), "ab");
});
