/**
 * A reader of replies of its own, which shares no code with the product and takes nothing that RFC 9112
 * forbids a server.
 *
 * @module
 */

import { strict as assert } from "node:assert";

/** One reply. */
export interface Reply {
  readonly status: number;
  /** By name in small letters. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
}

/**
 * Reads the replies of one connection.
 *
 * @param text All that came, each character one byte.
 * @param methods Of the requests, in order; of one that is not known here, GET is assumed.
 * @param hasEnded Whether the server has ended the connection, which may end a body.
 */
export function repliesIn(
  text: string,
  methods: readonly string[],
  hasEnded: boolean,
): { replies: Reply[]; rest: string } {
  const replies: Reply[] = [];
  let rest = text;
  while (rest !== "") {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) break;
    const [first = "", ...lines] = rest.slice(0, end).split("\r\n");
    const [, digits = ""] = /^HTTP\/1\.1 ([1-5]\d\d) [\t\x20-\x7e]*$/.exec(first) ?? [];
    assert.notEqual(digits, "", `no status line: ${JSON.stringify(first)}`);
    const status = Number(digits);
    const fields = fieldsOf(lines);
    const body = bodyIn(rest.slice(end + 4), {
      status,
      fields,
      method: methods[replies.length] ?? "GET",
      hasEnded,
    });
    if (body === undefined) break;
    rest = rest.slice(end + 4 + body.bytes);
    // RFC 9110 section 15.2: any number of interim replies comes before the final one.
    if (status >= 200) replies.push({ status, fields, body: body.text });
  }
  return { replies, rest };
}

/** Fields that stand once at most. */
const SINGLE = ["content-length", "content-type", "date", "transfer-encoding", "connection"];

function fieldsOf(lines: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name = "", value = ""] =
      /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/.exec(line) ?? [];
    assert.notEqual(name, "", `no field: ${JSON.stringify(line)}`);
    const key = name.toLowerCase();
    const earlier = fields.get(key);
    assert.ok(earlier === undefined || !SINGLE.includes(key), `${name} stands twice`);
    fields.set(key, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return fields;
}

interface Message {
  readonly status: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly method: string;
  readonly hasEnded: boolean;
}

/** The body and how many bytes it takes; undefined if it is not all there (RFC 9112 section 6.3). */
function bodyIn(
  text: string,
  { status, fields, method, hasEnded }: Message,
): { text: string; bytes: number } | undefined {
  const length = fields.get("content-length");
  const coding = fields.get("transfer-encoding");
  assert.ok(length === undefined || coding === undefined, "length and coding");
  if (status < 200 || status === 204) {
    assert.ok(length === undefined && coding === undefined, `${status} with a length`);
  }
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) {
    return { text: "", bytes: 0 };
  }
  if (length !== undefined) {
    assert.match(length, /^\d+$/);
    const bytes = Number(length);
    return text.length < bytes ? undefined : { text: text.slice(0, bytes), bytes };
  }
  if (coding === undefined) return hasEnded ? { text, bytes: text.length } : undefined;
  assert.equal(coding, "chunked");
  let body = "";
  for (let at = 0;;) {
    const [line = "", digits = ""] = /^([0-9a-f]+)\r\n/.exec(text.slice(at)) ?? [];
    if (line === "") return undefined;
    const bytes = Number.parseInt(digits, 16);
    const end = at + line.length + bytes;
    if (text.length < end + 2) return undefined;
    assert.equal(text.slice(end, end + 2), "\r\n", "the end of a chunk");
    if (bytes === 0) return { text: body, bytes: end + 2 };
    body += text.slice(at + line.length, end);
    at = end + 2;
  }
}
