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

/** The names of all classes of errors among the exports of a module. */
export function errorsOf(library: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(library).flatMap(([name, value]) =>
    typeof value === "function" && value.prototype instanceof Error ? [name] : []
  );
}

/** All exported classes that `await using` ends, and the names of their members. */
export function endingOf(library: Readonly<Record<string, unknown>>): [string, string[]][] {
  return Object.entries(library).flatMap(([name, value]): [string, string[]][] => {
    if (typeof value !== "function" || value.prototype === undefined) return [];
    const { prototype } = value as { prototype: object };
    return Symbol.asyncDispose in prototype ? [[name, Object.getOwnPropertyNames(prototype)]] : [];
  });
}
