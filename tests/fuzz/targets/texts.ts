/**
 * Texts that people and programs write: addresses, durations, lists, names.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { isIP } from "node:net";
import { formatList, parseList as parseSettingList } from "../../../src/cli/settings/list_text.ts";
import { parseDuration } from "../../../src/appliance/settings/duration.ts";
import { parseAddress, parseCidr } from "../../../src/core/cidr.ts";
import { formatLostAfter, parseLostAfter } from "../../../src/core/lost_after.ts";
import { formatPortRanges, inPortRanges, parsePortRanges } from "../../../src/core/port_ranges.ts";
import { visible } from "../../../src/core/visible.ts";
import { parseRetryAfter } from "../../../src/net/http/retry_after.ts";
import { parsePlace } from "../../../src/wire/url/place.ts";
import { problemOfWebhook } from "../../../src/wire/url/webhook.ts";
import { parseZmqUrl } from "../../../src/wire/zmq/url.ts";
import { type Target, textOf, texts } from "../target.ts";

/** What a reader of a terminal or a page could take for something else. */
// deno-lint-ignore no-control-regex
const DECEIVING = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/;

/** Text targets. */
export const TEXT_TARGETS: readonly Target[] = [
  {
    name: "place",
    holds: "a host and port of a URL is read or refused with a sentence, never thrown at",
    seeds: texts(
      "http://127.0.0.1:8888",
      "[fe80::1%eth0]:80",
      "localhost",
      "tcp://h:1/x?y#z",
      "::1",
    ),
    words: ["http://", "https://", "tcp://", "[", "]", "%25eth0", "user@", ":", "::"],
    run: (input) => {
      const place = parsePlace(textOf(input));
      if (typeof place === "string") return assert.notEqual(place, "");
      assert.ok(place.hostname !== "" && !/\s/.test(place.hostname), place.hostname);
      const { port } = place;
      assert.ok(port === undefined || Number.isInteger(port) && port >= 0 && port <= 65_535);
    },
  },
  {
    name: "address",
    holds: "what node takes for an IP address is one, and nothing else",
    seeds: texts("127.0.0.1", "::ffff:10.0.0.1", "fe80::1", "1:2:3:4:5:6:7:8", "::"),
    words: ["::", ":", ".", "ffff", "0", "255", "256"],
    run: (input) => {
      const text = textOf(input);
      if (text.includes("%")) return;
      assert.equal(parseAddress(text) !== undefined, isIP(text) !== 0, text);
    },
  },
  {
    name: "cidr",
    holds: "a range of addresses is read or refused with a sentence",
    seeds: texts("10.0.0.0/8", "::/0", "192.0.2.7", "fe80::/10"),
    words: ["/", "/0", "/32", "/128", "::", "."],
    run: (input) => {
      const range = parseCidr(textOf(input));
      if (typeof range === "string") assert.notEqual(range, "");
    },
  },
  {
    name: "duration",
    holds: "a duration is a number of milliseconds of 0 or more, or none",
    seeds: texts("10s", "1h30m", "500ms", "2 d", "1.5h", "0"),
    words: ["ms", "s", "m", "h", "d", "w", ".", ","],
    run: (input) => {
      const ms = parseDuration(textOf(input));
      assert.ok(ms === undefined || ms >= 0 && !Number.isNaN(ms), String(ms));
    },
  },
  {
    name: "lost-after",
    holds: "what is read is written and read again as the same",
    seeds: texts("2x", "1.5x", "20000", "1000x"),
    words: ["x", ".", "0"],
    run: (input) => {
      const choice = parseLostAfter(textOf(input));
      if (choice === undefined) return;
      assert.deepEqual(parseLostAfter(formatLostAfter(choice)), choice);
    },
  },
  {
    name: "setting-list",
    holds: "a list of settings is read as it was written",
    seeds: texts("a,b", '["a","b,c"]', "http://x/?a=1,2", "", "[]"),
    words: [",", "[", "]", '"', "\\"],
    run: (input) => {
      const items = parseSettingList(textOf(input));
      if (typeof items === "string") return assert.notEqual(items, "");
      // As JSON has it: there are texts for numbers that it does not write, such as -0 and 1e999.
      assert.equal(JSON.stringify(parseSettingList(formatList(items))), JSON.stringify(items));
    },
  },
  {
    name: "port-ranges",
    holds: "ports in the kernel's ranges stay in them when they are written",
    seeds: texts("54320-54322,8888", "1", "", "1-65535"),
    words: ["-", ",", "0", "65535", "65536", "\n", "\t"],
    run: (input) => {
      const ranges = parsePortRanges(textOf(input));
      const again = parsePortRanges(formatPortRanges(ranges));
      for (const port of [0, 1, 8_888, 54_320, 65_535]) {
        assert.equal(inPortRanges(again, port), inPortRanges(ranges, port), String(port));
      }
    },
  },
  {
    name: "retry-after",
    holds: "a wait is 0 or more milliseconds, or none",
    seeds: texts("7", "1.5", "Sun, 29 Nov 2026 10:00:00 GMT", "-1"),
    words: ["GMT", "Sun, ", ":", "2026"],
    run: (input) => {
      const ms = parseRetryAfter(textOf(input), null, Date.UTC(2026, 10, 29));
      assert.ok(ms === undefined || ms >= 0 && !Number.isNaN(ms), String(ms));
    },
  },
  {
    name: "webhook-url",
    holds: "a webhook that is taken can be requested",
    seeds: texts("https://example.org/hook", "http://127.0.0.1:9/x?t=a,b", "ftp://x"),
    words: ["https://", "user:pass@", "#", "?", "[::1]"],
    run: (input) => {
      const text = textOf(input);
      const problem = problemOfWebhook(text);
      if (problem !== undefined) return assert.notEqual(problem, "");
      void new Request(text, { method: "POST" });
    },
  },
  {
    name: "zmq-url",
    holds: "an address of ZeroMQ is read, or refused with an error of its own",
    seeds: texts("tcp://127.0.0.1:8765", "ws://h:6969/zmq/pub", "wss://h/", "tcp://[::1]:1"),
    words: ["tcp://", "ws://", "wss://", "/zmq/sub", "eth0;", "user@", "*"],
    run: (input) => {
      try {
        parseZmqUrl(textOf(input));
      } catch (error) {
        assert.ok(error instanceof Error && error.constructor !== Error, String(error));
        assert.ok(!(error instanceof ReferenceError), String(error));
      }
    },
  },
  {
    name: "visible",
    holds: "text for display holds nothing that deceives a reader, and is stable",
    seeds: texts("tetris", "a\u202eb", "\x1b[31mred", "line\u2028line", "\0"),
    words: ["\u202e", "\u2066", "\x1b[", "\x07", "\u200f"],
    run: (input) => {
      const shown = visible(textOf(input));
      assert.doesNotMatch(shown, DECEIVING);
      assert.equal(visible(shown), shown);
    },
  },
];
