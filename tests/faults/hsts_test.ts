/**
 * Whatever a port with TLS answers, to whatever is asked there, tells browsers to stay with HTTPS; and
 * no other port does.
 */

import { strict as assert } from "node:assert";
import { OPTIONS } from "../../src/appliance/settings/options.ts";
import { CalibrationFiles } from "../../src/store/calibration_files.ts";
import { GameHttp } from "../../src/roles/state/http.ts";
import { WholeHost } from "../cli/whole_host.ts";
import { setUp } from "../console/bench.ts";
import { startGameHost } from "../roles/state/game_host.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { hasOpenssl, makeCertificate } from "../support/certificate.ts";
import { requirement } from "../support/require.ts";
import { within } from "../support/tcp.ts";

const TOKEN = "write-token-0123456789";
const UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";

/** What is asked at each port besides its routes: what the server answers by itself. */
const AT_EVERY_PORT: readonly string[] = [
  "GET /nothing-there HTTP/1.1\r\nHost: a\r\n\r\n",
  "OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\n\r\n",
  "BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
  "no HTTP at all\r\n\r\n",
  "GET / HTTP/1.1\r\n\r\n",
  `GET /${"x".repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n`,
  `GET /zmq/sub HTTP/1.1\r\nHost: a\r\n${UPGRADE}\r\n`,
  `GET /zmq/sub HTTP/1.1\r\nHost: a\r\nOrigin: http://evil.example\r\n${UPGRADE}\r\n`,
];

/** The routes of each role that speaks HTTP, from the product's own tables. */
async function routesOf(role: string): Promise<readonly [method: string, path: string][]> {
  if (role === "heartbeat") {
    return [
      "/hb_init?5000&appid=a",
      "/hb_ping?5000&appid=a",
      "/hb_done?0&appid=a",
      "/list",
      "/status",
    ]
      .map((path) => ["GET", path]);
  }
  if (role === "state") {
    await using host = startGameHost();
    const { needs } = new GameHttp(host.role.service, new CalibrationFiles(undefined));
    return [...needs.keys()].flatMap((path) =>
      ["GET", "POST"].map((method): [string, string] => [method, path])
    );
  }
  using bench = setUp();
  const routes = bench.app.app.routes.filter(({ method, path }) =>
    method !== "ALL" && path !== "/*"
  );
  assert.ok(routes.length > 20, "the console has routes");
  return [
    ["GET", "/healthz"],
    ["GET", "/readyz"],
    ...routes.map((
      { method, path },
    ): [string, string] => [method, path.replace(/\{id\}|:\w+/g, "x")]),
  ];
}

async function headOf(open: () => Promise<Deno.Conn>, request: string): Promise<string> {
  using conn = await open();
  const bytes = new TextEncoder().encode(request);
  for (let sent = 0; sent < bytes.length; sent += await conn.write(bytes.subarray(sent)));
  const buffer = new Uint8Array(16_384);
  let head = "";
  while (!head.includes("\r\n\r\n")) {
    const count = await within(conn.read(buffer), `an answer to ${request.slice(0, 60)}`);
    if (count === null) break;
    head += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return head.split("\r\n\r\n")[0] ?? "";
}

async function assertFields(host: WholeHost, scheme: "http" | "https", caCerts: string[]) {
  await Promise.all(["heartbeat", "state", "console"].map(async (role) => {
    const port = Number(await host.port(role, scheme));
    const place = { hostname: "127.0.0.1", port };
    const open = () =>
      scheme === "https" ? Deno.connectTls({ ...place, caCerts }) : Deno.connect(place);
    const routes = await routesOf(role);
    const requests = routes.map(([method, path]) =>
      `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\n` +
      `${method === "GET" ? "" : "Content-Length: 2\r\n"}\r\n${method === "GET" ? "" : "{}"}`
    );
    for (const request of [...requests, ...AT_EVERY_PORT]) {
      const head = await headOf(open, request);
      const asked = `${role}: ${request.slice(0, 60)}: ${head}`;
      assert.match(head, /^HTTP\/1\.1 [2-5]/, asked);
      const told = [...head.matchAll(/^strict-transport-security: max-age=[1-9]\d*$/gim)].length;
      assert.equal(told, scheme === "https" ? 1 : 0, asked);
    }
  }));
}

if (
  requirement("what ports with TLS answer", {
    name: "OpenSSL",
    available: hasOpenssl(),
    howToGet: "apt-get install openssl",
  })
) {
  Deno.test("every answer of a port with TLS keeps browsers with HTTPS, and no other does", async () => {
    using directory = temporaryDirectory();
    const tokens = `${directory.path}/tokens`;
    await Deno.writeTextFile(tokens, `write ${TOKEN}\n`, { mode: 0o600 });
    const { cert, key } = makeCertificate(directory.path, "hsts");
    const own = Object.values(OPTIONS).map(({ flag }) => `--${flag}`)
      .filter((flag) => flag.endsWith("-tls"));
    const withTls = [`--tls-cert=${cert}`, `--tls-key=${key}`, `--token-file=${tokens}`, ...own];
    await using safe = new WholeHost(withTls);
    await assertFields(safe, "https", [await Deno.readTextFile(cert)]);
    await using plain = new WholeHost([`--token-file=${tokens}`]);
    await assertFields(plain, "http", []);
  });
}
