/**
 * RFC 6455 as a list of cases, in the manner of the Autobahn test suite: what a client sends after the
 * upgrade, and what has to come back. A text message cannot be echoed here, because ZWS 2.0 has none.
 *
 * @module
 */

import { HANDSHAKE_CASES } from "./handshake_cases.ts";
import type { Deviation, ListedCase } from "./listed.ts";

/** A frame of a client as data. */
export interface ClientFrame {
  /** 0 to 15. */
  readonly opcode: number;
  /** Each character one byte; none if not given. */
  readonly payload?: string;
  /** Instead of `payload`: a piece of the message of so many bytes that the door takes. */
  readonly of?: readonly [bytes: number, from?: number, to?: number];
  readonly isLast?: false;
  /** The three reserved bits, 1 to 7. */
  readonly reserved?: number;
  readonly isMasked?: false;
  readonly mask?: readonly number[];
  /** Bits of the length, where it is not written in the shortest form. */
  readonly form?: 16 | 64;
  /** The length to announce, where it is not that of the payload. */
  readonly announces?: bigint;
}

/** What a client sends when it is connected, and what it hears. */
export interface FrameCase extends ListedCase {
  readonly frames: readonly ClientFrame[];
  /** Bytes of one write; all at once if not given. */
  readonly pieceBytes?: number;
  /** The control frames that come back, in order; after a close, the connection ends. */
  readonly answers: readonly string[];
  /** Bytes of the messages that arrive; none if not given. */
  readonly arrives?: readonly number[];
}

const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10];
const X125 = "x".repeat(125);

const NO_TEXT: Deviation = {
  does: "ends with 1003 what is text",
  why: "RFC 45 (ZWS 2.0) puts each ZeroMQ frame into a binary message; text has no meaning",
};
const NO_EMPTY: Deviation = {
  does: "ends with 1002 a binary message without a byte",
  why: "RFC 45 (ZWS 2.0) begins each message with a byte of flags",
};

type Rest = Omit<FrameCase, "group" | "name" | "clause" | "frames" | "answers">;

/** Makes the cases of one group. */
function group(group: string) {
  return (
    name: string,
    clause: string,
    frames: readonly ClientFrame[],
    answers: readonly string[],
    rest: Rest = {},
  ): FrameCase => ({ group, name, clause: `RFC 6455 ${clause}`, frames, answers, ...rest });
}

const message = (bytes: number): ClientFrame => ({ opcode: BINARY, of: [bytes] });
const ping = (payload = ""): ClientFrame => ({ opcode: PING, payload });
const pong = (payload = ""): ClientFrame => ({ opcode: PONG, payload });
const close = (payload = ""): ClientFrame => ({ opcode: CLOSE, payload });
/** A message of so many bytes, cut where the numbers say. */
function fragments(bytes: number, ...cuts: readonly number[]): ClientFrame[] {
  const edges = [0, ...cuts, bytes];
  return edges.slice(1).map((to, index): ClientFrame => ({
    opcode: index === 0 ? BINARY : CONTINUATION,
    of: [bytes, edges[index] ?? 0, to],
    ...(index < cuts.length ? { isLast: false } : {}),
  }));
}
/** Puts frames between the others. */
function between(frames: readonly ClientFrame[], ...inner: readonly ClientFrame[]): ClientFrame[] {
  return frames.flatMap((frame, at) => at === 0 ? [frame] : [...inner, frame]);
}
const PROTOCOL_ERROR = ["close 1002"];

const framing = group("framing");
const FRAMING: readonly FrameCase[] = [
  framing("0 bytes", "5.2", [{ opcode: BINARY }], PROTOCOL_ERROR, { deviates: NO_EMPTY }),
  ...[2, 125, 126, 127, 128, 65_535, 65_536, 65_537].map((bytes) =>
    framing(`${bytes} bytes`, "5.2", [message(bytes)], [], { arrives: [bytes] })
  ),
  ...[126, 65_536].map((bytes) =>
    framing(`${bytes} bytes in pieces of 997`, "5.2", [message(bytes)], [], {
      arrives: [bytes],
      pieceBytes: 997,
    })
  ),
  ...[125, 126].map((bytes) =>
    framing(`${bytes} bytes, byte by byte`, "5.2", [message(bytes)], [], {
      arrives: [bytes],
      pieceBytes: 1,
    })
  ),
  framing("three messages in one write", "5.2", [message(2), message(130), message(70)], [], {
    arrives: [2, 130, 70],
  }),
  ...([[100, 16], [100, 64], [200, 64], [65_535, 64]] as const).map(([bytes, form]) =>
    framing(
      `${bytes} bytes with a length of ${form} bits (only the sender is bound to be brief)`,
      "5.2",
      [{ ...message(bytes), form }],
      [],
      { arrives: [bytes] },
    )
  ),
  framing(
    "a length whose first bit is set",
    "5.2",
    [{ opcode: BINARY, announces: 2n ** 63n + 5n }],
    ["close 1009"],
  ),
];

const controls = group("pings and pongs");
const CONTROLS: readonly FrameCase[] = [
  controls("ping without payload", "5.5.2", [ping()], ["pong "]),
  controls("ping with text", "5.5.2", [ping("Hello")], ["pong Hello"]),
  controls("ping with every kind of byte", "5.5.2", [ping("\0\xff\xfe\xfd\x80")], [
    "pong \0\xff\xfe\xfd\x80",
  ]),
  controls("ping of 125 bytes", "5.5", [ping(X125)], [`pong ${X125}`]),
  controls("ping of 126 bytes", "5.5", [ping(`${X125}x`)], PROTOCOL_ERROR),
  controls("ping of 125 bytes, byte by byte", "5.5.2", [ping(X125)], [`pong ${X125}`], {
    pieceBytes: 1,
  }),
  controls(
    "ten pings in one write",
    "5.5.2",
    Array.from("0123456789", (digit) => ping(digit)),
    Array.from("0123456789", (digit) => `pong ${digit}`),
  ),
  controls("ping in a fragment", "5.4", [{ ...ping("x"), isLast: false }], PROTOCOL_ERROR),
  controls("ping that goes on", "5.4", [
    { ...ping("x"), isLast: false },
    { opcode: CONTINUATION, payload: "y" },
  ], PROTOCOL_ERROR),
  controls("pong that nobody asked for", "5.5.3", [pong()], []),
  controls("pong that nobody asked for, with payload", "5.5.3", [pong("Hello")], []),
  controls("pong of 125 bytes", "5.5.3", [pong(X125)], []),
  controls("pong of 126 bytes", "5.5", [pong(`${X125}x`)], PROTOCOL_ERROR),
  controls("pong, then ping", "5.5.3", [pong("a"), ping("b")], ["pong b"]),
  controls("pong in a fragment", "5.4", [{ ...pong("x"), isLast: false }], PROTOCOL_ERROR),
  controls("ping between two messages", "5.5.2", [message(9), ping("m"), message(8)], ["pong m"], {
    arrives: [9, 8],
  }),
];

const reserved = group("reserved bits and opcodes");
const RESERVED: readonly FrameCase[] = [
  ...[1, 2, 3, 4, 5, 6, 7].map((bits) =>
    reserved(`binary with the bits ${bits}`, "5.2", [
      { ...message(20), reserved: bits },
      ping(),
    ], PROTOCOL_ERROR)
  ),
  ...[["ping", ping()], ["pong", pong()], ["close", close()]].map(([name, frame]) =>
    reserved(`${name} with a reserved bit`, "5.2", [
      { ...frame as ClientFrame, reserved: 4 },
    ], PROTOCOL_ERROR)
  ),
  reserved(
    "continuation with a reserved bit",
    "5.2",
    fragments(20, 9).map((frame, at) => at === 0 ? frame : { ...frame, reserved: 4 }),
    PROTOCOL_ERROR,
  ),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
    reserved(`opcode ${opcode}`, "5.2", [{ opcode }], PROTOCOL_ERROR),
    reserved(
      `opcode ${opcode} after a message`,
      "5.2",
      [
        message(12),
        { opcode, payload: "Hello" },
        ping(),
      ],
      PROTOCOL_ERROR,
      { arrives: [12] },
    ),
  ]),
];

const pieces = group("fragmentation");
const FRAGMENTATION: readonly FrameCase[] = [
  pieces("two fragments", "5.4", fragments(40, 20), [], { arrives: [40] }),
  pieces("two fragments, byte by byte", "5.4", fragments(40, 20), [], {
    arrives: [40],
    pieceBytes: 1,
  }),
  pieces(
    "three fragments of 65 535, 1 and 464 bytes",
    "5.4",
    fragments(66_000, 65_535, 65_536),
    [],
    {
      arrives: [66_000],
    },
  ),
  pieces(
    "a hundred fragments",
    "5.4",
    fragments(100, ...Array.from({ length: 99 }, (_, i) => i + 1)),
    [],
    {
      arrives: [100],
    },
  ),
  pieces("first fragment empty", "5.4", fragments(30, 0), [], { arrives: [30] }),
  pieces("middle fragment empty", "5.4", fragments(30, 10, 10), [], { arrives: [30] }),
  pieces("last fragment empty", "5.4", fragments(30, 30), [], { arrives: [30] }),
  pieces("all fragments empty", "5.4", fragments(0, 0, 0), PROTOCOL_ERROR, { deviates: NO_EMPTY }),
  pieces("pings between fragments", "5.4", between(fragments(40, 10, 20), ping("p")), [
    "pong p",
    "pong p",
  ], { arrives: [40] }),
  pieces(
    "ping of 125 bytes between fragments, byte by byte",
    "5.4",
    between(fragments(40, 10), ping(X125)),
    [
      `pong ${X125}`,
    ],
    { arrives: [40], pieceBytes: 1 },
  ),
  pieces("pong between fragments", "5.4", between(fragments(40, 10), pong("p")), [], {
    arrives: [40],
  }),
  pieces("close between fragments", "5.4", between(fragments(40, 10), close("\x03\xe8")), [
    "close 1000",
  ]),
  pieces(
    "continuation of nothing",
    "5.4",
    [{ opcode: CONTINUATION, payload: "x" }],
    PROTOCOL_ERROR,
  ),
  pieces("continuation of nothing that goes on", "5.4", [
    { opcode: CONTINUATION, payload: "x", isLast: false },
  ], PROTOCOL_ERROR),
  pieces(
    "continuation after a whole message",
    "5.4",
    [
      message(40),
      { opcode: CONTINUATION, payload: "x" },
    ],
    PROTOCOL_ERROR,
    { arrives: [40] },
  ),
  pieces(
    "continuation after all fragments",
    "5.4",
    [
      ...fragments(40, 20),
      { opcode: CONTINUATION, payload: "x" },
    ],
    PROTOCOL_ERROR,
    { arrives: [40] },
  ),
  pieces(
    "a message within another",
    "5.4",
    between(fragments(40, 10), message(20)),
    PROTOCOL_ERROR,
  ),
  pieces(
    "a fragment that begins within another",
    "5.4",
    between(fragments(40, 10), {
      ...message(20),
      isLast: false,
    }),
    PROTOCOL_ERROR,
  ),
  pieces("a message that never ends", "5.4", fragments(40, 10).slice(0, 1), []),
  pieces("two messages in fragments", "5.4", [...fragments(40, 10), ...fragments(50, 10)], [], {
    arrives: [40, 50],
  }),
];

const limits = group("limits");
const LIMITS: readonly FrameCase[] = [
  limits("message of 1 MiB and its flags, announced", "10.4", [
    { opcode: BINARY, announces: 1_048_578n },
  ], ["close 1009"]),
  limits("fragments that add up to more than 1 MiB", "10.4", [
    { opcode: BINARY, payload: "\0", isLast: false },
    { opcode: CONTINUATION, announces: 1_048_577n },
  ], ["close 1009"]),
  limits(
    "1024 fragments",
    "10.4",
    [
      { opcode: BINARY, of: [20, 0, 20], isLast: false },
      ...Array.from(
        { length: 1_022 },
        (): ClientFrame => ({ opcode: CONTINUATION, isLast: false }),
      ),
      { opcode: CONTINUATION },
    ],
    [],
    { arrives: [20] },
  ),
  limits("fragments without end", "10.4", [
    { opcode: BINARY, of: [20, 0, 20], isLast: false },
    ...Array.from({ length: 1_024 }, (): ClientFrame => ({ opcode: CONTINUATION, isLast: false })),
  ], ["close 1009"]),
];

const texts = group("text and UTF-8");
const refusedText = (name: string, frames: readonly ClientFrame[], pieceBytes?: number) =>
  texts(name, "8.1", frames, ["close 1003"], {
    deviates: NO_TEXT,
    ...(pieceBytes === undefined ? {} : { pieceBytes }),
  });
const TEXTS: readonly FrameCase[] = [
  refusedText("empty", [{ opcode: TEXT }]),
  refusedText("ASCII", [{ opcode: TEXT, payload: "Hello" }]),
  refusedText("characters of two to four bytes", [
    { opcode: TEXT, payload: "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
  ]),
  refusedText("in fragments", [
    { opcode: TEXT, payload: "\xce\xba", isLast: false },
    { opcode: CONTINUATION, payload: "\xce\xb1" },
  ]),
  refusedText("byte by byte", [{ opcode: TEXT, payload: "\xce\xba\xe1\xbd\xb9" }], 1),
  refusedText(
    "within a binary message",
    between(fragments(40, 10), { opcode: TEXT, payload: "x" }),
  ),
  ...[
    ["a lone continuation byte", "\x80"],
    ["an overlong slash", "\xc0\xaf"],
    ["a surrogate", "\xed\xa0\x80"],
    ["beyond U+10FFFF", "\xf4\x90\x80\x80"],
    ["a character cut short", "\xce\xba\xe1\xbd"],
  ].map(([name = "", payload = ""]) =>
    refusedText(`not UTF-8: ${name}`, [{ opcode: TEXT, payload }])
  ),
  refusedText("not UTF-8 in a first fragment, refused before the rest comes", [
    { opcode: TEXT, payload: "\xed\xa0\x80", isLast: false },
  ]),
];

const code = (number: number) => String.fromCharCode(number >> 8, number & 0xff);
const closing = group("closing");
const CLOSING: readonly FrameCase[] = [
  closing("without code", "5.5.1", [close()], ["close"]),
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((number) =>
    closing(`with the code ${number}`, "7.4", [close(code(number))], [`close ${number}`])
  ),
  ...[1012, 1013, 1014].map((number) =>
    closing(`with the code ${number} of the registry`, "7.4.2", [close(code(number))], [
      `close ${number}`,
    ])
  ),
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((number) =>
    closing(`with the code ${number}, which nobody may send`, "7.4", [
      close(code(number)),
    ], PROTOCOL_ERROR)
  ),
  closing("with half a code", "5.5.1", [close("\x03")], PROTOCOL_ERROR),
  closing("with a reason", "5.5.1", [close(`${code(1000)}bye`)], ["close 1000"]),
  closing("with a reason in UTF-8", "5.5.1", [close(`${code(1000)}\xe2\x82\xac`)], ["close 1000"]),
  closing("with a reason of 123 bytes", "5.5", [close(code(1000) + "x".repeat(123))], [
    "close 1000",
  ]),
  closing("with a reason of 124 bytes", "5.5", [
    close(code(1000) + "x".repeat(124)),
  ], PROTOCOL_ERROR),
  ...["\xc0\xaf", "\xed\xa0\x80", "\x80", "\xf4\x90\x80\x80", "\xce"].map((reason) =>
    closing(`with a reason that is not UTF-8: ${hexOf(reason)}`, "8.1", [
      close(code(1000) + reason),
    ], ["close 1007"])
  ),
  closing("in a fragment", "5.4", [{ ...close(), isLast: false }], PROTOCOL_ERROR),
  closing("then a ping, which is not answered", "5.5.1", [close(code(1000)), ping("x")], [
    "close 1000",
  ]),
  closing("then a message, which does not arrive", "5.5.1", [close(code(1000)), message(20)], [
    "close 1000",
  ]),
  closing("twice", "5.5.1", [close(code(1000)), close(code(1001))], ["close 1000"]),
  closing("byte by byte", "5.5.1", [close(`${code(1000)}bye`)], ["close 1000"], { pieceBytes: 1 }),
  closing("after a message", "7.1.1", [message(20), close(code(1000))], ["close 1000"], {
    arrives: [20],
  }),
];

const masking = group("masking");
const MASKING: readonly FrameCase[] = [
  ...([["message", message(20)], ["ping", ping("x")], ["pong", pong()], [
    "close",
    close(),
  ]] as const)
    .map(([name, frame]) =>
      masking(`${name} without mask`, "5.1", [{ ...frame, isMasked: false }], PROTOCOL_ERROR)
    ),
  masking(
    "a second message without mask",
    "5.1",
    [
      message(20),
      { ...message(30), isMasked: false },
    ],
    PROTOCOL_ERROR,
    { arrives: [20] },
  ),
  masking("a mask of zeros", "5.3", [{ ...message(20), mask: [0, 0, 0, 0] }], [], {
    arrives: [20],
  }),
  masking(
    "another mask for each frame",
    "5.3",
    [
      { ...message(21), mask: [1, 2, 3, 4] },
      { ...message(22), mask: [255, 0, 128, 7] },
      { ...ping("Hello"), mask: [9, 9, 9, 9] },
    ],
    ["pong Hello"],
    { arrives: [21, 22] },
  ),
];

function hexOf(text: string): string {
  return Array.from(text, (each) => each.charCodeAt(0).toString(16)).join(" ");
}

/** What is sent on an open connection. */
export const FRAME_CASES: readonly FrameCase[] = [
  ...FRAMING,
  ...CONTROLS,
  ...RESERVED,
  ...FRAGMENTATION,
  ...LIMITS,
  ...TEXTS,
  ...CLOSING,
  ...MASKING,
];

/** All cases about WebSocket. */
export const WEBSOCKET_CASES: readonly ListedCase[] = [...FRAME_CASES, ...HANDSHAKE_CASES];
