/**
 * Whole messages of the protocols.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { decodeBeat, encodeBeat } from "../../../src/wire/fleet/beat.ts";
import {
  decodeDocument,
  decodeDocumentHead,
  encodeDocument,
} from "../../../src/wire/fleet/host_document.ts";
import { readCapture } from "../../../src/wire/hev/capture.ts";
import { readPayloadDump } from "../../../src/wire/hev/dump_payloads.ts";
import { readRowDump, writeRowDump } from "../../../src/wire/hev/dump_rows.ts";
import { decodePayload } from "../../../src/wire/hev/payload.ts";
import { parsePacket } from "../../../src/wire/hev/packet_reader.ts";
import { parseQuery } from "../../../src/wire/hev/query.ts";
import { parseIdentity } from "../../../src/wire/hilbert/identity.ts";
import { parseList, parseStatus } from "../../../src/wire/hilbert/answers.ts";
import { decodePercent } from "../../../src/wire/hilbert/percent.ts";
import { parseHilbertRequest } from "../../../src/wire/hilbert/request.ts";
import { parseGameHeartbeat } from "../../../src/wire/mlf/heartbeat.ts";
import { parseGameRequest } from "../../../src/wire/mlf/request.ts";
import { parseTimestamp } from "../../../src/wire/mlf/timestamp.ts";
import { PAYLOAD_CASES, UNUSABLE_CASES } from "../../wire/hev/payload_cases.ts";
import { decodeTold, encodeTold } from "../../../src/wire/fleet/told_record.ts";
import { type Target, textOf, texts } from "../target.ts";

const HEARTBEAT =
  '{"sdkVersion":0.1,"timestamp":"2022-04-04 16:01:41.432445","messageType":"HEARTBEAT",' +
  '"body":{"clientID":"1","clientState":"DISCONNECTED"}}';
const TOLD = '{"v":1,"kind":"take","id":"a-1","steward":"desk","phase":"lost",' +
  '"beat":{"epoch":3,"n":7},"claim":12}';
const BEAT = encodeBeat({
  epoch: 3,
  n: 7,
  seq: 2,
  ageMs: 120,
  verdict: "late",
  counts: {
    emergency: 0,
    lost: 1,
    gone: 0,
    late: 2,
    unknown: 0,
    starting: 0,
    maintenance: 0,
    ok: 5,
  },
  tells: true,
});
const DOCUMENT =
  '{"v":1,"epoch":1,"seq":2,"name":"pi1","verdict":"lost","headline":"1 of 2 is lost","total":1,' +
  '"problems":[],"members":[{"id":"hilbert/tetris @ 127.0.0.1","name":"tetris","station":null,' +
  '"state":"lost","forMs":100,"paused":false}]}';

/** Message targets. */
export const MESSAGE_TARGETS: readonly Target[] = [
  {
    name: "hilbert-target",
    holds: "a request target means one thing, and a delay that is taken is positive",
    seeds: texts(
      "/hb_ping?3000&appid=tetris",
      "/hb_init?500&appid=a%26b&cache_buster=1",
      "/hb_fail?1&appid=x&reason=exit+7&lost_after=2x",
      "/x/status?0&appid=",
      "/list",
    ),
    words: [
      "hb_ping",
      "hb_init",
      "hb_done",
      "hb_fail",
      "status",
      "list",
      "appid=",
      "&",
      "?",
      "%2f",
      "lost_after=",
    ],
    run: (input) => {
      const text = textOf(input);
      assert.deepEqual(parseHilbertRequest(text), parseHilbertRequest(text));
    },
  },
  {
    name: "hilbert-percent",
    holds: "good escapes are decoded as everybody does, bad ones stay",
    seeds: texts("%41", "a%20b", "%zz", "%", "%c3%a9", "%ff"),
    words: ["%", "%25", "%e2%80%ae", "+"],
    run: (input) => {
      // A target is ASCII; other bytes of it come as one character each.
      const text = textOf(input).replaceAll(/[\u0080-\u{10ffff}]/gu, "");
      const decoded = decodePercent(text);
      let expected: string;
      try {
        expected = decodeURIComponent(text);
      } catch {
        return;
      }
      assert.equal(decoded, expected);
    },
  },
  {
    name: "hilbert-answers",
    holds: "a server's answers are read, whatever it says, and an identity is put together again",
    seeds: texts(
      "tetris @ 127.0.0.1\nfoyer @ 10.0.0.7\n",
      "OK - fine application [tetris @ 127.0.0.1]",
      " @ ::1",
    ),
    words: [" @ ", "\n", "OK - ", "WARNING - ", "CRITICAL - ", "UNKNOWN - "],
    run: (input) => {
      const text = textOf(input);
      parseList(text);
      parseStatus(text);
      const identity = parseIdentity(text);
      if (identity !== undefined) assert.equal(`${identity.name} @ ${identity.address}`, text);
    },
  },
  {
    name: "game-heartbeat",
    holds: "a heartbeat is read, or each problem is named",
    seeds: texts(HEARTBEAT, "[]", "{}", '{"body":{"ClientID":1,"clientstate":0}}'),
    words: ["clientID", "clientState", "timestamp", "RUNNING", "null", "true", "[", "{"],
    bytesMax: 20_000,
    run: (input) => {
      const heartbeat = parseGameHeartbeat(input);
      if (Array.isArray(heartbeat)) return assert.ok(heartbeat.length > 0);
      const { clientId } = heartbeat as { clientId: string };
      assert.ok(clientId.length > 0, "an identity that is taken is not empty");
    },
  },
  {
    name: "game-request",
    holds: "frames of the state channel are read or refused, never thrown at",
    seeds: texts("GetClientState1", "SetClientState.2\nRUNNING", "HEARTBEAT\n{}", ""),
    words: ["GetClientState", "SetClientState", "RUNNING", "\n", "."],
    run: (input) => {
      const frames: Uint8Array[] = [];
      for (let at = 0; at <= input.length;) {
        const end = input.indexOf(0x0a, at);
        frames.push(input.subarray(at, end < 0 ? input.length : end));
        if (end < 0) break;
        at = end + 1;
      }
      parseGameRequest(frames);
    },
  },
  {
    name: "game-timestamp",
    holds: "a time stamp is a finite number of milliseconds, or none",
    seeds: texts(
      "2022-04-04 16:01:41.432445",
      "0000-00-00 00:00:00.0",
      "9999-12-31 23:59:59.999999",
    ),
    words: ["-", ":", ".", " ", "T", "Z"],
    run: (input) => {
      const ms = parseTimestamp(textOf(input));
      assert.ok(ms === undefined || Number.isFinite(ms), String(ms));
    },
  },
  {
    name: "hev-payload",
    holds: "a payload of any type is decoded or called unusable",
    seeds: [
      ...PAYLOAD_CASES.map(({ bytes }) => Uint8Array.from(bytes)),
      ...UNUSABLE_CASES.map(({ bytes }) => Uint8Array.from(bytes)),
    ],
    run: (input) => {
      for (const address of [0x40, 0x80, 0xc0]) decodePayload(input, address);
    },
  },
  {
    name: "hev-query",
    holds: "a query is understood or refused",
    seeds: texts('{"type":"cmd","cmdtype":"GENERAL","cmd":"START","param":null}', "[]", "{}"),
    words: ["type", "cmdtype", "cmd", "param", "broadcast", "alarm", "null", "[", "{"],
    run: (input) => void parseQuery(textOf(input)),
  },
  {
    name: "hev-packet",
    holds: "a packet of a server is understood or skipped",
    seeds: texts('{"type":"broadcast","sensors":{"a":1},"alarms":[]}', '{"type":"keepalive"}'),
    words: ["sensors", "alarms", "broadcast", "null", "[", "{"],
    run: (input) => void parsePacket(textOf(input)),
  },
  {
    name: "hev-recordings",
    holds: "a recording is read as far as it makes sense, in every format",
    seeds: texts("1,2,3\n", "0xa0 0x01\n", '{"at":1,"text":"{}"}\n', "[161, 1, 2]"),
    words: ["\n", ",", "0x", "[", "]", " "],
    run: (input) => {
      const text = textOf(input);
      readPayloadDump(text);
      readCapture(text);
      const { samples } = readRowDump(text) as { samples?: readonly never[] };
      if (samples !== undefined) {
        assert.deepEqual(readRowDump(writeRowDump(samples)), readRowDump(writeRowDump(samples)));
      }
    },
  },
  {
    name: "fleet-beat",
    holds: "a beat is refused, or is the same after it is written again",
    seeds: [Uint8Array.from(BEAT), ...texts("{}", "[]", '{"v":2}')],
    words: ["epoch", "seq", "counts", "verdict", "null", "{"],
    run: (input) => {
      const beat = decodeBeat(input);
      if (typeof beat !== "object" || !("epoch" in beat)) return;
      assert.deepEqual(decodeBeat(encodeBeat(beat)), beat);
    },
  },
  {
    name: "fleet-told",
    holds: "a record of what was told is refused, or is the same after it is written again",
    seeds: texts(TOLD, "{}", '{"v":2}'),
    words: ["lost", "recovered", "take", "sent", "beat", "claim", "phase", "null", "{"],
    run: (input) => {
      const record = decodeTold(input);
      if (typeof record !== "object" || !("steward" in record)) return;
      assert.deepEqual(decodeTold(encodeTold(record)), record);
    },
  },
  {
    name: "fleet-document",
    holds: "a document of a host is refused, or is the same after it is written again",
    seeds: texts(DOCUMENT, "{}", '{"v":99}'),
    words: ["members", "headline", "lost", "null", "[", "{", "<script>"],
    bytesMax: 70_000,
    run: (input) => {
      decodeDocumentHead(input);
      const document = decodeDocument(input);
      if (typeof document !== "object" || !("members" in document)) return;
      assert.deepEqual(decodeDocument(encodeDocument(document)), document);
    },
  },
];
