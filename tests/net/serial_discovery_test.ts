import { strict as assert } from "node:assert";
import {
  chooseController,
  describePort,
  findUsbSerialPorts,
  type UsbSerialPort,
} from "../../src/net/serial_discovery.ts";
import { serialLocator } from "../../src/net/serial_locator.ts";

interface FakePort {
  name: string;
  attributes: Record<string, string>;
  id?: string;
}

/** Folders laid out like the kernel's, with links as it makes them. */
class FakeSystem implements Disposable {
  readonly folder = Deno.makeTempDirSync();
  readonly options = {
    sysFolder: `${this.folder}/sys`,
    deviceFolder: `${this.folder}/dev`,
  };

  constructor(ports: FakePort[]) {
    Deno.mkdirSync(`${this.folder}/sys/class/tty`, { recursive: true });
    Deno.mkdirSync(`${this.folder}/dev/serial/by-id`, { recursive: true });
    this.#addConsole("tty0");
    this.#addBoardPort("ttyAMA0");
    ports.forEach((port, index) => this.#addUsbPort(port, index + 1));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }

  #addTty(name: string, parent: string): void {
    Deno.mkdirSync(`${this.folder}/sys/devices/${parent}/tty/${name}`, { recursive: true });
    const link = `${this.folder}/sys/class/tty/${name}`;
    Deno.symlinkSync(`../../devices/${parent}/tty/${name}`, link);
  }

  #addConsole(name: string): void {
    this.#addTty(name, "virtual");
  }

  #addBoardPort(name: string): void {
    this.#addTty(name, "platform/soc/serial0");
    const tty = `${this.folder}/sys/devices/platform/soc/serial0/tty/${name}`;
    Deno.symlinkSync("../../../serial0", `${tty}/device`);
  }

  #addUsbPort(port: FakePort, number: number): void {
    const usb = `platform/soc/usb1/1-${number}`;
    const between = port.name.startsWith("ttyUSB") ? `/${port.name}` : "";
    const parent = `${usb}/1-${number}:1.0${between}`;
    this.#addTty(port.name, parent);
    const target = between === "" ? `1-${number}:1.0` : port.name;
    const tty = `${this.folder}/sys/devices/${parent}/tty/${port.name}`;
    Deno.symlinkSync(`../../../${target}`, `${tty}/device`);
    for (const [file, text] of Object.entries(port.attributes)) {
      Deno.writeTextFileSync(`${this.folder}/sys/devices/${usb}/${file}`, `${text}\n`);
    }
    if (port.id === undefined) return;
    Deno.symlinkSync(`../../${port.name}`, `${this.folder}/dev/serial/by-id/${port.id}`);
  }
}

const UNO: FakePort = {
  name: "ttyACM0",
  id: "usb-Arduino__www.arduino.cc__0043_7583-if00",
  attributes: {
    idVendor: "2341",
    idProduct: "0043",
    manufacturer: "Arduino (www.arduino.cc)",
    serial: "7583",
  },
};
const NODE_MCU: FakePort = {
  name: "ttyUSB0",
  attributes: {
    idVendor: "10C4",
    idProduct: "EA60",
    manufacturer: "Silicon Labs",
    product: "CP2102",
  },
};
const CLONE: FakePort = {
  name: "ttyUSB1",
  attributes: { idVendor: "1a86", idProduct: "7523", product: "USB Serial" },
};

Deno.test("findUsbSerialPorts reads what each USB port says of itself", () => {
  using system = new FakeSystem([UNO, NODE_MCU]);
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
  using system = new FakeSystem(names.map((name) => ({ ...CLONE, name })));
  const found = findUsbSerialPorts(system.options).map((port) => port.path.split("/").at(-1));
  assert.deepEqual(found, ["ttyACM2", "ttyACM10", "ttyUSB9", "ttyUSB10"]);
});

Deno.test("findUsbSerialPorts finds none where the kernel's folders are missing", () => {
  const options = { sysFolder: "/nonexistent", deviceFolder: "/nonexistent" };
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

Deno.test("serialLocator follows the controller to its newest name", () => {
  using before = new FakeSystem([UNO, CLONE]);
  assert.equal(serialLocator("auto", before.options)(), `${before.folder}/dev/ttyACM0`);
  using after = new FakeSystem([{ ...UNO, name: "ttyACM1" }]);
  assert.equal(serialLocator("auto", after.options)(), `${after.folder}/dev/ttyACM1`);
});

Deno.test("serialLocator says what is there if it is not the controller", () => {
  using empty = new FakeSystem([]);
  assert.throws(serialLocator("auto", empty.options), {
    name: "SerialPortError",
    problem: "absent",
    message: 'Cannot open serial port "auto": there is no serial device on USB',
  });
  using clone = new FakeSystem([CLONE]);
  assert.throws(serialLocator("auto", clone.options), {
    message: `Cannot open serial port "auto": no microcontroller among ` +
      `${clone.folder}/dev/ttyUSB1 (1a86:7523 USB Serial); name the port to use one of them`,
  });
});

Deno.test("serialLocator keeps to a path", () => {
  assert.equal(serialLocator("/dev/ttyACM7")(), "/dev/ttyACM7");
});
