/**
 * Which clients the library has: its doors are asked.
 *
 * @module
 */

/** What has an end but connects to nobody. */
const SERVERS: readonly string[] = [
  "Intermediary",
  "ZmqRouter",
  "ZmqServer",
  "ZmqXPub",
  "ZmqXSub",
];

/** The names of all clients among the exports of a module, in order. */
export function clientsOf(library: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(library).flatMap(([name, value]) => {
    if (typeof value !== "function" || value.prototype === undefined) return [];
    const { prototype } = value as { prototype: object };
    const isClient = Symbol.asyncDispose in prototype || name.endsWith("Client");
    return isClient && !SERVERS.includes(name) ? [name] : [];
  }).sort();
}
