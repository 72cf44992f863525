/**
 * The house checks itself: which room may enter which, and what may lie about.
 *
 * Each rule lists all of its offenders at once.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { filesBelow } from "./support/files_below.ts";
import { readSource, type SourceText } from "./support/source_text.ts";

/** What each layer may import, besides itself. Inner layers stand first. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  version: [],
  core: [],
  wire: ["core"],
  net: ["wire", "core"],
  store: ["wire", "core"],
  clients: ["net", "wire", "core"],
  roles: ["net", "store", "wire", "core"],
  console: ["net", "store", "wire", "core", "version"],
  appliance: ["roles", "console", "net", "store", "wire", "core", "version"],
  cli: ["appliance", "clients", "wire", "core", "version"],
  "main.ts": ["cli"],
  lib: ["clients", "net", "wire", "core"],
  "mod.ts": ["lib"],
};

/** What a layer may import besides: single files that need no host around them; each with its reason. */
const BESIDES: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  cli: {
    "time, and what runs beside": /^src\/net\/(background|sleep|system_clock|timer)\.ts$/,
    "what the system tells a program": /^src\/net\/(systemd|user_signal|libc\/kernel_facts)\.ts$/,
    "files of commands":
      /^src\/store\/(file_error|installed_files|path_check|recordings|safe_place|sysctl_files)\.ts$/,
  },
};

const ENTRANCES = ["main.ts", "mod.ts"];
const PURE_LAYERS = ["core", "wire"];
/** Lines of code in one file; comments and blank lines are free. */
const CODE_LINES_MAX = 250;
/** Lines of a file that is no code, such as a style sheet. */
const TEXT_LINES_MAX = 300;

/** Files that may be longer, because they are tables; each with its reason. */
const TABLES: Readonly<Record<string, string>> = {
  "src/console/page/texts_de.ts": "one sentence a line",
  "src/console/page/texts_en.ts": "one sentence a line",
  "src/cli/command_table.ts": "one entry for each command",
};

/** What code of a pure layer must not name. The date of a given moment reads no clock. */
const IMPURE = new RegExp(
  String.raw`(?<![.\w$#])(Deno|performance|Date(?!\(\w)|setTimeout|setInterval|setImmediate|` +
    String.raw`queueMicrotask|await|async|console|fetch|globalThis|crypto)\b(?!\s*\??:)`,
  "g",
);

/** Who may use the runtime's timers, which take any wait above 24 days for none; each with its reason. */
const TIMER_FILES: Readonly<Record<string, string>> = {
  "src/net/timer.ts": "it makes timers of any length of them",
  "src/store/commit_timer.ts": "the store cannot see net, and its interval is a constant",
};

/** Directories that are not part of the repository's text. */
const FOREIGN = new Set([".git", "node_modules", "coverage", "dist", "artifacts", "dumps"]);
const TEXT = /\.(ts|tsx|js|mjs|json|jsonc|md|css|html|svg|sh|py|service|yml|yaml|txt)$|\/run$/;

const ROOT = new URL("../", import.meta.url);

interface File {
  path: string;
  text: string;
  source: SourceText | undefined;
}

let loaded: Map<string, File> | undefined;

/** All text files by path from the root. */
function files(): Map<string, File> {
  loaded ??= new Map(
    filesBelow(ROOT, FOREIGN).filter((path) => TEXT.test(`/${path}`)).map((path) => {
      const text = Deno.readTextFileSync(new URL(path, ROOT));
      const source = path.endsWith(".ts") ? readSource(text) : undefined;
      return [path, { path, text, source }];
    }),
  );
  return loaded;
}

function under(...prefixes: string[]): File[] {
  return [...files().values()].filter(({ path }) =>
    prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))
  );
}

/** Every module that a file names, however: import, re-export, dynamic import, worker URL. */
function named({ path, source }: File): string[] {
  return (source?.strings ?? []).flatMap((text) =>
    /^\.{1,2}\/[^\s*]+\.[a-z0-9]+$/.test(text) ? [resolve(path, text)] : []
  );
}

function resolve(from: string, relative: string): string {
  const path = new URL(relative, new URL(from, "file:///")).pathname.slice(1);
  return decodeURIComponent(path);
}

/** The layer of a path, or `undefined` for what has none. */
function layerOf(path: string): string | undefined {
  if (ENTRANCES.includes(path)) return path;
  const layer = /^(?:src\/)?([^/.]+)/.exec(path)?.[1];
  return layer !== undefined && layer in LAYERS ? layer : undefined;
}

/** The role of a path; files in `src/roles` itself belong to none. */
function roleOf(path: string): string | undefined {
  return /^src\/roles\/([^/]+)\//.exec(path)?.[1];
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** All matches in the text or code of files, as `path:line: match`. */
function matches(candidates: File[], pattern: RegExp, part: "text" | "code"): string[] {
  return candidates.flatMap(({ path, text, source }) => {
    const searched = part === "code" ? source?.code ?? "" : text;
    return [...searched.matchAll(pattern)].map((match) =>
      `${path}:${lineOf(searched, match.index)}: ${match[0].trim()}`
    );
  });
}

function assertNone(offenders: readonly string[], rule: string): void {
  assert.deepEqual(offenders, [], `${rule}:\n  ${offenders.join("\n  ")}`);
}

Deno.test("house: every file of src belongs to a layer", () => {
  const homeless = under("src").filter(({ path }) => layerOf(path) === undefined);
  assertNone(homeless.map(({ path }) => path), "These files belong to no layer");
});

Deno.test("house: imports point inward only", () => {
  const offenders = under("src", "lib", ...ENTRANCES).flatMap((file) =>
    named(file).flatMap((target) => {
      const from = layerOf(file.path);
      const to = layerOf(target);
      if (from === undefined || from === to) return [];
      const besides = Object.values(BESIDES[from] ?? {}).some((files) => files.test(target));
      const allowed = besides || (to !== undefined && (LAYERS[from] ?? []).includes(to));
      return allowed ? [] : [`${file.path} imports ${target}`];
    })
  );
  assertNone(offenders, "These imports point outward or out of src");
  const idle = Object.entries(BESIDES).flatMap(([layer, besides]) => {
    const targets = under("src").filter(({ path }) => layerOf(path) === layer).flatMap(named);
    return Object.entries(besides).filter(([, files]) => !targets.some((path) => files.test(path)))
      .map(([reason]) => `${layer}: ${reason}`);
  });
  assertNone(idle, "Nobody needs these exceptions any more");
});

Deno.test("house: no file imports itself, over however many others", () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  // Types count: whoever reads one file of a circle has to read all of them.
  const visit = (file: File): void => {
    const at = path.indexOf(file.path);
    if (at >= 0) {
      circles.push([...path.slice(at), file.path].join(" → "));
      return;
    }
    if (done.has(file.path)) return;
    path.push(file.path);
    for (const target of named(file)) {
      const next = files().get(target);
      if (next !== undefined) visit(next);
    }
    path.pop();
    done.add(file.path);
  };
  for (const file of under("src", "lib", ...ENTRANCES)) visit(file);
  assertNone(circles, "These files need each other");
});

Deno.test("house: no role imports another", () => {
  const offenders = under("src/roles").flatMap((file) =>
    named(file)
      .filter((target) => roleOf(target) !== undefined && roleOf(target) !== roleOf(file.path))
      .map((target) => `${file.path} imports ${target}`)
  );
  assertNone(offenders, "These roles know another role");
});

Deno.test("house: core and wire touch neither clock, world nor event loop", () => {
  const pure = PURE_LAYERS.map((layer) => `src/${layer}`);
  assertNone(matches(under(...pure), IMPURE, "code"), "These lines are not pure");
});

/** A wall clock in a subtraction, on either side. */
const WALL_DIFFERENCE =
  /(?:Date\.now\(\)|Date\.parse\([^)]*\)|\bwall\(\)|\bwall|[wW]allMs)\s*-[^>=].*|-\s*(?:Date\.(?:now|parse)\(|[\w.#]*\bwall\b|[\w.#]*[wW]allMs).*/g;

/** Where one is right all the same. A length that somebody is told must not depend on a clock that is set. */
const WALL_DIFFERENCES: Readonly<Record<string, string>> = {
  "src/appliance/fleet_panel.ts": "dates a moment whose age was measured",
  "src/appliance/notifications.ts": "dates moments of listening time",
  "src/appliance/panels.ts": "dates a moment of listening time",
  "src/console/live/live_hub.ts": "dates moments of listening time",
  "src/console/member_view.ts": "dates a moment whose age was measured",
  "src/console/api/care_handlers.ts": "a maintenance ends when a clock shows a time",
  "src/console/page/flurry.ts": "moments of one history, put together to one line",
  "src/console/page/members_model.ts": "the host's clock of one connection, to be shown",
  "src/console/page/news_age.ts": "two clocks of one connection; a wrong age costs a reload",
  "src/console/page/wall_words.ts": "how long ago a moment was, both by the clock of the host",
  "src/console/page/panel_pictures.ts": "stretches of the calendar",
  "src/console/page/panel_time.ts": "stretches of the calendar",
  "src/console/page/shared_stream.ts": "one message between tabs; a wrong age costs this one",
  "src/console/process_metrics.ts": "dates the start of the process, as Prometheus wants it",
  "src/core/calendar.ts": "moments of the calendar",
  "src/core/wall_track.ts": "dates moments of listening time, and notices when the clock is set",
  "src/store/boot_clock.ts": "notices when the clock is set",
  "src/store/group_commit.ts": "notices when the clock is set",
  "src/store/history.ts": "dates moments of listening time",
  "src/store/member_row.ts": "the time between two runs, believed within limits",
  "src/store/outage_table.ts": "dates moments of listening time",
  "src/store/uptime.ts": "dates the end of an absence",
  "src/store/uptime_carry.ts": "the history of older versions has nothing else",
};

Deno.test("house: no length is a difference of wall clocks", () => {
  const found = matches(under("src", "lib"), WALL_DIFFERENCE, "code");
  const isListed = (match: string) => (match.split(":")[0] ?? "") in WALL_DIFFERENCES;
  assertNone(found.filter((match) => !isListed(match)), "These lines subtract wall clocks");
  const paths = new Set(found.map((match) => match.split(":")[0]));
  const idle = Object.keys(WALL_DIFFERENCES).filter((path) => !paths.has(path));
  assertNone(idle, "These files subtract no wall clocks any more");
});

Deno.test("house: core and wire import nothing but themselves", () => {
  const pure = PURE_LAYERS.map((layer) => `src/${layer}`);
  const pattern = /(?:from\s*|import\s*\(?\s*)"[^".][^"]*"/g;
  const offenders = under(...pure).flatMap(({ path, text, source }) => {
    const code = source?.code.split("\n") ?? [];
    return [...text.matchAll(pattern)].flatMap((match) => {
      const line = lineOf(text, match.index);
      return /\b(from|import)\b/.test(code[line - 1] ?? "") ? [`${path}:${line}: ${match[0]}`] : [];
    });
  });
  assertNone(offenders, "These imports come from outside");
});

Deno.test("house: timers are armed in one place", () => {
  const pattern = /\b(setTimeout|setInterval)\b(?=\s*\()|\bAbortSignal\s*\.\s*timeout\b/g;
  // The page runs in a browser, whose waits are constants.
  const candidates = under("src", "lib", ...ENTRANCES)
    .filter(({ path }) => !(path in TIMER_FILES) && !path.startsWith("src/console/page/"));
  assertNone(
    matches(candidates, pattern, "code"),
    "These lines arm timers of the runtime; use Timer or Patience of src/net/timer.ts, " +
      "or sleep of src/net/sleep.ts",
  );
});

Deno.test("house: one function sleeps", () => {
  // A promise that a timer of its own resolves.
  const pattern =
    /new Promise\b(?:(?!\n {0,2}\}\n)[^])*?\bTimer\.after\(|Timer\.after\([^;]*\bresolve\b/g;
  const candidates = under("src", "lib").filter(({ path }) => path !== "src/net/sleep.ts");
  assertNone(
    matches(candidates, pattern, "code"),
    "These lines sleep; use sleep, settlesWithin or Sleep of src/net/sleep.ts",
  );
});

Deno.test("house: a port is named by who listens on it", () => {
  // A listener on port 0 that is closed for its port.
  const pattern =
    /using \w+ = Deno\.listen\([^;]*port: 0[^;]*;\s*return\b|Deno\.listen\([^;]*port: 0[^;]*;[^;]*;\s*\w+\.close\(/g;
  const candidates = under("scripts", "tests")
    // It needs one of the ports that the system picks.
    .filter(({ path }) => path !== "tests/cli/idle_cost_test.ts");
  assertNone(
    matches(candidates, pattern, "code"),
    "These lines name a port that is anybody's again; use lastingPort of tests/support/lasting_port.ts",
  );
});

Deno.test("house: names have one order", () => {
  const candidates = under("src", "lib").filter(({ path }) => path !== "src/core/name_order.ts");
  assertNone(
    matches(candidates, /\.localeCompare\(|\bIntl\.Collator\b/g, "code"),
    "These lines order names; use compareNames of src/core/name_order.ts",
  );
});

Deno.test("house: what was thrown is worded in one place", () => {
  const candidates = under("src", "lib", "scripts")
    .filter(({ path }) => path !== "src/core/message_of.ts");
  assertNone(
    matches(candidates, /(\w+) instanceof Error\s*\?\s*\1\.message\s*:\s*(String\()?\1\b/g, "code"),
    "These lines word an error; use messageOf of src/core/message_of.ts",
  );
});

Deno.test("house: what only tests use is fetched by nobody else", () => {
  const inTests = under("tests/packages").flatMap(({ source }) => source?.strings ?? [])
    .filter((text) => text.startsWith("npm:"))
    .map((text) => /^npm:((?:@[^/]+\/)?[^@]+)/.exec(text)?.[1] ?? text);
  assert.ok(inTests.length >= 4, "tests use packages");
  const locked = Object.keys(
    JSON.parse(Deno.readTextFileSync(new URL("deno.lock", ROOT))).npm ?? {},
  )
    .map((name) => name.replace(/(?!^)@.*$/, ""));
  assert.ok(locked.includes("hono"), "deno.lock names the packages of the product");
  const offenders = inTests.filter((name) => locked.includes(name));
  assertNone(offenders, "deno.lock holds packages of tests; run tests with --lock=tests/deno.lock");
});

Deno.test("house: the client of the fleet's brokers is used in one place", () => {
  const offenders = under("src", "lib", ...ENTRANCES)
    .filter(({ path }) => !path.startsWith("src/net/nats/"))
    .filter(({ source }) => source?.strings.some((text) => text.startsWith("@nats-io/")))
    .map(({ path }) => path);
  assertNone(offenders, "These files import the NATS client; use src/net/nats");
});

Deno.test("house: no line of a comment says again what the line above it ends with", () => {
  const offenders = under("src", "lib", "scripts", "tests", ...ENTRANCES).flatMap(
    ({ path, text }) => {
      const lines = text.split("\n").map((line) => /^\s*(?:\*|\/\/) (.*)$/.exec(line)?.[1] ?? "");
      return lines.flatMap((line, index) => {
        const above = lines[index - 1] ?? "";
        const isSaidAgain = line.length > 12 && above.endsWith(line);
        // Documentation shows a tag behind a sentence as its end.
        const isGlued = line.startsWith("@module") && /^[^@]/.test(above);
        return isSaidAgain || isGlued ? [`${path}:${index + 1}: ${line}`] : [];
      });
    },
  );
  assertNone(offenders, "These lines stand twice, or lack an empty line above");
});

Deno.test("house: no rows are read in a way that ends early at a damaged page", () => {
  // Deno's `iterate()` takes SQLITE_CORRUPT for the end of the rows, `all()` throws it.
  const offenders = matches(under("src", "lib", ...ENTRANCES), /\.iterate\(/g, "code");
  assertNone(offenders, "Read with all() instead of iterate()");
});

Deno.test("house: files are made where no other user can have laid out a link", () => {
  const places = new Set(["src/store/safe_place.ts", "src/store/installed_files.ts"]);
  const candidates = under("src", "lib", ...ENTRANCES).filter(({ path }) => !places.has(path));
  assertNone(
    matches(
      candidates,
      /\b(create|createNew|append|truncate): true|Deno\.(create|write(Text)?File|copyFile)(Sync)?\(/g,
      "code",
    ),
    "These lines may follow a link; make files with src/store/safe_place.ts",
  );
  assertNone(
    matches(
      candidates.filter(({ path }) => path !== "src/store/connection.ts"),
      /new DatabaseSync\(/g,
      "code",
    ),
    "These lines may follow a link; open databases with src/store/connection.ts",
  );
});

Deno.test("house: nothing is exported by default", () => {
  assertNone(
    matches(
      under("src", "lib", "tests", "scripts", "docs", ...ENTRANCES),
      /\bexport\s+default\b/g,
      "code",
    ),
    "These modules have a default export",
  );
});

Deno.test("house: no file of src has more than 250 lines of code unless it is a table", () => {
  const excess = new Map(
    under("src").map(({ path, text, source }) => {
      const lines = (source?.code ?? text).split("\n").filter((line) => line.trim() !== "");
      return [path, lines.length - (source === undefined ? TEXT_LINES_MAX : CODE_LINES_MAX)];
    }),
  );
  const tooLong = [...excess].filter(([path, lines]) => lines > 0 && !(path in TABLES));
  assertNone(tooLong.map(([path, lines]) => `${path}: ${lines} too many`), "Too long files");
  const needless = Object.keys(TABLES).filter((path) => (excess.get(path) ?? 0) <= 0);
  assertNone(needless, "These files need no exception any more");
});

Deno.test("house: every file of src can be reached from main.ts, mod.ts or a door of lib", () => {
  const reached = new Set<string>();
  const doors = under("lib").map(({ path }) => path);
  const waiting = [...ENTRANCES, ...doors].filter((path) => files().has(path));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const file = files().get(path);
    if (file !== undefined) waiting.push(...named(file));
  }
  const dead = under("src").filter(({ path }) => path.endsWith(".ts") && !reached.has(path));
  assertNone(dead.map(({ path }) => path), "Nobody imports these files");
});

Deno.test("house: every import of a file finds it", () => {
  const offenders = under("src", "lib", ...ENTRANCES).flatMap((file) =>
    named(file)
      .filter((target) => target.endsWith(".ts") && !files().has(target))
      .map((target) => `${file.path} imports ${target}`)
  );
  assertNone(offenders, "These files do not exist");
});

Deno.test("house: every test of a layer stands where what it tests stands", () => {
  const sources = [...files().keys()];
  const orphans = under("tests").flatMap(({ path }) => {
    const [, layer = "", rest] = /^tests\/([^/]+)\/(.+)_test\.ts$/.exec(path) ?? [];
    if (rest === undefined || !(layer in LAYERS)) return [];
    // Named after a file, after the folder as a whole, or after a behaviour of what is in the folder.
    const folder = `src/${layer}/${rest}`.replace(/[^/]+$/, "");
    return sources.some((source) => source.startsWith(folder)) ? [] : [path];
  });
  assertNone(orphans, "These tests have no counterpart in src");
});

Deno.test("house: there is no package.json", () => {
  const offenders = filesBelow(ROOT, FOREIGN).filter((path) => /(^|\/)package\.json$/.test(path));
  assertNone(offenders, "A package.json breaks module loading and tasks");
});

Deno.test("house: nothing is left open", () => {
  // Written so that this file does not find itself.
  const marks = /\b(TO[D]O|FIX[M]E|XX[X])\b|not[ ]implemented/g;
  assertNone(matches([...files().values()], marks, "text"), "These lines are left open");
  const muted = /\bDeno\.test\.(only|ignore)\b|\b(only|ignore|skip)\s*:\s*true\b|\.(only|skip)\(/g;
  assertNone(matches(under("tests"), muted, "code"), "These tests are muted");
});

Deno.test("house: no comment or document uses phrases that readers have to read twice", () => {
  const phrases =
    /(?<!--)\bfor ever\b|\b(of whom|anew|such a one|save for|lets go|if need be|(cannot|to) be had)\b/g;
  const texts = under(
    "src",
    "docs",
    "lib",
    "mod.ts",
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
  );
  assertNone(matches(texts, phrases, "text"), "Say it in plain words");
});

Deno.test("house: no text names a machine or a package registry", () => {
  const machines = /(?<![\w.~}-])\/(root|home|work|tmp|Users)\/[\w.-]+/g;
  const registries =
    /\b(registry\.npmjs\.org|(npm\.)?jsr\.io|pypi\.org|deb\.debian\.org|proxy\.golang\.org)\b/g;
  const texts = [...files().values()].filter(({ path }) => path !== "tests/house_test.ts");
  assertNone(matches(texts, machines, "text"), "These paths exist on one machine only");
  assertNone(matches(texts, registries, "text"), "These lines name a registry");
});

Deno.test("house: every document has one title", () => {
  const offenders = [...files().values()]
    .filter(({ path }) => path.endsWith(".md"))
    .map(({ path, text }) => ({ path, titles: prose(text).match(/^# .+$/gm)?.length ?? 0 }))
    .filter(({ titles }) => titles !== 1)
    .map(({ path, titles }) => `${path}: ${titles}`);
  assertNone(offenders, "These documents have no title, or several");
});

Deno.test("house: every relative link of a document leads somewhere", () => {
  const paths = filesBelow(ROOT, FOREIGN).map((path) => `/${path}`);
  // Recordings are named in documents too.
  if (exists("dumps")) {
    paths.push(...filesBelow(new URL("dumps/", ROOT)).map((path) => `/dumps/${path}`));
  }
  const offenders = [...files().values()].filter(({ path }) => path.endsWith(".md")).flatMap(
    ({ path, text }) =>
      [...prose(text).matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)/gm)]
        .map((match) => match[1] ?? match[2] ?? "")
        .filter((link) => !/^([a-z][a-z+.-]*:|\/\/)/i.test(link))
        .filter((link) => !leadsSomewhere(path, link, paths))
        .map((link) => `${path}: ${link}`),
  );
  assertNone(offenders, "These links lead nowhere");
});

function leadsSomewhere(from: string, link: string, paths: readonly string[]): boolean {
  const [target = "", anchor] = link.split("#");
  const path = target === "" ? `/${from}` : `/${resolve(from, target)}`;
  const found = paths.some((each) =>
    each === path || each.startsWith(`${path}/`.replace("//", "/"))
  );
  if (!found || anchor === undefined || !path.endsWith(".md")) return found;
  const text = files().get(path.slice(1))?.text ?? "";
  return [...prose(text).matchAll(/^#+ (.+)$/gm)].some((match) => slug(match[1] ?? "") === anchor);
}

/** The anchor that a renderer makes of a heading. */
function slug(heading: string): string {
  return heading.trim().toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

/** A document without its code. */
function prose(text: string): string {
  return text.replaceAll(/^( *)(```+|~~~+)[^]*?^\1\2 *$/gm, "").replaceAll(/`[^`\n]*`/g, "``");
}

function exists(path: string): boolean {
  try {
    Deno.statSync(new URL(path, ROOT));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test("house: its own scanner tells code from text", () => {
  const { code, strings } = readSource([
    'import { a } from "./a.ts"; // import "./no.ts"',
    '/* "./no.ts" await */ const b = `x ${f(`y ${"z"}`, { c: 1 })} Deno`;',
    "const r = /[/\"'`]await/g.test('q\\'s') ? 4 / 2 / 1 : 0;",
    'const e = ""; import "./b.ts";',
    "await 1;",
  ].join("\n"));
  assert.deepEqual(strings, ["./a.ts", "x ", "y ", "z", "", " Deno", "q\\'s", "", "./b.ts"]);
  assert.equal(code.match(/await/g)?.length, 1);
  assert.doesNotMatch(code, /Deno|no\.ts/);
  assert.match(code, /4 \/ 2 \/ 1/);
  assert.equal(code.split("\n").length, 5);
});
