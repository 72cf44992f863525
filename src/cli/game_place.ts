/**
 * Where a game server is, as one writes it on a command line.
 *
 * @module
 */

/** The game server of this machine. */
export const GAME_URL_DEFAULT = "127.0.0.1:6969";

/** The port of a game server. */
const PORT_DEFAULT = "6969";

/**
 * Makes the URL of `HOST`, `HOST:PORT`, `[ADDRESS]:PORT` or `http://HOST:PORT`.
 *
 * @return `undefined` if the text is none of them.
 */
export function parseGamePlace(text: string): string | undefined {
  const url = text.includes("://") ? text : `http://${text}`;
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol !== "http:" || hostname === "" || pathname !== "/") return undefined;
  const isPlain = text.includes("://") || /:80$/.test(text);
  return `http://${hostname}:${port === "" ? isPlain ? "80" : PORT_DEFAULT : port}`;
}
