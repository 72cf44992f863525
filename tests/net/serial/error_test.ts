import { strict as assert } from "node:assert";
import { EACCES, EBUSY, Libc } from "../../../src/net/libc/libc.ts";
import { explainOpening, SerialPortError } from "../../../src/net/serial/error.ts";

const decoder = new TextDecoder();

Deno.test("explainOpening names the group that may use the port", async () => {
  using libc = Libc.acquire();
  const { stdout } = await new Deno.Command("stat", { args: ["-c", "%G", "/dev/tty"] }).output();
  const denied = explainOpening(libc, "/dev/tty", EACCES);
  assert.equal(denied.problem, "permission");
  const group = decoder.decode(stdout).trim();
  assert.equal(
    denied.message,
    `Cannot open serial port "/dev/tty": permission denied, the user must be in the group "${group}"`,
  );
  const gone = explainOpening(libc, "/dev/no-such-port", EACCES);
  assert.equal(gone.message, 'Cannot open serial port "/dev/no-such-port": permission denied');
  assert.equal(explainOpening(libc, "/dev/tty", EBUSY).problem, "busy");
});

Deno.test("SerialPortError is an error that a caller can tell apart", () => {
  const error = new SerialPortError("/dev/ttyACM0", "busy", "another program uses it");
  assert.ok(error instanceof Error);
  assert.equal(String(error), `SerialPortError: ${error.message}`);
});
