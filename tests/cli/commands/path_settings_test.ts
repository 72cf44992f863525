/** Every setting that names a file or folder, given one that cannot be used. */

import { strict as assert } from "node:assert";
import { OPTION_KEYS, optionOf, roleKeys } from "../../../src/cli/settings/options.ts";
import { pathType } from "../../../src/cli/settings/value_types.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { runHere } from "../fake_terminal.ts";

/** What each use of a path says of a place that is not there, and of one of the other kind. */
const SENTENCES = {
  file: [/there is no such file$/, /it is a folder, not a file$/],
  recording: [/there is no such file$/, /it is a folder, not a file$/],
  folder: [/there is no such folder$/, /it is a file, not a folder$/],
  data: [/the folder above it does not exist: mkdir -p /, /it is a file, not a folder$/],
} as const;

Deno.test("every setting whose type is a path says what the path is for", () => {
  const silent = OPTION_KEYS.filter((key) =>
    optionOf(key).schema === pathType && optionOf(key).path === undefined
  );
  assert.deepEqual(silent, []);
});

for (const key of OPTION_KEYS) {
  const { flag, path: use, pathForm, group, argument } = optionOf(key);
  if (use === undefined || key === "config") continue;
  Deno.test(`--${flag} that cannot be used ends a start with a sentence`, async () => {
    using directory = temporaryDirectory();
    const file = `${directory.path}/file`;
    await Deno.writeTextFile(file, "");
    const role = roleKeys().find((name) => name === group.toLowerCase()) ?? "heartbeat";
    const other = use === "file" || use === "recording" ? directory.path : file;
    const places = [`${directory.path}/no/such`, other];
    for (const [index, place] of places.entries()) {
      const value = pathForm === undefined ? place : `dump:${place}`;
      const { status, stdout, stderr } = await runHere([`--${role}`, `--${flag}=${value}`]);
      assert.equal(status, 2, stderr);
      assert.equal(stdout, "");
      assert.ok(stderr.startsWith(`pulsebox: --${flag} is "${place}": `), stderr);
      assert.match(stderr.trimEnd(), SENTENCES[use][index] ?? /^$/, `${argument}`);
    }
  });
}

Deno.test("--data in a folder of the kernel is refused in the same way", async () => {
  const { status, stderr } = await runHere(["--heartbeat", "--data=/proc/nope"]);
  assert.equal(status, 2);
  assert.equal(
    stderr,
    'pulsebox: --data is "/proc/nope": nothing can be kept in a folder of the kernel\n',
  );
});

Deno.test("a path of a role that does not run is not looked at", async () => {
  const { stderr } = await runHere([
    "install",
    "--heartbeat",
    "--state-calibration=/no/such",
    "--dry-run",
  ]);
  assert.equal(stderr, "");
});
