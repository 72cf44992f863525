/**
 * The names under which this machine may be asked.
 *
 * @module
 */

/** Names that are looked at in each file. */
const NAMES_MAX = 64;
const FILE_BYTES_MAX = 65_536;

/**
 * What this machine calls itself, that name in the domains that it searches, the name that it tells
 * its network (`.local`), and what `/etc/hosts` calls loopback. In lower case.
 *
 * A name that anybody could give to this address is not among them.
 */
export function ownHostNames(): Set<string> {
  const names = new Set<string>();
  const hostname = machineName().toLowerCase();
  if (hostname !== "") {
    names.add(hostname);
    names.add(`${hostname}.local`);
    for (const domain of searchDomains(readText("/etc/resolv.conf"))) {
      names.add(`${hostname}.${domain}`);
    }
  }
  for (const name of loopbackNames(readText("/etc/hosts"))) names.add(name);
  return names;
}

/** What this machine calls itself; empty if it has no name, or may not be asked. */
export function machineName(): string {
  return ask(() => Deno.hostname());
}

/** The domains of `search` and `domain` lines. */
export function searchDomains(text: string): string[] {
  return wordsOf(text)
    .filter(([first]) => first === "search" || first === "domain")
    .flatMap(([, ...domains]) => domains)
    .map((domain) => domain.replace(/\.$/, ""))
    .filter((domain) => domain !== "")
    .slice(0, NAMES_MAX);
}

/** The names of lines that begin with an address of loopback. */
export function loopbackNames(text: string): string[] {
  return wordsOf(text)
    .filter(([address = ""]) => address === "::1" || /^127(?:\.\d{1,3}){3}$/.test(address))
    .flatMap(([, ...names]) => names)
    .slice(0, NAMES_MAX);
}

function wordsOf(text: string): string[][] {
  return text.split("\n").map((line) =>
    line.replace(/#.*/, "").trim().toLowerCase().split(/\s+/).filter((word) => word !== "")
  );
}

function readText(path: string): string {
  return ask(() => Deno.readTextFileSync(path).slice(0, FILE_BYTES_MAX));
}

/** Neither the permission nor the file has to be there: then there are fewer names. */
function ask(act: () => string): string {
  try {
    return act();
  } catch {
    return "";
  }
}
