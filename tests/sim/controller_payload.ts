/**
 * What a ventilator's controller says, byte by byte, written from the protocol's specification alone.
 *
 * @module
 */

/** Generations of the firmware. */
export type Firmware = "a0" | "a1-packed" | "aa" | "b6";

const VERSIONS: Readonly<Record<Firmware, number>> = {
  a0: 0xa0,
  "a1-packed": 0xa1,
  aa: 0xaa,
  b6: 0xb6,
};
const TYPES = { data: 1, alarm: 6 } as const;

/** A value is in `pressure_buffer`, which every generation has. */
export function dataPayload(firmware: Firmware, value: number, timestamp: number): Uint8Array {
  const bytes = { a0: 26, "a1-packed": 30, aa: 53, b6: 77 }[firmware];
  const view = headed(firmware, { bytes, type: TYPES.data, timestamp });
  if (firmware === "a0") view.setUint16(10, value, true);
  else if (firmware === "a1-packed") view.setUint16(14, value, true);
  else view.setFloat32(19, value, true);
  return new Uint8Array(view.buffer);
}

/** An alarm by its code, with its priority from 1 to 3, of which the oldest firmware says nothing. */
export function alarmPayload(
  firmware: Firmware,
  { code, priority }: { readonly code: number; readonly priority: number },
  timestamp: number,
): Uint8Array {
  const bytes = { a0: 6, "a1-packed": 11, aa: 12, b6: 12 }[firmware];
  const view = headed(firmware, { bytes, type: TYPES.alarm, timestamp });
  if (firmware === "a0") view.setUint8(1, code);
  else {
    const at = firmware === "a1-packed" ? 5 : 6;
    view.setUint8(at, priority);
    view.setUint8(at + 1, code);
  }
  return new Uint8Array(view.buffer);
}

/** A payload of another type, all of it 0. */
export function otherPayload(
  firmware: "aa" | "b6",
  { bytes, type }: { readonly bytes: number; readonly type: number },
  timestamp: number,
): Uint8Array {
  return new Uint8Array(headed(firmware, { bytes, type, timestamp }).buffer);
}

function headed(
  firmware: Firmware,
  { bytes, type, timestamp }: {
    readonly bytes: number;
    readonly type: number;
    readonly timestamp: number;
  },
): DataView<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(bytes));
  view.setUint8(0, VERSIONS[firmware]);
  if (firmware === "a0") return view;
  view.setUint32(1, Math.floor(timestamp) % 2 ** 32, true);
  if (firmware !== "a1-packed") view.setUint8(5, type);
  return view;
}
