/**
 * HTTPS on our own server, and another certificate while it runs.
 */

import { strict as assert } from "node:assert";
import { HttpServer } from "../../../src/net/http/server.ts";
import { explainTls } from "../../../src/net/tcp/tls_dial.ts";
import { TlsError, TlsIdentity } from "../../../src/net/tcp/tls_identity.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { hasOpenssl, makeCertificate } from "../../support/certificate.ts";
import { requirement } from "../../support/require.ts";
import { within } from "../../support/tcp.ts";

const isThere = requirement("HTTPS", {
  name: "OpenSSL",
  available: hasOpenssl(),
  howToGet: "apt-get install openssl",
});

function pemOf(directory: string, name: string) {
  const { cert, key } = makeCertificate(directory, name);
  return { cert: Deno.readTextFileSync(cert), key: Deno.readTextFileSync(key) };
}

/** Asks as somebody who trusts one certificate only. */
async function ask(url: string, trusted: string): Promise<string> {
  using client = Deno.createHttpClient({ caCerts: [trusted] });
  return await (await fetch(url, { client })).text();
}

const descriptors = () => [...Deno.readDirSync("/proc/self/fd")].length;

async function eventually(condition: () => boolean, what: string): Promise<void> {
  for (let wait = 0; !condition(); wait++) {
    assert.ok(wait < 500, what);
    await new Promise((done) => setTimeout(done, 10));
  }
}

if (isThere) {
  Deno.test("HttpServer speaks HTTPS, and takes another certificate without an interruption", async () => {
    using directory = temporaryDirectory();
    const former = pemOf(directory.path, "former");
    const next = pemOf(directory.path, "next");
    const tls = new TlsIdentity(former);
    const errors: unknown[] = [];
    await using server = HttpServer.listen({
      addresses: [{ hostname: "127.0.0.1", port: 0 }],
      tls,
      fetch: () => new Response("hello"),
      onError: (error) => errors.push(error),
    });
    const url = server.urls[0] ?? "";
    assert.match(url, /^https:/);
    assert.equal(await ask(url, former.cert), "hello");
    // A connection that stays open over the change.
    using kept = Deno.createHttpClient({ caCerts: [former.cert] });
    assert.equal(await (await fetch(url, { client: kept })).text(), "hello");

    tls.replace(next);
    assert.equal(server.urls[0], url, "the same port");
    assert.equal(await ask(url, next.cert), "hello");
    await assert.rejects(ask(url, former.cert));
    assert.equal(await (await fetch(url, { client: kept })).text(), "hello", "open ones go on");

    for (const bad of [{ cert: former.cert, key: next.key }, { cert: "none", key: next.key }]) {
      assert.throws(() => tls.replace(bad), TlsError);
    }
    assert.equal(await ask(url, next.cert), "hello", "what cannot be used changes nothing");
    assert.deepEqual(errors, []);
  });

  Deno.test("a crowd that says nothing costs an HTTPS port no more than its limits", async () => {
    using directory = temporaryDirectory();
    await using server = HttpServer.listen({
      addresses: [{ hostname: "127.0.0.1", port: 0 }],
      tls: new TlsIdentity(pemOf(directory.path, "crowd")),
      limits: { connectionsMax: 10, connectionsPerAddressMax: 5 },
      fetch: () => new Response("hello"),
    });
    const [address] = server.addresses;
    assert.ok(address);
    const before = descriptors();
    const crowd = await Promise.all(Array.from({ length: 200 }, () => Deno.connect(address)));
    // Each of the crowd's own ends is a descriptor too; one for each that is let in.
    await eventually(() => descriptors() - before - crowd.length <= 10, "few are held");
    for (const conn of crowd) conn.close();
  });

  Deno.test("an HTTPS port is the only thing that is open for it: nobody can get at TLS from behind", async () => {
    using directory = temporaryDirectory();
    const tls = new TlsIdentity(pemOf(directory.path, "alone"));
    const before = descriptors();
    await using server = HttpServer.listen({
      addresses: [{ hostname: "127.0.0.1", port: 0 }],
      tls,
      fetch: () => new Response("hello"),
    });
    const [address] = server.addresses;
    assert.ok(address);
    assert.equal(descriptors() - before, 1, "the port itself");
    using conn = await Deno.connect(address);
    await eventually(() => server.connections === 1, "it is accepted");
    assert.equal(descriptors() - before, 3, "one descriptor for each end of a connection");
    conn.close();
  });

  Deno.test("an HTTPS port gives up a peer that never reads", async () => {
    using directory = temporaryDirectory();
    const pem = pemOf(directory.path, "deaf");
    const before = descriptors();
    await using server = HttpServer.listen({
      addresses: [{ hostname: "127.0.0.1", port: 0 }],
      tls: new TlsIdentity(pem),
      limits: { writeStallMs: 200 },
      fetch: () => new Response(new Uint8Array(40_000_000)),
    });
    const { port = 0 } = server.addresses[0] ?? {};
    using conn = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts: [pem.cert] });
    await conn.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    await eventually(() => server.counters.closed["write-stalled"] === 1, "it is given up");
    // What was written last may be on its way for a moment.
    await eventually(
      () => descriptors() - before === 2,
      "the port and the peer's own end are left",
    );
  });

  Deno.test("TLS makes a peer wait that sends faster than it is read", async () => {
    using directory = temporaryDirectory();
    const pem = pemOf(directory.path, "held");
    const listener = new TlsIdentity(pem).listenOn(Deno.listen({ hostname: "127.0.0.1", port: 0 }));
    const accepted = listener.accept();
    const address = { hostname: "127.0.0.1", port: listener.addr.port };
    using peer = await Deno.connectTls({ ...address, caCerts: [pem.cert] });
    const conn = await accepted;
    const piece = new Uint8Array(65_536);
    let sent = 0;
    let saying = peer.write(piece);
    await conn.read(new Uint8Array(1));
    const sayAll = async () => {
      for (;; saying = peer.write(piece)) sent += await within(saying, "it waits", 500);
    };
    await assert.rejects(sayAll(), /in vain: it waits/);
    const bytesMax = 20_000_000;
    assert.ok(sent < bytesMax, `${sent} bytes, more than the system holds`);
    // Nothing of it is lost once somebody reads.
    const buffer = new Uint8Array(65_536);
    const reading = (async () => {
      let received = 1;
      while (received < sent) received += await conn.read(buffer) ?? NaN;
      return received;
    })();
    assert.ok(await within(reading, "all of it") >= sent);
    conn.close();
    peer.close();
    await saying.catch(() => {});
    listener.close();
  });

  Deno.test("a slow reader gets all of a large reply over HTTPS", async () => {
    using directory = temporaryDirectory();
    const pem = pemOf(directory.path, "slow");
    const bytes = 12_000_000;
    await using server = HttpServer.listen({
      addresses: [{ hostname: "127.0.0.1", port: 0 }],
      tls: new TlsIdentity(pem),
      fetch: () => new Response(new Uint8Array(bytes), { headers: { connection: "close" } }),
    });
    const { port = 0 } = server.addresses[0] ?? {};
    using conn = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts: [pem.cert] });
    await conn.write(
      new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    );
    const buffer = new Uint8Array(65_536);
    let read = 0;
    for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
      read += count;
      await new Promise((done) => setTimeout(done, 8));
    }
    assert.ok(read > bytes, `${read} bytes`);
  });

  Deno.test("an HTTPS port ends who speaks no TLS, and who says nothing", async () => {
    using directory = temporaryDirectory();
    const pem = pemOf(directory.path, "only");
    const errors: unknown[] = [];
    await using server = HttpServer.listen({
      addresses: [{ hostname: "127.0.0.1", port: 0 }],
      tls: new TlsIdentity(pem),
      limits: { firstByteMs: 200 },
      fetch: () => new Response("hello"),
      onError: (error) => errors.push(error),
    });
    const [address] = server.addresses;
    assert.ok(address);
    const before = descriptors();
    for (const text of ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", ""]) {
      using conn = await Deno.connect(address);
      if (text !== "") await conn.write(new TextEncoder().encode(text));
      const buffer = new Uint8Array(1_000);
      const readAll = async () => {
        while (await conn.read(buffer) !== null);
      };
      await within(readAll().catch(() => {}), "its end");
    }
    await eventually(() => descriptors() <= before, "every descriptor is free");
    assert.equal(await ask(server.urls[0] ?? "", pem.cert), "hello");
    assert.deepEqual(errors, []);
  });

  Deno.test("Deno's own TLS still keeps who is closed before the handshake, so tls_session has to stay", async () => {
    using directory = temporaryDirectory();
    const pem = pemOf(directory.path, "deno");
    const before = descriptors();
    using listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...pem });
    const { port } = listener.addr as Deno.NetAddr;
    {
      using mute = await Deno.connect({ hostname: "127.0.0.1", port });
      (await within(listener.accept(), "the mute peer")).close();
      // Its goodbye would end this read; a whole handshake of another peer gives it time to come.
      const goodbye = mute.read(new Uint8Array(64)).then(() => "closed", () => "closed");
      const accepting = listener.accept();
      const connecting = Deno.connectTls({ hostname: "127.0.0.1", port, caCerts: [pem.cert] });
      const [server, peer] = await within(Promise.all([accepting, connecting]), "a peer");
      await within(Promise.all([server.handshake(), peer.handshake()]), "its handshake");
      server.close();
      peer.close();
      const outcome = await Promise.race([goodbye, Promise.resolve("kept")]);
      assert.equal(
        outcome,
        "kept",
        "Deno closes such peers now: delete src/net/tcp/tls_session.ts",
      );
    }
    listener.close();
    await eventually(() => descriptors() <= before, "the peer has left");
  });
}

Deno.test("explainTls names the option by which its caller is told what to trust", () => {
  const advice = (...how: string[]) =>
    String(explainTls(new Error("invalid peer certificate: UnknownIssuer"), ...how));
  assert.match(advice(), /, with --ca FILE or PULSEBOX_CA$/);
  assert.match(advice("--fleet-ca FILE"), /, with --fleet-ca FILE$/);
});
