import { strict as assert } from "node:assert";
import { TokenTable } from "../../../src/console/tokens.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { runHere } from "../fake_terminal.ts";

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

Deno.test("pulsebox token new makes a file that a host takes, and shows the token once", async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/new/tokens`;
  const made = await runHere(["token", "new", "--token-file", file]);
  assert.equal(made.status, 0, made.stderr);
  const token = made.stdout.trim();
  assert.match(made.stdout, /^[\w-]{32}\n$/);
  assert.ok(!made.stderr.includes(token), made.stderr);
  const text = await Deno.readTextFile(file);
  assert.equal(text, `write ${token}\n`);
  assert.equal(TokenTable.parse(text).rightOf(token), "write");
  assert.equal(await modeOf(file), 0o600);
});

Deno.test("pulsebox token new adds to a file, and takes it away from others", async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/tokens`;
  // As an editor may leave it: without a last line break, and readable for everybody.
  await Deno.writeTextFile(file, "# ours\nwrite 0123456789abcdef", { mode: 0o644 });
  const env = { PULSEBOX_TOKEN_FILE: file };
  const { status, stdout, stderr } = await runHere(["token", "new", "--read", "--json"], { env });
  assert.equal(status, 0, stderr);
  const { token, right } = JSON.parse(stdout);
  const table = TokenTable.parse(await Deno.readTextFile(file));
  assert.deepEqual([right, table.rightOf(token)], ["read", "read"]);
  assert.equal(table.rightOf("0123456789abcdef"), "write");
  assert.equal(await modeOf(file), 0o600);
});

Deno.test("pulsebox token new leaves alone what is no token file, and says what is in the way", async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/passwd`;
  await Deno.writeTextFile(file, "root:x:0:0\n");
  const other = await runHere(["token", "new", `--token-file=${file}`]);
  assert.equal(other.status, 1);
  assert.match(other.stderr, /^pulsebox: Cannot add a token to ".*passwd": line 1 must be "read /);
  assert.equal(await Deno.readTextFile(file), "root:x:0:0\n");
  const folder = await runHere(["token", "new", `--token-file=${directory.path}`]);
  assert.equal(folder.status, 1);
  assert.match(folder.stderr, /^pulsebox: Cannot (read|write) ".*": \S.*\n$/);
  const wrong = await runHere(["token", "old"]);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /^pulsebox: "old" is no action: write new, wall\n/);
});

Deno.test("pulsebox token wall prints a link whose token reads and can be revoked", async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/tokens`;
  await Deno.writeTextFile(file, "write 0123456789abcdef\n", { mode: 0o600 });
  const { status, stdout, stderr } = await runHere(
    ["token", "wall", `--token-file=${file}`, "--console-url=http://pi:8880/pulse/"],
  );
  assert.equal(status, 0, stderr);
  const [, token = ""] = /^http:\/\/pi:8880\/pulse\/login\?view=wall#token=([\w-]{32})\n$/
    .exec(stdout) ?? assert.fail(stdout);
  assert.ok(!stderr.includes(token) && !stderr.includes("this machine only"), stderr);
  const text = await Deno.readTextFile(file);
  const known = TokenTable.parse(text).identify(token);
  assert.deepEqual([known?.right, known?.isWall], ["read", true]);
  const left = text.split("\n").filter((line) => !line.startsWith("wall ")).join("\n");
  assert.equal(TokenTable.parse(left).identify(token), undefined);
  const here = await runHere(["token", "wall", `--token-file=${file}`]);
  assert.match(here.stdout, /^http:\/\/127\.0\.0\.1:8880\/login/);
  assert.match(here.stderr, /works on this machine only/);
});
