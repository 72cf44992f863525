/**
 * The microcontroller of a ventilator at the other end of a serial line, written from the protocol's
 * specification alone.
 *
 * @module
 */

import { alarmPayload, dataPayload, type Firmware } from "./controller_payload.ts";
import type { VirtualTime } from "./virtual_time.ts";
import type { VirtualTty } from "./virtual_serial.ts";

/** What the controller told, once the host has acknowledged it. */
export type Told =
  | { readonly kind: "data"; readonly value: number }
  | { readonly kind: "alarm"; readonly code: number; readonly priority: number };

/** A command that has arrived. */
export interface Arrived {
  readonly code: number;
  readonly param: number;
  /** How often it was sent. */
  times: number;
}

const FLAG = 0x7e;
const ESCAPE = 0x7d;
const ADDRESS = { alarm: 0xc0, command: 0x80, data: 0x40 } as const;
const NUMBERS = 128;
const ACK = 0x01;
const NACK = 0x05;
/** How often it sends values, in milliseconds. */
export const PERIOD_MS = 1_000;
/** How long it waits for an acknowledgement, in milliseconds. */
const RESEND_MS = 200;
/** How long it takes to begin after it was opened, in milliseconds. */
const BOOT_MS = 20;

/** How often it looks whether it is open, in milliseconds. */
const LOOK_MS = 250;

interface Waiting {
  readonly told: Told;
  readonly address: number;
  readonly payload: Uint8Array;
}

/** The controller. */
export class Arduino {
  readonly tty: VirtualTty;
  /** It sends values. */
  isTalking = true;
  /** It acknowledges commands. */
  isAnswering = true;
  /** Called with what the host has acknowledged. */
  onTold: (told: Told) => void = () => {};
  /** What is wrong with what the host sends. */
  complaint: string | undefined;
  /** Commands, in order of arrival; a repeated one counts once. */
  readonly commands: Arrived[] = [];
  /** How often each value that is sent now is sent, in milliseconds. */
  periodMs = PERIOD_MS;
  readonly #firmware: Firmware;
  readonly #time: VirtualTime;
  readonly #queue: Waiting[] = [];
  #isOpen = false;
  #number = 0;
  #value = 0;
  #dataAt = Infinity;
  #resendAt = Infinity;
  #lastCommand = "";
  #frame: number[] = [];

  constructor(firmware: Firmware, tty: VirtualTty, time: VirtualTime) {
    this.#firmware = firmware;
    this.tty = tty;
    this.#time = time;
    tty.onOpen = () => {
      this.#isOpen = true;
      this.#frame = [];
      this.#lastCommand = "";
      this.#dataAt = time.now + BOOT_MS;
      if (this.#queue.length > 0) this.#resendAt = this.#dataAt;
    };
    tty.onClose = () => this.#isOpen = false;
    tty.onBytes = (bytes) => this.#receive(bytes);
  }

  /** Whether somebody has opened its port. */
  get isOpen(): boolean {
    return this.#isOpen && this.tty.isPlugged;
  }

  /** When it acts next by itself, in milliseconds; `Infinity` if it does not. */
  nextAt(): number {
    // It may be opened at any time.
    if (!this.isOpen) return this.tty.isPlugged ? this.#time.now + LOOK_MS : Infinity;
    return Math.min(this.isTalking ? this.#dataAt : Infinity, this.#resendAt);
  }

  /** It does so. */
  act(): void {
    const { now } = this.#time;
    if (!this.isOpen) return;
    if (this.#resendAt <= now) return this.#transmit();
    if (!this.isTalking || this.#dataAt > now) return;
    this.#dataAt = now + this.periodMs;
    this.sendValues();
  }

  /** Sends values. */
  sendValues(): void {
    if (!this.isOpen || this.#queue.length > 3) return;
    this.#value = (this.#value + 1) % 50_000;
    const payload = dataPayload(this.#firmware, this.#value, this.#time.now);
    this.#add({ told: { kind: "data", value: this.#value }, address: ADDRESS.data, payload });
  }

  /** Raises an alarm. */
  sendAlarm(code: number, priority: number): void {
    if (!this.isOpen || this.#queue.length > 3) return;
    const payload = alarmPayload(this.#firmware, { code, priority }, this.#time.now);
    this.#add({ told: { kind: "alarm", code, priority }, address: ADDRESS.alarm, payload });
  }

  /** Sends part of a frame, and no more. */
  sendPart(share: number): void {
    const bytes = frameOf(
      ADDRESS.data,
      0,
      this.#number << 1,
      dataPayload(this.#firmware, 60_000, this.#time.now),
    );
    this.tty.send(bytes.subarray(0, Math.max(1, Math.floor(share * (bytes.length - 1)))));
  }

  /** Loses its power: it knows nothing of before. */
  unplug(): void {
    this.#queue.length = 0;
    this.#number = 0;
    this.#resendAt = Infinity;
    this.#isOpen = false;
    this.#lastCommand = "";
    this.tty.unplug();
  }

  #add(waiting: Waiting): void {
    this.#queue.push(waiting);
    if (this.#queue.length === 1) this.#transmit();
  }

  #transmit(): void {
    const [first] = this.#queue;
    this.#resendAt = first === undefined ? Infinity : this.#time.now + RESEND_MS;
    if (first === undefined) return;
    this.tty.send(frameOf(first.address, 0, this.#number << 1, first.payload));
  }

  #receive(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte !== FLAG) {
        this.#frame.push(byte);
        continue;
      }
      if (this.#frame.length > 0) this.#take(this.#frame);
      this.#frame = [];
    }
  }

  #take(raw: readonly number[]): void {
    const content: number[] = [];
    for (let at = 0; at < raw.length; at++) {
      const byte = raw[at] ?? 0;
      content.push(byte === ESCAPE ? (raw[++at] ?? 0) ^ 0x20 : byte);
    }
    const body = content.slice(0, -2);
    const crc = crcOf(body);
    if (content.length < 5 || content.at(-2) !== (crc & 0xff) || content.at(-1) !== crc >> 8) {
      this.complaint = `The host sent a broken frame: ${raw}`;
      return;
    }
    const [address = 0, control0 = 0, control1 = 0] = body;
    const kind = control1 & 0x0f;
    if (kind === ACK || kind === NACK) return this.#answered(address, control0 >> 1, kind);
    this.#command(address, control1 >> 1, Uint8Array.from(body.slice(3)));
  }

  #answered(address: number, number: number, kind: number): void {
    const [first] = this.#queue;
    const isOurs = first?.address === address && number === (this.#number + 1) % NUMBERS;
    if (first === undefined || !isOurs) return;
    if (kind === NACK) {
      this.complaint = `The host refused a good frame: ${first.payload}`;
      return;
    }
    this.#queue.shift();
    this.#number = (this.#number + 1) % NUMBERS;
    this.onTold(first.told);
    this.#transmit();
  }

  #command(address: number, number: number, payload: Uint8Array): void {
    const repeated = `${number} ${payload}`;
    const last = this.commands.at(-1);
    if (repeated === this.#lastCommand && last !== undefined) last.times++;
    else this.commands.push({ ...this.#readCommand(address, payload), times: 1 });
    this.#lastCommand = repeated;
    if (!this.isAnswering) return;
    this.tty.send(frameOf(address, ((number + 1) % NUMBERS) << 1, ACK, new Uint8Array()));
  }

  #readCommand(address: number, payload: Uint8Array): Pick<Arrived, "code" | "param"> {
    if (address !== ADDRESS.command) this.complaint = `A command came at address ${address}`;
    const view = new DataView(payload.buffer);
    const bytes = { a0: 6, "a1-packed": 11, aa: 12, b6: 12 }[this.#firmware];
    if (payload.length !== bytes) {
      this.complaint = `A command has ${payload.length} bytes, must be ${bytes}`;
      return { code: -1, param: -1 };
    }
    switch (this.#firmware) {
      case "a0":
        return { code: view.getUint8(1), param: view.getUint32(2, true) };
      case "a1-packed":
        return { code: view.getUint8(6), param: view.getUint32(7, true) };
      case "aa":
      case "b6":
        return { code: view.getUint8(7), param: view.getFloat32(8, true) };
    }
  }
}

function frameOf(address: number, control0: number, control1: number, payload: Uint8Array) {
  const body = [address, control0, control1, ...payload];
  const crc = crcOf(body);
  const bytes = [FLAG];
  for (const byte of [...body, crc & 0xff, crc >> 8]) {
    if (byte === FLAG || byte === ESCAPE) bytes.push(ESCAPE, byte ^ 0x20);
    else bytes.push(byte);
  }
  return Uint8Array.from([...bytes, FLAG]);
}

/** CRC-16/X-25, bit by bit. */
function crcOf(bytes: readonly number[]): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  return crc ^ 0xffff;
}
