/**
 * RFC 9112 and RFC 9110 at every HTTP port of a host, plain and over TLS, on a real socket. What the
 * page says of the cases stands in docs/conformance.md.
 */

import { strict as assert } from "node:assert";
import { PulseboxProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { hasOpenssl, makeCertificate } from "../support/certificate.ts";
import { requirement } from "../support/require.ts";
import { bytesOf, textOf, within } from "../support/tcp.ts";
import {
  type ExpectedReply,
  LAXER,
  PARSED_CASES,
  type ParsedCase,
  SERVED_CASES,
  type ServedCase,
} from "./http_cases.ts";
import { repliesIn, type Reply } from "./http_replies.ts";
import { dial, type ServerPlace } from "./websocket_peer.ts";

/** What is known of the HTTP port of a role; one that is not known here fails the test. */
interface Port {
  /** What answers GET with a body. */
  readonly targets: readonly string[];
  /** Whether it takes heads as people type them. */
  readonly takesHandMade: boolean;
  /** Whether it looks at the host of an absolute target. */
  readonly readsHost: boolean;
}

const PORTS: Readonly<Record<string, Port>> = {
  heartbeat: {
    targets: ["/hb_ping?5000&appid=conformance"],
    takesHandMade: true,
    readsHost: false,
  },
  state: { targets: ["/State/Clients"], takesHandMade: true, readsHost: true },
  console: { targets: ["/metrics", "/healthz"], takesHandMade: false, readsHost: true },
};

/** One port where it is. */
interface Entrance {
  readonly name: string;
  readonly port: Port;
  readonly place: ServerPlace;
}

/** Cases that are tried at once. */
const AT_ONCE = 8;

/** What has come of one connection. */
interface Conversation {
  readonly replies: Reply[];
  /** What is no whole reply. */
  readonly rest: string;
}

/** Over TLS nobody can say that no more follows: a last request asks for the end. */
const FAREWELL = "GET /farewell HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

/** Says something, and that no more follows; hears until the server has ended the connection. */
async function converse(
  place: ServerPlace,
  text: string,
  methods: readonly string[],
): Promise<Conversation> {
  using connection = new Connection(await dial(place));
  await connection.say(place.certificate === "" ? text : text + FAREWELL);
  if (place.certificate === "") await connection.sayNoMore();
  return repliesIn(await connection.hearAll(), methods, true);
}

/** A connection with every wait bounded; that the server has gone is no failure of it. */
class Connection implements Disposable {
  readonly #conn: Deno.Conn;

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  async say(text: string): Promise<void> {
    const bytes = bytesOf(text);
    await whileThere(async () => {
      for (let at = 0; at < bytes.length;) {
        at += await within(this.#conn.write(bytes.subarray(at)), "the server takes bytes");
      }
    });
  }

  /** Ends our side. */
  sayNoMore(): Promise<void> {
    return whileThere(() => this.#conn.closeWrite());
  }

  /** Hears until the end, or until that is there for which somebody waits. */
  async hearAll(isEnough: (heard: string) => boolean = () => false): Promise<string> {
    const buffer = new Uint8Array(65_536);
    let heard = "";
    await whileThere(async () => {
      while (!isEnough(heard)) {
        const count = await within(this.#conn.read(buffer), `more than ${JSON.stringify(heard)}`);
        if (count === null) return;
        heard += textOf(buffer.subarray(0, count));
      }
    });
    return heard;
  }

  [Symbol.dispose](): void {
    try {
      this.#conn.close();
    } catch {
      // TLS closes itself with its peer.
    }
  }
}

async function whileThere(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const hasGone = error instanceof Deno.errors.ConnectionReset ||
      error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.UnexpectedEof ||
      error instanceof Deno.errors.NotConnected;
    if (!hasGone) throw error;
  }
}

/** What stands in a reply whatever it is about. */
function judgeReply(reply: Reply): void {
  const { status, fields } = reply;
  // RFC 9110 section 6.6.1: a server with a clock says when.
  assert.match(fields.get("date") ?? "", /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
  if (status === 401) assert.ok(fields.has("www-authenticate"), "401 says what would help");
  if (status === 405) assert.ok(fields.has("allow"), "405 says which methods there are");
  if (status === 426) assert.ok(fields.has("upgrade"), "426 says to what");
}

/** The methods of what a case holds; those of refused requests are seen by nobody. */
function methodsOf({ request: { sees } }: ParsedCase): string[] {
  return sees.flatMap((one) => typeof one === "string" ? [one.split(" ", 1)[0] ?? ""] : []);
}

async function tryParsed({ place, port }: Entrance, one: ParsedCase): Promise<void> {
  const { bytes, sees } = one.request;
  const { replies, rest } = await converse(place, bytes, methodsOf(one));
  assert.equal(rest, "", "no half reply");
  replies.forEach(judgeReply);
  const statuses = replies.map(({ status }) => status);
  const served = sees.filter((what) => typeof what === "string" && what !== "more").length;
  const refusal = sees.at(-1);
  if (one.isHandMade && port.takesHandMade) {
    assert.equal(statuses.length, 1, `${statuses}`);
    assert.equal(replies[0]?.fields.get("connection"), "close");
    return;
  }
  const count = served + (typeof refusal === "number" ? 1 : 0);
  // Over TLS comes the answer to the farewell, where the connection lasted until then; and a peer that
  // hangs up within a request may be told so, or not.
  const canBeOneMore = refusal === "more" || place.certificate !== "";
  const isOneMore = typeof refusal !== "number" && canBeOneMore && statuses.length === count + 1;
  // What follows a request that a port answers with an error and the end is nobody's business.
  const last = replies.at(-1);
  const isEnded = statuses.length < count && (last?.status ?? 0) >= 400 &&
    last?.fields.get("connection") === "close";
  assert.ok(statuses.length === count || isOneMore || isEnded, `${statuses}`);
  if (typeof refusal === "number" && !one.faultIsInBody) assert.equal(statuses.at(-1), refusal);
}

function judgeExpected(reply: Reply | undefined, expected: ExpectedReply): void {
  assert.ok(reply !== undefined, "a reply is missing");
  assert.ok(expected.statuses.includes(reply.status), `${reply.status}: ${reply.body}`);
  for (const [name, pattern] of Object.entries(expected.fields ?? {})) {
    const value = reply.fields.get(name);
    if (pattern === null) assert.equal(value, undefined, name);
    else assert.match(value ?? "", pattern, name);
  }
  if (expected.hasBody === true) assert.notEqual(reply.body, "");
}

async function tryServed(
  { place, port }: Entrance,
  one: ServedCase,
  target: string,
): Promise<void> {
  using connection = new Connection(await dial(place));
  await connection.say(one.bytes.replaceAll("GOOD", target));
  const count = one.replies.length;
  const isThere = (heard: string) => repliesIn(heard, one.methods, false).replies.length >= count;
  // A deviation that is only of ports that look at the host of a target.
  const isAsked = one.deviates === undefined || port.readsHost;
  const ends = one.ends && isAsked;
  const first = await connection.hearAll(ends ? undefined : isThere);
  const hasTls = place.certificate !== "";
  if (!ends && !hasTls) await connection.sayNoMore();
  const heard = ends || hasTls ? first : first + await connection.hearAll();
  const { replies, rest } = repliesIn(heard, one.methods, true);
  assert.equal(rest, "", "nothing but replies");
  replies.forEach(judgeReply);
  // A deviation that is only of ports that look at the host of a target.
  if (!isAsked) return assert.equal(replies[0]?.status, 200);
  assert.equal(replies.length, count);
  one.replies.forEach((expected, at) => judgeExpected(replies[at], expected));
}

async function tryAll(entrances: readonly Entrance[], t: Deno.TestContext): Promise<void> {
  for (const entrance of entrances) {
    const tries = [
      ...parsedAt(entrance).map((one) => ({ one, act: () => tryParsed(entrance, one) })),
      ...SERVED_CASES.flatMap((one) =>
        entrance.port.targets.map((target) => ({
          one,
          act: () => tryServed(entrance, one, target),
        }))
      ),
    ];
    await t.step(`${entrance.name}: ${tries.length} cases`, async () => {
      const faults: string[] = [];
      const waiting = tries.values();
      const work = async () => {
        for (const { one, act } of waiting) {
          await act().catch((error) => faults.push(`${one.group}: ${one.name}: ${error}`));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      assert.deepEqual(faults, []);
    });
  }
}

/** Over TLS a request without its end cannot be said: the farewell would become a part of it. */
function parsedAt({ place }: Entrance): ParsedCase[] {
  return PARSED_CASES.filter(({ request: { sees } }) =>
    place.certificate === "" || sees.length > 0 && sees.at(-1) !== "more"
  );
}

/** Starts a host with all roles that have an HTTP port, and finds the ports. */
async function entrancesOf(
  process: PulseboxProcess,
  certificate: string,
): Promise<Entrance[]> {
  const [text] = await process.stderrHas(/[^]*role=console/);
  const found = [...text.matchAll(/Listening on (https?:\/\/\S+) role=(\w+)/g)];
  const entrances = found.map(([, url = "", role = ""]) => {
    const port = PORTS[role];
    assert.ok(port !== undefined, `no cases for the HTTP port of ${role}`);
    return { name: `${role} ${new URL(url).protocol}`, port, place: { url, certificate } };
  });
  assert.deepEqual(
    entrances.map(({ name }) => name.split(" ")[0]).sort(),
    Object.keys(PORTS).sort(),
  );
  return entrances;
}

const ARGS = [
  ...["--heartbeat", "--state", "--heartbeat-port=0", "--state-port=0", "--console-port=0"],
  ...["--state-publisher-port=0", "--state-subscriber-port=0", "--state-host=127.0.0.1"],
];

Deno.test("HTTP: every port does in each case what RFC 9112 and RFC 9110 say", async (t) => {
  await using process = new PulseboxProcess(ARGS);
  await tryAll(await entrancesOf(process, ""), t);
});

const hasTls = requirement("HTTP over TLS, case by case", {
  name: "OpenSSL",
  available: hasOpenssl(),
  howToGet: "apt-get install openssl",
});

if (hasTls) {
  Deno.test("HTTP: every port does the same over TLS", async (t) => {
    using directory = temporaryDirectory();
    const { cert, key } = makeCertificate(directory.path, "conformance");
    await using process = new PulseboxProcess([
      ...[...ARGS, `--tls-cert=${cert}`, `--tls-key=${key}`, "--heartbeat-tls", "--state-tls"],
    ]);
    await tryAll(await entrancesOf(process, Deno.readTextFileSync(cert)), t);
  });
}

Deno.test("HTTP: no request is taken that Node refuses, but where the originals need it", () => {
  const takenAlone = PARSED_CASES.filter(({ request: { sees, nodeDiffers } }) =>
    nodeDiffers !== undefined && typeof sees.at(-1) !== "number"
  );
  const reasons = new Set(takenAlone.map(({ request }) => request.nodeDiffers));
  assert.deepEqual([...reasons].sort(), [...LAXER.keys()].sort());
});
