/**
 * RFC 9112 and RFC 9110 as a list of cases. What a parser makes of bytes is the table of
 * `tests/wire/http1/cases.ts`; this list adds the clauses, and what a server does beyond parsing.
 *
 * @module
 */

import { CASES, type Http1Case } from "../wire/http1/cases.ts";
import type { Deviation, ListedCase, Row } from "./listed.ts";

/** A case of the table, as the page counts it. */
export interface ParsedCase extends ListedCase {
  readonly request: Http1Case;
  /** Whether the ports of the protocols take it all the same, because people type it by hand. */
  readonly isHandMade: boolean;
  /** Whether what is wrong comes after the head: an answer may be out by then. */
  readonly faultIsInBody: boolean;
}

/** Groups and clauses, found by the name of a case; the first that fits counts. */
const GROUPS: readonly (readonly [group: string, clause: string, names: RegExp])[] = [
  ["requests that end early", "RFC 9112 8", /^(half\b|nothing at all)/],
  ["requests of well-known programs", "RFC 9112 3", /^as /],
  ["chunked bodies", "RFC 9112 7.1", /chunk|trailer|^size|^no chunks|^extension/],
  ["length of a body", "RFC 9112 6.3", /^framing|^no framing|Content-Length|body|bodies/],
  ["expectations", "RFC 9110 10.1.1", /expect/i],
  ["versions", "RFC 9112 2.3", /version|HTTP\/1\.0|HTTP\/2|preface|of another protocol/],
  ["Host", "RFC 9112 3.2", /host\b/i],
  ["request targets", "RFC 9112 3.2", /target|absolute|asterisk|authority|heartbeat|slash|query/],
  ["request targets", "RFC 9112 3.2", /question mark|percent|escape|plus sign|UTF-8 in the path/],
  ["request targets", "RFC 9112 3.2", /raw UTF-8$|not UTF-8|dots|quotes, braces|brackets$/],
  ["request targets", "RFC 9112 3.2", /sub-delimiters|number sign|semicolon path|prefix path/],
  ["methods", "RFC 9110 9.1", /method|CONNECT/],
  ["line ends", "RFC 9112 2.2", /line feed|carriage return|empty line|byte order/],
  ["several requests", "RFC 9112 9.3.2", /pipelined|then rubbish|smuggled/],
  ["other protocols", "RFC 9112 3", /^TLS$|banner|greeting|proxy header/],
  ["fields", "RFC 9112 5", /./],
];

const VERSION_12: Deviation = {
  does: "answers HTTP/1.2 with 505",
  why: "RFC 9110 2.5 asks to take it for 1.1, but it does not exist; Node refuses it, too",
};
const BAD_BLANK: Deviation = {
  does: "refuses a blank between the size of a chunk and its extension",
  why: "RFC 9110 5.6.3 asks to skip it; readers differ about it, so it serves smugglers alone",
};
const EMPTY_CODING: Deviation = {
  does: "refuses a comma without a coding in Transfer-Encoding",
  why: "RFC 9110 5.6.1 asks to skip empty members of lists; of codings, only smugglers send them",
};

const DEVIATIONS: Readonly<Record<string, Deviation>> = {
  "version 1.2": VERSION_12,
  "chunk: extension behind a blank": BAD_BLANK,
  "framing: coding and a comma": EMPTY_CODING,
  "framing: comma and coding": EMPTY_CODING,
};

/** Heads as people type them: RFC 9112 2.2 and 3 allow to take them, and Node does not. */
export const HAND_MADE: ReadonlySet<string> = new Set([
  "two blanks before the target",
  "two blanks before the version",
  "blank after the version",
  "line feed first",
  "line feed alone after the request line",
  "line feed alone after a field",
  "line feed alone at the end",
  "line feeds only",
]);

/** The table, with what the page says of each case. */
export const PARSED_CASES: readonly ParsedCase[] = CASES.map((request) => {
  const { name } = request;
  const [group = "", clause = ""] = GROUPS.find(([, , names]) => names.test(name)) ?? [];
  const deviates = DEVIATIONS[name];
  return {
    group,
    clause,
    name,
    request,
    isHandMade: HAND_MADE.has(name),
    faultIsInBody: name.startsWith("chunk: ") || name === "framing: length twice the limit",
    ...(deviates === undefined ? {} : { deviates }),
  };
});

/** What we take and Node does not, with what demands it. */
export const LAXER: ReadonlyMap<string, string> = new Map([
  [
    "it refuses targets that are not ASCII; Hilbert clients send them",
    "the original clients send names unescaped",
  ],
  ["it takes only the methods that it knows", "the head is read, and answered with 405 or 501"],
]);

/** Who takes and who refuses the requests of the table, and why not both. */
export function besideNode(): Row[] {
  const takes = ({ sees }: Http1Case) => typeof sees.at(-1) !== "number";
  const agreed = CASES.filter(({ nodeDiffers }) => nodeDiffers === undefined);
  const typed = agreed.filter(({ name }) => HAND_MADE.has(name));
  const stricter = CASES.filter((one) => one.nodeDiffers !== undefined && !takes(one));
  const laxer = CASES.filter((one) => one.nodeDiffers !== undefined && takes(one));
  const reasons = (cases: readonly Http1Case[], who: string, add: (reason: string) => string) =>
    [...Map.groupBy(cases, ({ nodeDiffers }) => nodeDiffers ?? "")]
      .map(([reason, members]) => [who, `${members.length}`, add(reason)]);
  return [
    ["request", "cases", "why"],
    ["both take it", `${agreed.filter(takes).length}`, ""],
    ["both refuse it", `${agreed.length - agreed.filter(takes).length - typed.length}`, ""],
    ...reasons(stricter, "only Node takes it", (reason) => reason),
    ...reasons(laxer, "only Pulsebox takes it", (reason) => `${reason}: ${LAXER.get(reason)}`),
    [
      "only the ports of heartbeats and of the game take it",
      `${typed.length}`,
      "people type it with printf and netcat, the originals answer, and RFC 9112 2.2 allows it; never with a body",
    ],
  ];
}

/** One reply, as far as a case says it. */
export interface ExpectedReply {
  /** One of these. */
  readonly statuses: readonly number[];
  /** Fields by name in small letters, as patterns; `null` for one that must not be there. */
  readonly fields?: Readonly<Record<string, RegExp | null>>;
  readonly hasBody?: boolean;
}

/** What a server does beyond parsing. `GOOD` in the bytes stands for a target that is there. */
export interface ServedCase extends ListedCase {
  readonly bytes: string;
  /** The methods of the requests, of which the replies to HEAD have no body. */
  readonly methods: readonly string[];
  readonly replies: readonly ExpectedReply[];
  /** Whether the server ends the connection by itself. */
  readonly ends: boolean;
}

const H = "Host: 127.0.0.1\r\n";
const C = "Connection: close\r\n";
const get = (fields = "", version = "1.1") => `GET GOOD HTTP/${version}\r\n${H}${fields}\r\n`;
const OK: ExpectedReply = { statuses: [200], hasBody: true };
const CLOSE = { connection: /^close$/ };
const NOT_ALLOWED: ExpectedReply = { statuses: [405, 501] };

function served(
  name: string,
  clause: string,
  bytes: string,
  replies: readonly ExpectedReply[],
  rest: { ends?: boolean; methods?: readonly string[]; deviates?: Deviation } = {},
): ServedCase {
  const { ends = false, deviates } = rest;
  const methods = rest.methods ?? bytes.match(/^[A-Z]+(?= \S+ HTTP)/gm) ?? [];
  const group = "replies";
  const known = { group, name, clause: `RFC ${clause}`, bytes, methods, replies, ends };
  return deviates === undefined ? known : { ...known, deviates };
}

const TWO_HOSTS: Deviation = {
  does: "refuses an absolute target whose host is not that of Host",
  why:
    "RFC 9112 3.2.2 asks to ignore Host then; guards against foreign pages and caches look at it, so " +
    "two names are no request to trust (the heartbeat port looks at neither)",
};

/** What a server does, at a target that is there. */
export const SERVED_CASES: readonly ServedCase[] = [
  served("GET", "9110 9.3.1", get(), [OK]),
  served(
    "HEAD has the fields and no body",
    "9110 9.3.2",
    `HEAD GOOD HTTP/1.1\r\n${H}\r\n${get()}`,
    [
      { statuses: [200] },
      OK,
    ],
  ),
  served("HEAD of nothing", "9110 9.3.2", `HEAD /nothing HTTP/1.1\r\n${H}\r\n${get()}`, [
    { statuses: [400, 404] },
    OK,
  ]),
  served(
    "three in a row, in order",
    "9112 9.3.2",
    `${get()}HEAD GOOD HTTP/1.1\r\n${H}\r\n${get()}`,
    [
      OK,
      { statuses: [200] },
      OK,
    ],
  ),
  served("a connection stays", "9112 9.3", get(), [{ ...OK, fields: { connection: null } }]),
  served(
    "a connection ends where that is asked for",
    "9112 9.6",
    get("Connection: close\r\n") + get(),
    [
      { ...OK, fields: CLOSE },
    ],
    { ends: true },
  ),
  served("close among other words", "9112 9.6", get("Connection: x, CLOSE\r\n"), [
    { ...OK, fields: CLOSE },
  ], { ends: true }),
  served("HTTP/1.0 ends", "9112 9.3", get("", "1.0"), [
    { ...OK, fields: { ...CLOSE, "transfer-encoding": null } },
  ], { ends: true }),
  served("HTTP/1.0 without Host", "9112 3.2", "GET GOOD HTTP/1.0\r\n\r\n", [OK], { ends: true }),
  served(
    "HTTP/1.0 that asks to stay",
    "9112 9.3",
    get("Connection: keep-alive\r\n", "1.0").repeat(2),
    [
      { ...OK, fields: { connection: /^keep-alive$/ } },
      { ...OK, fields: { connection: /^keep-alive$/ } },
    ],
  ),
  served("an absolute target", "9112 3.2.2", `GET http://127.0.0.1GOOD HTTP/1.1\r\n${H}\r\n`, [OK]),
  served(
    "an absolute target of another host",
    "9112 3.2.2",
    `GET http://other.exampleGOOD HTTP/1.1\r\n${H}\r\n`,
    [{ statuses: [400] }],
    { ends: true, deviates: TWO_HOSTS },
  ),
  served(
    "HEAD of two hosts has no body either",
    "9110 9.3.2",
    `HEAD http://other.exampleGOOD HTTP/1.1\r\n${H}\r\n`,
    [{ statuses: [400] }],
    { ends: true, deviates: TWO_HOSTS },
  ),
  served("OPTIONS of the server", "9110 9.3.7", `OPTIONS * HTTP/1.1\r\n${H}\r\n${get()}`, [
    { statuses: [200, 204, 404, 405] },
    OK,
  ]),
  ...["PUT", "DELETE", "PATCH"].map((method) =>
    served(
      `${method} where there is GET only`,
      "9110 15.5.6",
      `${method} GOOD HTTP/1.1\r\n${H}\r\n${get()}`,
      [
        { statuses: [405], fields: { allow: /\bGET\b/ } },
        OK,
      ],
    )
  ),
  served(
    "TRACE is not echoed",
    "9110 9.3.8",
    `TRACE GOOD HTTP/1.1\r\n${H}${C}X-Secret: echo\r\n\r\n`,
    [
      NOT_ALLOWED,
    ],
    { ends: true },
  ),
  served("a method in small letters", "9110 9.1", `get GOOD HTTP/1.1\r\n${H}${C}\r\n`, [
    NOT_ALLOWED,
  ], {
    ends: true,
    methods: ["get"],
  }),
  served(
    "a method that nobody knows",
    "9110 9.1",
    `BREW GOOD HTTP/1.1\r\n${H}${C}\r\n`,
    [NOT_ALLOWED],
    {
      ends: true,
    },
  ),
  served(
    "an upgrade to HTTP/2 is ignored",
    "9110 7.8",
    get(
      "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n",
    ),
    [OK],
  ),
  served(
    "an upgrade to WebSocket is ignored",
    "9110 7.8",
    get(
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n",
    ),
    [OK],
  ),
  served(
    "an expectation in HTTP/1.0 is ignored",
    "9110 10.1.1",
    get(
      "Expect: 100-continue\r\nContent-Length: 0\r\n",
      "1.0",
    ),
    [OK],
    { ends: true },
  ),
  served(
    "an expectation without body asks for nothing",
    "9110 10.1.1",
    get(
      "Expect: 100-continue\r\n",
    ),
    [OK],
  ),
  served(
    "a body that nobody wants",
    "9110 9.3.1",
    `GET GOOD HTTP/1.1\r\n${H}Content-Length: 5\r\n\r\nhello${get()}`,
    [
      OK,
      OK,
    ],
  ),
  served("a range is not served in part", "9110 14.2", get("Range: bytes=0-0\r\n"), [
    { ...OK, fields: { "content-range": null } },
  ]),
  served("conditions that cannot be checked", "9110 13.1", get('If-None-Match: "x"\r\n'), [OK]),
  served(
    "every coding is refused by the client but none",
    "9110 12.5.3",
    get(
      "Accept-Encoding: identity\r\n",
    ),
    [{ ...OK, fields: { "content-encoding": null } }],
  ),
];

/** All cases about HTTP. */
export const HTTP_CASES: readonly ListedCase[] = [...PARSED_CASES, ...SERVED_CASES];
