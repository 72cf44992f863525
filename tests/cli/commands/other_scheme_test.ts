/** Whoever speaks HTTP to a port with TLS, or TLS to one without, is told so. */

import { strict as assert } from "node:assert";
import { PLAIN_HTTP_REPLY } from "../../../src/wire/tls/plain_http.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { hasOpenssl, makeCertificate } from "../../support/certificate.ts";
import { requirement } from "../../support/require.ts";
import { RawClient, textOf } from "../../support/tcp.ts";
import { BINARY } from "../../wire/tls/no_http.ts";
import { runHere } from "../fake_terminal.ts";
import { callsOf } from "../tool_calls.ts";
import { WholeHost } from "../whole_host.ts";

const ROLES = ["console", "heartbeat", "state"] as const;

if (
  requirement("HTTP and TLS on the port of the other", {
    name: "openssl",
    available: hasOpenssl(),
    howToGet: "apt-get install openssl",
  })
) {
  Deno.test("a port that speaks TLS tells plain HTTP so, and binary protocols nothing", async () => {
    using directory = temporaryDirectory();
    await using host = new WholeHost(tlsOptions(directory.path));
    const long = `GET /?${"x".repeat(4_000)} HTTP/1.1\r\nHost: h\r\n\r\n`;
    for (const role of ROLES) {
      const address = { hostname: "127.0.0.1", port: Number(await host.port(role, "https")) };
      for (const request of ["GET / HTTP/1.0\r\n\r\n", "POST /a HTTP/1.1\n\n", long]) {
        using client = await RawClient.connect(address);
        await client.say(request);
        assert.equal(await client.hearAll(), textOf(PLAIN_HTTP_REPLY), role);
      }
      for (const text of BINARY) {
        using client = await RawClient.connect(address);
        await client.say(text);
        await client.conn.closeWrite();
        assert.equal(await client.hearAll(), "", `${role} answers ${JSON.stringify(text)}`);
      }
    }
  });

  for (const [asked, spoken] of [["http", "https"], ["https", "http"]] as const) {
    Deno.test(`every tool that speaks ${asked} to a port with ${spoken} says so`, async () => {
      using directory = temporaryDirectory();
      await using host = new WholeHost(spoken === "https" ? tlsOptions(directory.path) : []);
      const url = async (role: string) => `${asked}://127.0.0.1:${await host.port(role, spoken)}`;
      const [console, heartbeat, state] = await Promise.all(ROLES.map(url));
      assert.ok(console !== undefined && heartbeat !== undefined && state !== undefined);
      const socket = state.replace(/^http/, "ws");
      const calls: [name: string, args: string[]][] = [
        ...callsOf({ console, heartbeat, state }),
        ["zmq", ["zmq", "req", `${socket}/zmq/req`, "ListClients", "-t", "1s"]],
        ["zmq", ["zmq", "sub", `${socket}/zmq/sub`, "-t", "1s"]],
        ["state", ["state", "watch", "--server", state, "--for=1s"]],
      ];
      const expected = asked === "http"
        ? /speaks (?:HTTPS|TLS) on this port; write (?:https|wss):\/\//
        : /speaks no TLS on this port.*try http:\/\/ or ws:\/\//;
      await Promise.all(calls.map(async ([, args]) => {
        const { stdout, stderr } = await runHere(args);
        assert.match(stdout + stderr, expected, args.join(" "));
      }));
    });
  }

  Deno.test("a server that ends what it does not understand may speak the other scheme", async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const serving = serveNothing(listener);
    const { port } = listener.addr as Deno.NetAddr;
    const calls: [scheme: string, expected: RegExp][] = [
      ["http", /if it speaks HTTPS on this port, write https:\/\//],
      ["https", /if it speaks no TLS on this port, try http:\/\//],
    ];
    for (const [scheme, expected] of calls) {
      const { stdout } = await runHere(["check", "x", `--url=${scheme}://127.0.0.1:${port}`]);
      assert.match(stdout, expected);
    }
    listener.close();
    await serving;
  });
}

/** Reads what comes first and ends the connection. */
async function serveNothing(listener: Deno.Listener): Promise<void> {
  try {
    for await (const conn of listener) {
      await conn.read(new Uint8Array(4_096));
      conn.close();
    }
  } catch {
    // The listener was closed.
  }
}

function tlsOptions(folder: string): string[] {
  const { cert, key } = makeCertificate(folder, "localhost");
  return [`--tls-cert=${cert}`, `--tls-key=${key}`, "--heartbeat-tls", "--state-tls"];
}
