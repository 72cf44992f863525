/**
 * Every tool reaches its server below a path of a proxy: the real nginx, TLS, the manual's recipes.
 */

import { strict as assert } from "node:assert";
import { HilbertClient } from "../../../src/clients/hilbert/client.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { hasOpenssl, makeCertificate } from "../../support/certificate.ts";
import { hasNginx, nginxRecipes, startNginx } from "../../support/nginx.ts";
import { requirement } from "../../support/require.ts";
import { runHere } from "../fake_terminal.ts";
import { ANSWERED, callsOf } from "../tool_calls.ts";
import { hearsNews } from "../watching.ts";
import { HEARTBEATS_ONLY, WholeHost } from "../whole_host.ts";

const SUITE = "tools below a path of nginx";
const canRun = hasNginx(SUITE) && requirement(SUITE, {
  name: "openssl",
  available: hasOpenssl(),
  howToGet: "apt-get install openssl",
});
const TOKEN = "write-token-0123456789";

/** Beside heartbeats: no instrument, whose alarms would count in the verdict. */
const ROLES = [
  "--trigger",
  "--trigger-host=127.0.0.1",
  "--trigger-port=0",
  "--state",
  "--state-host=127.0.0.1",
  "--state-port=0",
  "--state-publisher-port=0",
  "--state-subscriber-port=0",
];

if (canRun) {
  Deno.test("every tool works below a path of a proxy", async () => {
    using directory = temporaryDirectory();
    const { cert, key } = makeCertificate(directory.path, "localhost");
    const tokenFile = `${directory.path}/tokens`;
    await Deno.writeTextFile(tokenFile, `write ${TOKEN}\n`, { mode: 0o600 });
    await using host = new WholeHost([...ROLES, `--token-file=${tokenFile}`], {}, HEARTBEATS_ONLY);
    const recipes = nginxRecipes({
      8880: await host.port("console"),
      8888: await host.port("heartbeat"),
      6969: await host.port("state"),
    });
    const server = `ssl_certificate ${cert}; ssl_certificate_key ${key};\n${recipes}`;
    await using nginx = await startNginx(directory.path, server, " ssl");
    const origin = `https://localhost:${nginx.port}`;
    const env = { PULSEBOX_TOKEN: TOKEN, PULSEBOX_CA: cert };
    const caCerts = [await Deno.readTextFile(cert)];
    const beat = (appId: string, url: string) =>
      new HilbertClient({ url, appId, caCerts }).ping(60_000);

    const readTextFile = (path: string) => Deno.readTextFile(path);
    const run = async ([name, args]: [string, string[]]) => {
      if (name === "watch") {
        return await hearsNews(args, (appId) => beat(appId, `${origin}/beats`), env);
      }
      const { status, stdout, stderr } = await runHere(args, { env, readTextFile });
      assert.ok(
        status === 0 || ANSWERED.test(stdout + stderr),
        `${args.join(" ")}: ${stdout}${stderr}`,
      );
      assert.doesNotMatch(stdout + stderr, /Cannot reach|do not arrive|status 404/, args.join(" "));
    };
    for (const slash of ["", "/"]) {
      const heartbeat = `${origin}/beats${slash}`;
      assert.equal(await beat("tetris", heartbeat), "61000");
      const urls = {
        heartbeat,
        console: `${origin}/pulse${slash}`,
        state: `${origin}/games${slash}`,
      };
      const calls = callsOf(urls);
      // The other form of each URL needs no second look at every tool.
      const chosen = slash === ""
        ? calls
        : calls.filter(([name]) => /members|check|state/.test(name));
      await Promise.all(chosen.filter(([name]) => name !== "forget").map(run));
      await Promise.all(chosen.filter(([name]) => name === "forget").map(run));
    }
  });
}
