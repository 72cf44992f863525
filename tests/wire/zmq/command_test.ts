import { strict as assert } from "node:assert";
import {
  encodeCommand,
  encodeCredentials,
  encodePing,
  encodeProperties,
  parseCommand,
  parseCredentials,
  parsePing,
  parseProperties,
} from "../../../src/wire/zmq/command.ts";
import { hex, toHex } from "./transcript.ts";

Deno.test("encodePing tells tenths of a second, rounded up, at most what fits", () => {
  assert.equal(toHex(encodePing(1_000)), "04 50 49 4e 47 00 0a");
  assert.equal(toHex(encodePing(1)), "04 50 49 4e 47 00 01");
  assert.equal(toHex(encodePing(1e9)), "04 50 49 4e 47 ff ff");
});

Deno.test("parsePing cuts the context at 16 bytes", () => {
  const ping = parsePing(hex(`00 05 ${"61".repeat(20)}`));
  assert.deepEqual([ping?.ttlMs, ping?.context.length], [500, 16]);
  // Both bytes of the time count.
  assert.equal(parsePing(hex("01 02"))?.ttlMs, 25_800);
});

Deno.test("commands, properties and credentials are read back", () => {
  const value = Uint8Array.of(1, 2, 3);
  const command = parseCommand(encodeCommand("READY", encodeProperties([["Socket-Type", value]])));
  assert.equal(command?.name, "READY");
  const properties = parseProperties(command?.data ?? new Uint8Array(0));
  assert.deepEqual([...properties ?? []], [["socket-type", value]]);
  assert.deepEqual(parseCredentials(encodeCredentials("Jürgen", "")), {
    username: "Jürgen",
    password: "",
  });
  assert.equal(parseCredentials(hex("01 61 00 00")), undefined);
  assert.equal(parseCredentials(hex("")), undefined);
  assert.equal(parseCommand(hex("05 41")), undefined);
});

Deno.test("encodeCredentials refuses words that do not fit", () => {
  assert.throws(() => encodeCredentials("x".repeat(256), ""), /^RangeError: Cannot write word/);
});
