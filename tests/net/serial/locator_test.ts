import { strict as assert } from "node:assert";
import { serialLocator } from "../../../src/net/serial/locator.ts";
import { CLONE, FakeUsb, UNO } from "./fake_usb.ts";

Deno.test("serialLocator follows the controller to its newest name", () => {
  using before = new FakeUsb([UNO, CLONE]);
  assert.equal(serialLocator("auto", before.options)(), `${before.folder}/dev/ttyACM0`);
  using after = new FakeUsb([{ ...UNO, name: "ttyACM1" }]);
  assert.equal(serialLocator("auto", after.options)(), `${after.folder}/dev/ttyACM1`);
});

Deno.test("serialLocator says what is there if it is not the controller", () => {
  using empty = new FakeUsb([]);
  assert.throws(serialLocator("auto", empty.options), {
    name: "SerialPortError",
    problem: "absent",
    message: 'Cannot open serial port "auto": there is no serial device on USB',
  });
  using clone = new FakeUsb([CLONE]);
  assert.throws(serialLocator("auto", clone.options), {
    message: `Cannot open serial port "auto": no microcontroller among ` +
      `${clone.folder}/dev/ttyUSB1 (1a86:7523 USB Serial); name the port to use one of them`,
  });
});

Deno.test("serialLocator keeps to a path", () => {
  assert.equal(serialLocator("/dev/ttyACM7")(), "/dev/ttyACM7");
});
