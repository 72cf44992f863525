/**
 * The protocol between NATS brokers and their clients, as a broker speaks it.
 *
 * @see https://docs.nats.io/reference/reference-protocols/nats-protocol
 * @module
 */

/** What a client says. */
export type Command =
  | { readonly verb: "CONNECT"; readonly options: Readonly<Record<string, unknown>> }
  | { readonly verb: "PING" | "PONG" }
  | { readonly verb: "SUB"; readonly subject: string; readonly id: string }
  | { readonly verb: "UNSUB"; readonly id: string; readonly after: number }
  | { readonly verb: "PUB"; readonly message: Message };

/** What somebody publishes. */
export interface Message {
  readonly subject: string;
  readonly reply: string | undefined;
  /** With its first line and the empty one; undefined if there are none. */
  readonly headers: Uint8Array | undefined;
  readonly payload: Uint8Array;
}

/** Bytes of a line's end. */
const LINE_END_BYTES = 2;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Reads what one client says, however it is cut into pieces. */
export class CommandReader {
  #rest: Uint8Array = new Uint8Array();

  /** @throws {Error} if a client says what no client may. */
  *feed(bytes: Uint8Array): Generator<Command> {
    this.#rest = joined([this.#rest, bytes]);
    for (;;) {
      const end = endOfLine(this.#rest);
      if (end === undefined) return;
      const line = decoder.decode(this.#rest.subarray(0, end));
      const words = line.split(" ").filter((word) => word !== "");
      const [verb = ""] = words;
      const hasHeaders = verb === "HPUB";
      if (verb !== "PUB" && !hasHeaders) {
        this.#rest = this.#rest.subarray(end + LINE_END_BYTES);
        yield commandOf(verb, words, line);
        continue;
      }
      const sizes = words.splice(hasHeaders ? -2 : -1).map(Number);
      const [headerBytes = 0, bytesInAll = 0] = hasHeaders ? sizes : [0, ...sizes];
      const start = end + LINE_END_BYTES;
      if (this.#rest.length < start + bytesInAll + LINE_END_BYTES) return;
      const content = this.#rest.slice(start, start + bytesInAll);
      this.#rest = this.#rest.subarray(start + bytesInAll + LINE_END_BYTES);
      const [, subject = "", reply] = words;
      yield {
        verb: "PUB",
        message: {
          subject,
          reply,
          headers: hasHeaders ? content.subarray(0, headerBytes) : undefined,
          payload: content.subarray(headerBytes),
        },
      };
    }
  }
}

function commandOf(verb: string, words: readonly string[], line: string): Command {
  switch (verb) {
    case "CONNECT":
      return { verb, options: JSON.parse(line.slice(verb.length)) };
    case "PING":
    case "PONG":
      return { verb };
    case "SUB":
      return { verb, subject: words[1] ?? "", id: words.at(-1) ?? "" };
    case "UNSUB":
      return { verb, id: words[1] ?? "", after: Number(words[2] ?? 0) };
    default:
      throw new Error(`A client says ${JSON.stringify(line.slice(0, 100))}`);
  }
}

/** One line of a broker. */
export function lineOf(text: string): Uint8Array {
  return encoder.encode(`${text}\r\n`);
}

/** A message to a subscription of a client. */
export function deliveryOf(
  subscription: string,
  { subject, reply, headers, payload }: Message,
): Uint8Array {
  const to = [subject, subscription, ...(reply === undefined ? [] : [reply])].join(" ");
  const head = headers === undefined
    ? `MSG ${to} ${payload.length}`
    : `HMSG ${to} ${headers.length} ${headers.length + payload.length}`;
  return joined([lineOf(head), headers ?? new Uint8Array(), payload, lineOf("")]);
}

/** Headers of a message, after a status if there is one, such as `404 Message Not Found`. */
export function headersOf(fields: Readonly<Record<string, string>>, status = ""): Uint8Array {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return encoder.encode(`NATS/1.0${status === "" ? "" : ` ${status}`}\r\n${lines.join("")}\r\n`);
}

/** Whether a subject is one of those that a pattern with `*` and `>` names. */
export function matches(pattern: string, subject: string): boolean {
  const wanted = pattern.split(".");
  const words = subject.split(".");
  for (const [at, word] of wanted.entries()) {
    if (word === ">") return words.length > at;
    if (words[at] === undefined || word !== "*" && word !== words[at]) return false;
  }
  return words.length === wanted.length;
}

function endOfLine(bytes: Uint8Array): number | undefined {
  const at = bytes.indexOf(0x0a);
  return at < 0 ? undefined : at - 1;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
