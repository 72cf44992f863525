/**
 * Folders as the kernel and udev make them for serial ports on USB.
 *
 * @module
 */

/** A USB serial port to lay out. */
export interface FakePort {
  name: string;
  attributes: Record<string, string>;
  id?: string;
}

/** Folders laid out like the kernel's, with links as it makes them. */
export class FakeUsb implements Disposable {
  readonly folder = Deno.makeTempDirSync();
  readonly options = {
    sysFolder: `${this.folder}/sys`,
    deviceFolder: `${this.folder}/dev`,
  };

  constructor(ports: FakePort[]) {
    Deno.mkdirSync(`${this.folder}/sys/class/tty`, { recursive: true });
    Deno.mkdirSync(`${this.folder}/dev/serial/by-id`, { recursive: true });
    this.#addConsole("tty0");
    this.#addBoardPort("ttyAMA0", "32");
    this.#addBoardPort("ttyS0", "4");
    // A name that a driver keeps, without hardware.
    this.#addBoardPort("ttyS1", "0");
    Deno.symlinkSync("ttyS0", `${this.folder}/dev/serial0`);
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

  #addBoardPort(name: string, type: string): void {
    this.#addTty(name, "platform/soc/serial0");
    const tty = `${this.folder}/sys/devices/platform/soc/serial0/tty/${name}`;
    Deno.symlinkSync("../../../serial0", `${tty}/device`);
    Deno.writeTextFileSync(`${tty}/type`, `${type}\n`);
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

/** An Arduino Uno. */
export const UNO: FakePort = {
  name: "ttyACM0",
  id: "usb-Arduino__www.arduino.cc__0043_7583-if00",
  attributes: {
    idVendor: "2341",
    idProduct: "0043",
    manufacturer: "Arduino (www.arduino.cc)",
    serial: "7583",
  },
};
/** A NodeMCU-32S. */
export const NODE_MCU: FakePort = {
  name: "ttyUSB0",
  attributes: {
    idVendor: "10C4",
    idProduct: "EA60",
    manufacturer: "Silicon Labs",
    product: "CP2102",
  },
};
/** A board that no rule knows. */
export const CLONE: FakePort = {
  name: "ttyUSB1",
  attributes: { idVendor: "1a86", idProduct: "7523", product: "USB Serial" },
};
