/** Paths in units, as systemd's own parser reads them. */

import { strict as assert } from "node:assert";
import { listWord, restOfLine } from "../../../src/cli/commands/install/systemd_syntax.ts";
import { systemdUnit } from "../../../src/cli/commands/install/systemd_unit.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { requirement } from "../../support/require.ts";
import { isInstalled } from "../../support/tool.ts";

const PATHS_MAX = 400;
const LENGTH_MAX = 24;
/** What any of systemd's syntaxes takes for more than itself, and some of what none does. */
const PIECES = [
  ...[
    " ",
    "  ",
    "%",
    "%%",
    "%h",
    "%d",
    "%i",
    '"',
    "'",
    "\\",
    "\\\\",
    "\\n",
    "\\x20",
    "$",
    "${HOME}",
  ],
  ...[
    ";",
    "#",
    ":",
    "=",
    "-",
    "+",
    "!",
    "@",
    "~",
    "[",
    "]",
    "*",
    "?",
    "/",
    "ä",
    "漢",
    "😀",
    "a",
    "Z9",
  ],
];
const NAMED = [
  "a b",
  "50%",
  'say "so"',
  "it's",
  "C:\\dir\\",
  " begins",
  "ends ",
  "ends \\",
  "%h/x",
];

if (
  requirement("paths in units", {
    name: "systemd-analyze",
    available: isInstalled("systemd-analyze"),
    howToGet: "apt-get install systemd",
  })
) {
  Deno.test("systemd reads every path that a unit of ours names as it was meant", async () => {
    const random = randomNumbers(20_201_129);
    const texts = [...NAMED, ...Array.from({ length: PATHS_MAX }, () => pathOf(random))];
    // It shows what it has read only of paths that are not absolute.
    const words = texts.map((text) => `@${text}`);
    const rests = words.flatMap((text) => isRefused(text) ? [] : [`${text}/`]);
    const said = await verified(unitOf(words, rests));
    assert.deepEqual(
      shown(said, /ReadWritePaths= path is not absolute, ignoring: (.*)$/gm),
      words,
    );
    assert.deepEqual(shown(said, /Credential source "(.*)" not valid, ignoring\.$/gm), rests);
    assert.ok(rests.length > PATHS_MAX / 2 && rests.length < texts.length + 1);
  });
}

Deno.test("a unit refuses what it cannot hold, and no path begins another directive", () => {
  for (const character of ["\n", "\r", "\0", "\t", "\x7f"]) {
    const path = `/srv/x${character}ExecStartPre=/bin/sh`;
    for (const write of [listWord, restOfLine]) {
      assert.throws(() => write(path), /^TypeError: Cannot write "[^"]+" into a unit of systemd: /);
    }
  }
  for (const path of ["/ends ", "/ends\\", " begins", "/ends\u00a0"]) {
    assert.throws(() => restOfLine(path), /begins or ends with a blank or backslash/, path);
  }
  assert.equal(listWord("/srv/pulsebox"), "/srv/pulsebox");
});

/** What our unit makes of them; a list of credentials has one name for each. */
function unitOf(writablePaths: readonly string[], credentials: readonly string[]): string {
  return systemdUnit({
    description: "50% of it",
    program: "/bin/true",
    environmentFile: "/dev/null",
    devices: [],
    bindsLowPort: false,
    writablePaths,
    credentials: new Map(credentials.map((path, index) => [`PATH_${index}`, path])),
    readsHome: false,
  });
}

async function verified(unit: string): Promise<string> {
  using directory = temporaryDirectory();
  const path = `${directory.path}/test.service`;
  await Deno.writeTextFile(path, unit);
  const { stderr } = await new Deno.Command("systemd-analyze", {
    args: ["verify", "--man=no", path],
    env: { LC_ALL: "C.UTF-8" },
    stdin: "null",
    stdout: "null",
  }).output();
  return new TextDecoder().decode(stderr);
}

function shown(said: string, pattern: RegExp): string[] {
  return [...said.matchAll(pattern)].map(([, text = ""]) => text);
}

function isRefused(text: string): boolean {
  try {
    restOfLine(text);
    return false;
  } catch {
    return true;
  }
}

function pathOf(random: () => number): string {
  const pieces = Array.from(
    { length: 1 + random() % LENGTH_MAX },
    () => PIECES[random() % PIECES.length],
  );
  return pieces.join("");
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
