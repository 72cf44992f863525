import { strict as assert } from "node:assert";
import { BootTimeReader } from "../../../src/net/libc/boot_time.ts";

Deno.test("BootTimeReader reads the clock of this machine", () => {
  using reader = new BootTimeReader();
  const { bootId, sinceBootMs = 0 } = reader.read() ?? {};
  assert.match(bootId ?? "", /^[0-9a-f-]{36}$/);
  const now = Deno.osUptime() * 1_000;
  assert.ok(Math.abs(sinceBootMs - now) <= 5_000, `${sinceBootMs} beside ${now}`);
});
