/**
 * The console behind the real nginx: TLS, a path, default buffering; with the recipe of the manual.
 */

import { strict as assert } from "node:assert";
import { hasOpenssl, makeCertificate } from "../support/certificate.ts";
import { hasNginx, nginxRecipes, startNginx } from "../support/nginx.ts";
import { requirement } from "../support/require.ts";
import { within } from "../support/tcp.ts";
import { PulseboxHost } from "../cli/pulsebox_process.ts";

const WRITE = "write-token-0123456789";

const SUITE = "the console behind nginx";
const canRun = hasNginx(SUITE) && requirement(SUITE, {
  name: "openssl",
  available: hasOpenssl(),
  howToGet: "apt-get install openssl",
});

interface Proxy extends AsyncDisposable {
  readonly url: string;
  readonly client: Deno.HttpClient;
}

async function startProxy(directory: string, consolePort: number): Promise<Proxy> {
  const { cert, key } = makeCertificate(directory, "localhost");
  const nginx = await startNginx(
    directory,
    `ssl_certificate ${cert}; ssl_certificate_key ${key};
    ${nginxRecipes({ 8880: consolePort, 8888: 1, 6969: 1 })}`,
    " ssl",
  );
  const client = Deno.createHttpClient({ caCerts: [await Deno.readTextFile(cert)] });
  return {
    url: `https://localhost:${nginx.port}/pulse/`,
    client,
    async [Symbol.asyncDispose]() {
      client.close();
      await nginx[Symbol.asyncDispose]();
    },
  };
}

if (canRun) {
  Deno.test("login, changes, the page and live events work behind nginx below a path", async () => {
    const directory = await Deno.makeTempDir();
    await Deno.writeTextFile(`${directory}/tokens`, `write ${WRITE}\n`, { mode: 0o600 });
    await using host = await PulseboxHost.start([`--token-file=${directory}/tokens`]);
    const consolePort = Number(new URL(host.consoleUrl).port);
    await (await fetch(`${host.url}/hb_ping?60000&appid=tetris`)).text();
    await using nginx = await startProxy(directory, consolePort);
    const { origin } = new URL(nginx.url);
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(nginx.url + path, { redirect: "manual", client: nginx.client, ...init });

    const page = await ask("");
    assert.equal(page.status, 303);
    assert.equal(new URL(page.headers.get("location") ?? "", nginx.url).pathname, "/pulse/login");
    await page.body?.cancel();

    const login = await ask("login", {
      method: "POST",
      headers: { origin, "content-type": "application/x-www-form-urlencoded" },
      body: `token=${WRITE}`,
    });
    assert.equal(login.status, 303);
    assert.equal(new URL(login.headers.get("location") ?? "", `${nginx.url}login`).href, nginx.url);
    const setCookie = login.headers.get("set-cookie") ?? "";
    assert.match(setCookie, /; Path=\/pulse\/;.*; Secure/);
    const cookie = setCookie.split(";")[0] ?? "";
    await login.body?.cancel();

    const html = await (await ask("", { headers: { cookie } })).text();
    const links = [...html.matchAll(/ (?:href|src|action)="([^"#:]+)"/g)].map(([, link]) =>
      link ?? ""
    );
    assert.ok(links.length >= 4);
    for (const link of links.filter((each) => !each.startsWith("logout"))) {
      const response = await ask(link, { headers: { cookie } });
      assert.equal(response.status, 200, link);
      await response.body?.cancel();
    }

    // A proxy that holds the stream back, as nginx does unless it is told not to, holds the head too.
    const events = await within(ask("api/v1/events", { headers: { cookie } }), "the events");
    assert.equal(events.status, 200);
    const reader = (events.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream()).getReader();
    let heard = "";
    const hears = async (text: string) => {
      while (!heard.includes(text)) {
        const { value } = await within(reader.read(), `"${text}"`);
        heard += value ?? assert.fail("the stream ended");
      }
    };
    await hears("event: snapshot");

    const id = encodeURIComponent("hilbert/tetris @ 127.0.0.1");
    const change = (headers: Record<string, string>) =>
      ask(`api/v1/members/pause?id=${id}`, {
        method: "POST",
        headers: { cookie, ...headers },
        body: JSON.stringify({ reason: "new lamp" }),
      });
    const foreign = await change({ origin: "https://evil.example" });
    assert.equal(foreign.status, 403);
    await foreign.body?.cancel();
    const own = await change({ origin, "sec-fetch-site": "same-origin" });
    assert.equal(own.status, 200, await own.text());
    await hears("new lamp");
    await reader.cancel();
  });
}
