/**
 * Heads of requests made by hand, as a grammar makes them, at every HTTP port of a host. An oracle of
 * its own says what has to come of each.
 *
 * `PULSEBOX_FUZZ_SEED` and `PULSEBOX_FUZZ_HEADS` choose another seed, and more of them.
 */

import { strict as assert } from "node:assert";
import { PulseboxProcess } from "../cli/pulsebox_process.ts";
import { Random } from "../sim/random.ts";
import { RawClient, within } from "../support/tcp.ts";

const SEED = Number(Deno.env.get("PULSEBOX_FUZZ_SEED") ?? 7);
/** Heads at each port. */
const HEADS = Number(Deno.env.get("PULSEBOX_FUZZ_HEADS") ?? 150);
/** Heads that are tried at once. */
const AT_ONCE = 10;

/** One request, in the words that are sent and in those that every server takes. */
interface HandMade {
  readonly bytes: string;
  readonly canonical: string;
  /** Whether a line has no CR, or the request line more than one blank in a row. */
  readonly isIrregular: boolean;
  readonly hasBody: boolean;
}

/** The target of what must never be served: it hides behind the first request. */
const SMUGGLED = "/hb_ping?5000&appid=smuggled";

function make(random: Random, target: string): HandMade {
  let isIrregular = false;
  const share = random.pick([0, 0.3, 1]);
  const lineEnd = () => {
    if (!random.chance(share)) return "\r\n";
    isIrregular = true;
    return "\n";
  };
  const blank = () => {
    if (!random.chance(0.2)) return " ";
    isIrregular = true;
    return " ".repeat(random.whole(2, 5));
  };
  const method = random.pick(["GET", "GET", "GET", "POST", "HEAD"]);
  const version = random.pick(["HTTP/1.0", "HTTP/1.1"]);
  const body = random.pick([
    [],
    [],
    [],
    ["Content-Length: 0"],
    ["Content-Length: 5"],
    ["Content-Length: 60"],
    ["Transfer-Encoding: chunked"],
    ["Content-Length: 5", "Transfer-Encoding: chunked"],
  ]);
  const fields = [
    "Host: 127.0.0.1",
    ...body,
    ...random.pick([[], ["X-A: b"], ["X-A:"], ["Accept: */*", "X-B:  c  "]]),
  ];
  const first = `${method}${blank()}${target}${blank()}${version}${
    random.chance(0.1) && random.chance(share) ? "  " : ""
  }`;
  if (first.endsWith(" ")) isIrregular = true;
  const lines = [first, ...fields];
  const bytes = lines.map((line) => line + lineEnd()).join("") + lineEnd() +
    `GET ${SMUGGLED} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
  return {
    bytes,
    canonical: [`${method} ${target} ${version}`, ...fields, "Connection: close", "", ""]
      .join("\r\n"),
    isIrregular,
    hasBody: body.some((field) => field !== "Content-Length: 0"),
  };
}

/** All replies of a connection that hears these words and that no more follows. */
async function repliesTo(port: number, words: string): Promise<string[]> {
  using peer = await RawClient.connect({ hostname: "127.0.0.1", port });
  await peer.sayLast(words);
  const text = await within(peer.hearAll(), `an end after ${JSON.stringify(words)}`);
  return text.split(/(?=HTTP\/1\.1 \d{3} )/).map((reply) => {
    const [head = "", ...body] = reply.split("\r\n\r\n");
    return `${head.slice(9, 12)} ${body.join("\r\n\r\n")}`;
  });
}

/** Tries one head; tells what came of it. */
async function tryOne(
  random: Random,
  { role, port }: { role: string; port: number },
  at: number,
): Promise<"regular" | "refused" | "answered"> {
  const one = make(random, `/hb_ping?5000&appid=${role}-${at}`);
  const replies = await repliesTo(port, one.bytes);
  const what = `${role}: ${JSON.stringify(one.bytes)} got ${JSON.stringify(replies)}`;
  if (!one.isIrregular) return "regular";
  assert.equal(replies.length, 1, what);
  if (one.hasBody || role === "console") {
    assert.match(replies[0] ?? "", /^400 /, what);
    return "refused";
  }
  assert.deepEqual(replies, await repliesTo(port, one.canonical), what);
  return "answered";
}

Deno.test("hand-made heads are answered as canonical ones, and never with a body", async () => {
  await using host = new PulseboxProcess([
    ...["--heartbeat", "--state", "--heartbeat-port=0", "--state-port=0", "--console-port=0"],
    ...["--state-publisher-port=0", "--state-subscriber-port=0"],
  ]);
  const [text] = await host.stderrHas(/[^]*role=console/);
  const ports = [...text.matchAll(/Listening on http:\/\/\S+:(\d+) role=(\w+)/g)]
    .map(([, port = "", role = ""]) => ({ role, port: Number(port) }));
  assert.ok(ports.length >= 3, text);
  const random = new Random(SEED);
  for (const port of ports) {
    const seen = new Set<string>();
    for (let at = 0; at < HEADS; at += AT_ONCE) {
      const some = Array.from({ length: AT_ONCE }, (_, index) => tryOne(random, port, at + index));
      for (const result of await Promise.all(some)) seen.add(result);
    }
    // Only protocol ports take what is made by hand.
    assert.equal(seen.size, port.role === "console" ? 2 : 3, `${port.role}: ${[...seen]}`);
  }
});
