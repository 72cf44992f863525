/**
 * Decoders of streams: the same bytes mean the same however they are cut.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { FrameDecoder, type FrameEvent } from "../../../src/wire/hev/frame_decoder.ts";
import { PacketReader } from "../../../src/wire/hev/packet_reader.ts";
import { QueryReader } from "../../../src/wire/hev/query_reader.ts";
import { ResponseReader } from "../../../src/wire/http1/response.ts";
import { HELLO_BYTES_MAX, HelloBuffer } from "../../../src/wire/tls/hello.ts";
import { WebSocketReader } from "../../../src/wire/websocket/reader.ts";
import { encodeFrame, maskFrames, OPCODE } from "../../../src/wire/websocket/frame.ts";
import type { ZmqEngine } from "../../../src/wire/zmq/engine.ts";
import { ZmtpEngine } from "../../../src/wire/zmtp/engine.ts";
import { ZwsEngine } from "../../../src/wire/zws/engine.ts";
import { FRAME_CASES, STREAM_CASES } from "../../wire/hev/frame_cases.ts";
import { QUERY_CASES } from "../../wire/hev/query_cases.ts";
import { CASES } from "../../wire/http1/cases.ts";
import { transcriptOf as httpTranscriptOf } from "../../wire/http1/transcript.ts";
import { transcriptOf as zmqTranscriptOf } from "../../wire/zmq/transcript.ts";
import * as zmtp from "../../wire/zmtp/cases.ts";
import * as zws from "../../wire/zws/cases.ts";
import { split, type Target, texts } from "../target.ts";

/** Longest seed of a stream, in bytes. */
const SEED_BYTES_MAX = 1_500;

const HTTP_SEEDS = CASES.map(({ bytes }) => bytes).filter((text) => text.length < SEED_BYTES_MAX)
  .map((text) => Uint8Array.from(text, (character) => character.charCodeAt(0)));
const HTTP_WORDS = [
  "\r\n",
  "\n",
  "\r\n\r\n",
  "Content-Length: ",
  "Transfer-Encoding: chunked\r\n",
  "Host: x\r\n",
  "HTTP/1.1",
  "HTTP/1.0",
  "GET ",
  "POST ",
  "0\r\n\r\n",
  "Connection: close\r\n",
  "Upgrade: websocket\r\n",
];

/** Stream targets. */
export const STREAM_TARGETS: readonly Target[] = [
  ...(["strict", "hand-made"] as const).map((syntax): Target => ({
    name: `http-request-${syntax}`,
    holds: "requests are the same in every split; nothing follows a violation",
    seeds: HTTP_SEEDS,
    words: HTTP_WORDS,
    run: (input, random) => {
      const whole = httpTranscriptOf(input, [], {}, syntax);
      let at = 0;
      const cuts = split(input, random).map((piece) => at += piece.length).slice(0, -1);
      assert.deepEqual(httpTranscriptOf(input, cuts, {}, syntax), whole);
    },
  })),
  {
    name: "http-hand-made-head",
    holds: "what only the lenient syntax takes has no body, and ends the connection",
    seeds: HTTP_SEEDS,
    words: HTTP_WORDS,
    run: (input) => {
      const strict = httpTranscriptOf(input, [], {}, "strict");
      const lenient = httpTranscriptOf(input, [], {}, "hand-made");
      const heads = (lines: readonly string[]) => lines.filter((line) => line.startsWith("head "));
      const [taken] = heads(lenient).slice(heads(strict).length);
      if (taken === undefined) return;
      assert.match(taken, /body=0 close/, "a smuggler's request");
    },
  },
  {
    name: "http-response",
    holds: "a reply is the same in every split",
    seeds: texts(
      "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\n4000",
      "HTTP/1.1 400 Bad Request\r\n\r\nno",
      "HTTP/1.0 200 OK\n\nx",
    ),
    words: HTTP_WORDS,
    run: (input, random) => {
      const read = (pieces: readonly Uint8Array<ArrayBuffer>[]) => {
        const reader = new ResponseReader({ headBytesMax: 1_024, bodyBytesMax: 2_048 });
        for (const piece of pieces) if (reader.push(piece)) break;
        const response = reader.end();
        return response === undefined
          ? { fault: reader.fault }
          : { status: response.status, body: response.body };
      };
      assert.deepEqual(read(split(input, random)), read([input]));
    },
  },
  ...(["client", "server"] as const).map((peer): Target => ({
    name: `websocket-from-${peer}`,
    holds: "messages are the same in every split",
    seeds: [
      Uint8Array.from(frameFrom(peer, OPCODE.binary, new TextEncoder().encode("hello"))),
      Uint8Array.from(frameFrom(peer, OPCODE.ping, new Uint8Array(3))),
      Uint8Array.from(frameFrom(peer, OPCODE.close, Uint8Array.of(0x03, 0xe8))),
    ],
    words: ["\x82", "\x80", "\x02", "\x00", "\x88", "\x89", "\x7e", "\x7f"],
    run: (input, random) => {
      const read = (pieces: readonly Uint8Array[]) => {
        const reader = new WebSocketReader({ peer, messageBytesMax: 2_000 });
        const lines: string[] = [];
        for (const piece of pieces) {
          for (let at = 0; at < piece.length;) {
            const space = reader.arrivals.offer();
            const count = Math.min(space.length, piece.length - at);
            space.set(piece.subarray(at, at + count));
            reader.arrivals.commit(count);
            at += count;
            for (let event = reader.next(); event !== undefined; event = reader.next()) {
              lines.push(
                JSON.stringify({ ...event, payload: "payload" in event ? [...event.payload] : [] }),
              );
              if (event.kind === "violation") return lines;
            }
          }
        }
        return lines;
      };
      assert.deepEqual(read(split(input, random)), read([input]));
    },
  })),
  {
    name: "hev-frames",
    holds: "frames and noise of the serial line are the same in every split",
    seeds: [...FRAME_CASES, ...STREAM_CASES].map(({ bytes }) => Uint8Array.from(bytes)),
    words: ["\x7e", "\x7d", "\x7d\x5e", "\x7d\x5d"],
    run: (input, random) => {
      const read = (pieces: readonly Uint8Array[]) => {
        const decoder = new FrameDecoder();
        const frames: FrameEvent[] = [];
        let noise = 0;
        for (const piece of pieces) {
          decoder.push(piece, (event) => {
            if (event.kind === "noise") noise++;
            else frames.push(structuredClone(event));
          });
        }
        return { frames, noise };
      };
      assert.deepEqual(read(split(input, random)), read([input]));
    },
  },
  {
    name: "hev-query-stream",
    holds: "a query is taken or refused once, and what follows it is ignored",
    seeds: QUERY_CASES.map(({ bytes }) => bytes),
    words: ["\0", "{", "}", '"', "\\", "\n"],
    bytesMax: 6_000,
    // A reader that must answer at the last brace cannot know whether a NUL would follow, so the same bytes
    // may mean different dialects in different pieces.
    run: (input, random) => {
      const reader = new QueryReader();
      let queries = 0;
      for (const piece of split(input, random)) if (reader.push(piece) !== undefined) queries++;
      if (reader.finish() !== undefined) queries++;
      assert.ok(queries <= 1, `${queries} queries`);
    },
  },
  {
    name: "hev-packet-stream",
    holds: "packets of a server are the same in every split",
    seeds: texts(
      '{"type":"keepalive"}\0{"type":"broadcast","sensors":{"a":1},"alarms":[]}',
      "{}{}",
      '{"a":"}"}',
    ),
    words: ["\0", "{", "}", '"', "\\", "broadcast"],
    run: (input, random) => {
      const read = (pieces: readonly Uint8Array[]) => {
        const reader = new PacketReader();
        const packets: unknown[] = [];
        for (const piece of pieces) reader.push(piece, (packet) => packets.push(packet));
        return { packets, skipped: reader.skipped };
      };
      assert.deepEqual(read(split(input, random)), read([input]));
    },
  },
  engineTarget("zmtp", [...zmtp.TAKEN, ...zmtp.REFUSED], (us) => new ZmtpEngine(us)),
  engineTarget("zws", [...zws.TAKEN, ...zws.REFUSED], (us) => new ZwsEngine(us)),
  {
    name: "tls-hello",
    holds: "a hello is found or refused in every split, in bounded memory",
    seeds: [
      Uint8Array.of(22, 3, 1, 0, 5, 1, 0, 0, 1, 0),
      ...texts("GET / HTTP/1.1\r\n\r\n"),
      Uint8Array.of(22, 3, 3, 0x20, 0, 1),
    ],
    words: ["\x16\x03\x01", "\x16\x03\x03", "\x01"],
    bytesMax: 10_000,
    run: (input, random) => {
      const read = (pieces: readonly Uint8Array[]) => {
        const hello = new HelloBuffer();
        for (const piece of pieces) {
          for (let at = 0; at < piece.length;) {
            const space = hello.space();
            const count = Math.min(space.length, piece.length - at);
            space.set(piece.subarray(at, at + count));
            at += count;
            const state = hello.commit(count);
            if (state !== "partial") return state;
            assert.ok(hello.bytes.length <= HELLO_BYTES_MAX + 5, "the hello grows without a bound");
          }
        }
        return "partial";
      };
      const parts = read(split(input, random));
      // What comes after a bad beginning may be looked at together with it, or not.
      if (parts !== "partial") assert.equal(read([input]), parts);
    },
  },
];

function engineTarget<U>(
  name: string,
  cases: readonly { readonly us: U; readonly bytes: Uint8Array }[],
  make: (us: U) => ZmqEngine,
): Target {
  const short = cases.filter(({ bytes }) => bytes.length < SEED_BYTES_MAX);
  return {
    name: `${name}-engine`,
    holds: "events are the same in every split, for each kind of socket",
    seeds: short.map(({ bytes }) => Uint8Array.from(bytes)),
    words: [
      "\x04",
      "\x05READY",
      "\x09SUBSCRIBE",
      "NULL",
      "PLAIN",
      "\x01",
      "\xff\0\0\0\0\0\0\0\x01\x7f",
    ],
    run: (input, random) => {
      const { us } = random.pick(short);
      const lengths = split(input, random).map(({ length }) => length);
      const whole = zmqTranscriptOf(make(us), input);
      if (lengths.length > 0) assert.deepEqual(zmqTranscriptOf(make(us), input, lengths), whole);
    },
  };
}

function frameFrom(peer: "client" | "server", opcode: number, payload: Uint8Array): Uint8Array {
  const frame = encodeFrame(opcode, payload);
  return peer === "client" ? maskFrames(frame, () => 0x01020304) : frame;
}
