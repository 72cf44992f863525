import { strict as assert } from "node:assert";
import {
  chooseController,
  describePort,
  findBoardSerialPorts,
  findUsbSerialPorts,
  type UsbSerialPort,
} from "../../../src/net/serial/discovery.ts";
import { CLONE, FakeUsb, NODE_MCU, UNO } from "./fake_usb.ts";

Deno.test("findUsbSerialPorts reads what each USB port says of itself", () => {
  using system = new FakeUsb([UNO, NODE_MCU]);
  assert.deepEqual(findUsbSerialPorts(system.options), [
    {
      path: `${system.folder}/dev/ttyACM0`,
      idPath: `${system.folder}/dev/serial/by-id/usb-Arduino__www.arduino.cc__0043_7583-if00`,
      vendorId: "2341",
      productId: "0043",
      manufacturer: "Arduino (www.arduino.cc)",
      product: "",
      serialNumber: "7583",
    },
    {
      path: `${system.folder}/dev/ttyUSB0`,
      idPath: undefined,
      vendorId: "10c4",
      productId: "ea60",
      manufacturer: "Silicon Labs",
      product: "CP2102",
      serialNumber: "",
    },
  ]);
});

Deno.test("findUsbSerialPorts sorts by kind, then by number", () => {
  const names = ["ttyUSB10", "ttyACM2", "ttyUSB9", "ttyACM10"];
  using system = new FakeUsb(names.map((name) => ({ ...CLONE, name })));
  const found = findUsbSerialPorts(system.options).map((port) => port.path.split("/").at(-1));
  assert.deepEqual(found, ["ttyACM2", "ttyACM10", "ttyUSB9", "ttyUSB10"]);
});

Deno.test("findUsbSerialPorts finds none where the kernel's folders are missing", () => {
  const options = { sysFolder: "/dev/null/none", deviceFolder: "/dev/null/none" };
  assert.deepEqual(findUsbSerialPorts(options), []);
});

function usbPort(fields: Partial<UsbSerialPort>): UsbSerialPort {
  return {
    path: "/dev/ttyACM0",
    idPath: undefined,
    vendorId: "1a86",
    productId: "7523",
    manufacturer: "",
    product: "",
    serialNumber: "",
    ...fields,
  };
}

const RULE_CASES: [name: string, port: Partial<UsbSerialPort>, rule: RegExp | undefined][] = [
  ["a manufacturer in capitals", { manufacturer: "ARDUINO SA" }, /manufacturer/],
  ["a manufacturer in small letters", { manufacturer: "the arduino shop" }, /manufacturer/],
  ["a CP210x", { vendorId: "10c4", productId: "ea60" }, /CP210x/],
  ["another product of that vendor", { vendorId: "10c4", productId: "ea61" }, undefined],
  ["an Uno without strings", { vendorId: "2341", productId: "0043" }, /Uno/],
  ["a clone", { product: "USB Serial" }, undefined],
  ["a product that boasts", { product: "Arduino compatible" }, undefined],
];

Deno.test("chooseController follows the rules of the original", () => {
  for (const [name, fields, rule] of RULE_CASES) {
    const found = chooseController([usbPort(fields)]);
    if (rule === undefined) assert.equal(found, undefined, name);
    else assert.match(found?.rule.name ?? "", rule, name);
  }
});

Deno.test("chooseController takes the last match", () => {
  const first = usbPort({ path: "/dev/ttyACM0", manufacturer: "Arduino" });
  const second = usbPort({ path: "/dev/ttyACM1", manufacturer: "Arduino" });
  const other = usbPort({ path: "/dev/ttyUSB0" });
  assert.equal(chooseController([first, second, other])?.port, second);
  assert.equal(chooseController([]), undefined);
});

Deno.test("describePort says what a person needs to tell ports apart", () => {
  const port = usbPort({ manufacturer: "QinHeng", product: "USB Serial" });
  assert.equal(describePort(port), "/dev/ttyACM0 (1a86:7523 QinHeng USB Serial)");
});

Deno.test("findBoardSerialPorts finds the ports of the board that have hardware", () => {
  using system = new FakeUsb([UNO, CLONE]);
  const { deviceFolder } = system.options;
  assert.deepEqual(findBoardSerialPorts(system.options), [
    { path: `${deviceFolder}/ttyAMA0`, aliasPath: undefined },
    { path: `${deviceFolder}/ttyS0`, aliasPath: `${deviceFolder}/serial0` },
  ]);
  assert.deepEqual(findBoardSerialPorts({ sysFolder: "/nowhere", deviceFolder: "/nowhere" }), []);
});
