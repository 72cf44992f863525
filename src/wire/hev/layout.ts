/**
 * How the fields of a payload lie in its bytes: little-endian, in order, without gaps of their own.
 *
 * @module
 */

/** The type of a field: integers, a single-precision float, text of n bytes, n bytes of padding. */
export type FieldType = "u8" | "i8" | "u16" | "u32" | "f32" | `text${number}` | `pad${number}`;

/** The value of a field. */
export type FieldValue = number | string;

/** The values of a payload by field name. The names come from the tables, never from a peer. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** One field of a {@linkcode Layout}. */
export interface Field {
  /** Its name, as in packets. */
  readonly name: string;
  /** How it is written. */
  readonly type: FieldType;
  /** Offset of its first byte. */
  readonly at: number;
  /** How many bytes it takes. */
  readonly bytes: number;
}

const NUMBER_BYTES: ReadonlyMap<string, number> = new Map([
  ["u8", 1],
  ["i8", 1],
  ["u16", 2],
  ["u32", 4],
  ["f32", 4],
]);

/** Shared: they keep no state between two calls that are not streams. */
const textDecoder = new TextDecoder();
const textEncoder = new TextEncoder();

/**
 * A sequence of fields, read from lines of text: a type, then the names of one or more fields of it.
 * Everything after `#` is a comment.
 *
 * @example
 * ```ts ignore
 * const layout = new Layout(`
 *   u8  version code
 *   u32 param
 * `);
 * layout.bytes; // 6
 * layout.decode(Uint8Array.of(0xa0, 1, 2, 0, 0, 0)); // { version: 160, code: 1, param: 2 }
 * ```
 */
export class Layout {
  /** The fields, padding left out. */
  readonly fields: readonly Field[];
  /** Length of the payload in bytes. */
  readonly bytes: number;

  /**
   * Reads a description.
   *
   * @throws {SyntaxError} if a line names no type, or a name occurs twice.
   */
  constructor(text: string) {
    const fields: Field[] = [];
    const names = new Set<string>();
    let at = 0;
    for (const line of text.split("\n")) {
      const [type = "", ...fieldNames] = line.replace(/#.*/, "").trim().split(/\s+/);
      if (type === "") continue;
      const bytes = bytesOf(type);
      if (type.startsWith("pad")) {
        at += bytes;
        continue;
      }
      for (const name of fieldNames) {
        if (names.has(name)) throw new SyntaxError(`Cannot read layout: "${name}" occurs twice`);
        names.add(name);
        fields.push({ name, type: type as FieldType, at, bytes });
        at += bytes;
      }
    }
    this.fields = fields;
    this.bytes = at;
  }

  /**
   * Reads the fields of a payload. Text ends at its first NUL; malformed UTF-8 becomes U+FFFD.
   *
   * @param payload At least `bytes` bytes.
   */
  decode(payload: Uint8Array): FieldValues {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const values: Record<string, FieldValue> = {};
    for (const field of this.fields) values[field.name] = readField(view, payload, field);
    return values;
  }

  /**
   * Writes a payload. Fields without a value become 0 or empty text, padding becomes 0.
   *
   * @throws {RangeError} if text does not fit its field.
   * @throws {TypeError} if a value has the wrong type.
   */
  encode(values: FieldValues): Uint8Array<ArrayBuffer> {
    const payload = new Uint8Array(this.bytes);
    const view = new DataView(payload.buffer);
    for (const field of this.fields) {
      const value = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
      if (value !== undefined) writeField(view, payload, field, value);
    }
    return payload;
  }
}

function bytesOf(type: string): number {
  const bytes = NUMBER_BYTES.get(type) ?? Number(/^(?:text|pad)([1-9]\d?)$/.exec(type)?.[1]);
  if (Number.isNaN(bytes)) throw new SyntaxError(`Cannot read layout: "${type}" is not a type`);
  return bytes;
}

function readField(view: DataView, payload: Uint8Array, field: Field): FieldValue {
  switch (field.type) {
    case "u8":
      return view.getUint8(field.at);
    case "i8":
      return view.getInt8(field.at);
    case "u16":
      return view.getUint16(field.at, true);
    case "u32":
      return view.getUint32(field.at, true);
    case "f32":
      return view.getFloat32(field.at, true);
    default: {
      const text = payload.subarray(field.at, field.at + field.bytes);
      const end = text.indexOf(0);
      return textDecoder.decode(end < 0 ? text : text.subarray(0, end));
    }
  }
}

function writeField(view: DataView, payload: Uint8Array, field: Field, value: FieldValue): void {
  if (typeof value === "string") {
    if (!field.type.startsWith("text")) {
      throw new TypeError(`Cannot encode ${field.name}: "${value}" is text, must be a number`);
    }
    const text = textEncoder.encode(value);
    if (text.length > field.bytes) {
      throw new RangeError(
        `Cannot encode ${field.name}: text has ${text.length} bytes, must be <= ${field.bytes}`,
      );
    }
    payload.set(text, field.at);
    return;
  }
  switch (field.type) {
    case "u8":
      return view.setUint8(field.at, value);
    case "i8":
      return view.setInt8(field.at, value);
    case "u16":
      return view.setUint16(field.at, value, true);
    case "u32":
      return view.setUint32(field.at, value, true);
    case "f32":
      return view.setFloat32(field.at, value, true);
    default:
      throw new TypeError(`Cannot encode ${field.name}: ${value} is a number, must be text`);
  }
}
