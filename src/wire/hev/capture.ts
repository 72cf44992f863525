/**
 * Captures: packets as received, each with its time, one per line.
 *
 * ```
 * pulsebox-hev-capture 1 seed
 * 0 {"sensors":…}
 * 1000.25 {"sensors":…}
 * ```
 *
 * @module
 */

/** One packet of a capture. */
export interface CapturedPacket {
  /** Milliseconds since the first packet. */
  readonly atMs: number;
  /** The JSON document as received, without the NUL. */
  readonly text: string;
}

/** A capture. */
export interface Capture {
  /** Whether a NUL followed each packet. */
  readonly dialect: "seed" | "nul";
  readonly packets: readonly CapturedPacket[];
}

const MARK = "pulsebox-hev-capture 1";
const HEAD: RegExp = new RegExp(`^${MARK} (seed|nul)$`);
const LINE: RegExp = /^(\d{1,12}(?:\.\d{1,6})?) (\{[^\n]*\})$/;

/** The first line of a capture, newline included. */
export function captureHead(dialect: Capture["dialect"]): string {
  return `${MARK} ${dialect}\n`;
}

/** The line of a packet, newline included. */
export function captureLine({ atMs, text }: CapturedPacket): string {
  // A document with line breaks is as good in one line, but no longer byte for byte the same; no
  // server writes such.
  return `${Number(atMs.toFixed(3))} ${text.replace(/[\r\n]+/g, " ")}\n`;
}

/**
 * Reads a capture. An incomplete last line is left out.
 *
 * @return `undefined` if it is something else.
 */
export function readCapture(text: string): Capture | undefined {
  const [head = "", ...lines] = text.split("\n");
  const dialect = HEAD.exec(head)?.[1];
  if (dialect !== "seed" && dialect !== "nul") return undefined;
  const packets: CapturedPacket[] = [];
  for (const line of lines) {
    const [, time, packet] = LINE.exec(line) ?? [];
    if (time !== undefined && packet !== undefined) {
      packets.push({ atMs: Number(time), text: packet });
    }
  }
  return { dialect, packets };
}
