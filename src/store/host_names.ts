/**
 * The names under which this machine may be asked.
 *
 * @module
 */

/** The most names that are read from each file. */
const NAMES_MAX = 64;
/** Bytes of each file with names of the machine. */
const FILE_BYTES_MAX = 65_536;

/**
 * The machine's names in lower case: its host name, that name in its search domains and in
 * `.local`, and the loopback names of `/etc/hosts`.
 *
 * Names that anybody else could give to this address are left out.
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

/** The machine's host name; empty if it has none, or if asking is not permitted. */
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

/** The names in lines that begin with a loopback address. */
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

/** Without the permission, or without the file, there are fewer names. */
function ask(act: () => string): string {
  try {
    return act();
  } catch {
    return "";
  }
}
