/**
 * The events of a console: server-sent events.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 * @module
 */

/** An event of a console; `data` is JSON. */
export interface ConsoleEvent {
  readonly name: string;
  readonly data: unknown;
}

/**
 * The longest event that is accepted, in characters: a snapshot of two thousand long names fits.
 */
const EVENT_LENGTH_MAX = 8_388_608;

/**
 * Reads the events of a stream as they arrive.
 *
 * @return `endless` if an event is longer than any that a console sends.
 */
export async function* eventsIn(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<ConsoleEvent, "ended" | "endless"> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of pieces) {
    text += decoder.decode(piece, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const event = readEvent(text.slice(0, end));
      text = text.slice(end + 2);
      if (event !== undefined) yield event;
    }
    if (text.length > EVENT_LENGTH_MAX) return "endless";
  }
  return "ended";
}

function readEvent(block: string): ConsoleEvent | undefined {
  const [, name, data] = /^event: ([^\n]+)\ndata: ([^\n]+)$/.exec(block) ?? [];
  return name === undefined || data === undefined ? undefined : { name, data: JSON.parse(data) };
}
