import { strict as assert } from "node:assert";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { within } from "../../support/tcp.ts";
import { PulseboxHost, runProcess } from "../pulsebox_process.ts";

Deno.test("tag sets tags beside those of the settings, and a restart keeps them", async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/pulsebox.json`;
  const configure = (tags: string) =>
    Deno.writeTextFile(file, JSON.stringify({ tag: [`tetris=${tags}`] }));
  await configure("kiosk");
  const args = [`--config=${file}`, `--data=${directory.path}/data`];
  {
    await using host = await PulseboxHost.start(args);
    const tag = tagsOf(host);
    await (await fetch(`${host.url}/hb_ping?600000&appid=tetris`)).text();
    assert.equal(await tag("tetris"), "tetris @ 127.0.0.1: kiosk (--tag)\n");
    assert.equal(
      await tag("tetris", "loud,Küche"),
      "tetris @ 127.0.0.1: kiosk (--tag), loud, Küche\n",
    );
    const where = ["--console-url", host.consoleUrl];
    const { stdout } = await runProcess(["members", "--tag=loud", "--json", ...where]);
    assert.deepEqual(JSON.parse(stdout).members[0].tags, ["kiosk", "loud", "Küche"]);
    for (
      const [words, problem] of [
        [
          ["tetris", "two words"],
          / refuses: tags\.0: a tag is 1 to 40 letters, digits and hyphens\n$/,
        ],
        [["tetris", "a", "--clear"], /^pulsebox: Write tags or --clear, not both\n$/],
      ] as const
    ) {
      const { status, stderr } = await runProcess(["tag", ...words, ...where]);
      assert.notEqual(status, 0);
      assert.match(stderr, problem);
    }
    host.process.signal("SIGTERM");
    assert.equal((await host.process.finished()).status, 0);
  }

  await using host = await PulseboxHost.start(args);
  const tag = tagsOf(host);
  assert.equal(await tag("tetris"), "tetris @ 127.0.0.1: kiosk (--tag), loud, Küche\n");

  // Pages are told of what the settings change while they run.
  const abort = new AbortController();
  const { body } = await fetch(`${host.consoleUrl}/api/v1/events`, { signal: abort.signal });
  const events = (body ?? assert.fail()).pipeThrough(new TextDecoderStream()).getReader();
  await configure("ground-floor");
  host.process.signal("SIGHUP");
  let told = "";
  while (!told.includes('"tags":["ground-floor","loud","Küche"]')) {
    told += (await within(events.read(), "another snapshot")).value ?? assert.fail(told);
  }
  abort.abort();
  await events.cancel().catch(() => {});
  assert.equal(await tag("tetris", "--clear"), "tetris @ 127.0.0.1: ground-floor (--tag)\n");
  const { stdout } = await runProcess(
    ["tag", "tetris", "--json", "--console-url", host.consoleUrl],
  );
  const id = "hilbert/tetris @ 127.0.0.1";
  assert.deepEqual(JSON.parse(stdout), { id, tags: [], configured: ["ground-floor"] });
});

function tagsOf(host: PulseboxHost): (...words: string[]) => Promise<string> {
  return async (...words) => {
    const { status, stdout, stderr } = await runProcess(
      ["tag", ...words, "--console-url", host.consoleUrl],
    );
    assert.equal(status, 0, stderr);
    return stdout;
  };
}
