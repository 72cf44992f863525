/**
 * Named datagrams of the TiX protocol: what each is to the service, and whether it wakes a phone.
 *
 * @module
 */

import {
  type DatagramKind,
  encodePing,
  encodeRegistration,
} from "../../../src/wire/tix/datagram.ts";

/** One datagram. */
export interface DatagramCase {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly kind: DatagramKind;
  readonly isPing: boolean;
  /** Writes these bytes; none of what only strangers send. */
  readonly encode?: () => Uint8Array;
}

/** Lengths and contents that the specification names, and their neighbours. */
export const DATAGRAM_CASES: readonly DatagramCase[] = [
  { name: "nothing", bytes: Uint8Array.of(), kind: "short", isPing: false },
  { name: "one byte", bytes: Uint8Array.of(0x75), kind: "short", isPing: false },
  {
    name: "the app's registration",
    bytes: Uint8Array.of(0, 0),
    kind: "registration",
    isPing: false,
    encode: encodeRegistration,
  },
  {
    name: "a ping",
    bytes: Uint8Array.of(0x75, 0x61),
    kind: "registration",
    isPing: true,
    encode: encodePing,
  },
  {
    name: "a ping, swapped",
    bytes: Uint8Array.of(0x61, 0x75),
    kind: "registration",
    isPing: false,
  },
  { name: "any two bytes", bytes: Uint8Array.of(0xff, 0xfe), kind: "registration", isPing: false },
  { name: "three bytes", bytes: Uint8Array.of(0x75, 0x61, 0), kind: "long", isPing: true },
  { name: "three zeros", bytes: new Uint8Array(3), kind: "long", isPing: false },
  { name: "a frame", bytes: new Uint8Array(1_400), kind: "long", isPing: false },
  { name: "very much", bytes: new Uint8Array(60_000), kind: "long", isPing: false },
];
