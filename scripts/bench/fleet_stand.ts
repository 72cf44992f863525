/**
 * A program whose memory is measured: `bare` Deno, the NATS `client` alone, a host's `role`, or the
 * `least` that a console could be: the client, the newest document of each host as bytes, and the
 * runtime's own HTTP server that tells changes and finds members. It loads no more than that.
 *
 * @module
 */

const [kind, port = ""] = Deno.args;

async function startRole(): Promise<void> {
  const { Events } = await import("../../src/core/events.ts");
  const { CONDITIONS } = await import("../../src/core/verdict.ts");
  const { FleetRole } = await import("../../src/roles/fleet/role.ts");
  const members = Array.from({ length: 100 }, (_, index) => ({
    id: `hilbert/exhibit-${index} @ 10.0.0.${index}`,
    name: `exhibit-${index}`,
    station: null,
    state: "ok" as const,
    forMs: 1_000,
  }));
  const none = CONDITIONS.map((one) => [one, one === "ok" ? members.length : 0]);
  const counts = Object.fromEntries(none);
  FleetRole.start({
    link: {
      servers: [`127.0.0.1:${port}`],
      tls: { required: false, caCerts: [] },
      nkeySeed: undefined,
    },
    fleet: "museum",
    host: "hall",
    label: null,
    version: "1",
    url: () => null,
    events: new Events(),
    describe: () => ({ verdict: "well", headline: "", counts, members }),
    now: () => performance.now(),
    wall: () => Date.now(),
    wake: () => {},
    onWarning: (warning) => console.error(warning),
    onRefused: ({ reason }) => console.error(reason),
  });
}

async function startClient(): Promise<void> {
  const { NatsLink } = await import("../../src/net/nats/link.ts");
  NatsLink.open({
    servers: [`127.0.0.1:${port}`],
    name: "client",
    inboxPrefix: "_INBOX_client",
    tls: { required: false, caCerts: [] },
    onUp: () => {},
    onDown: (reason) => console.error(reason),
    onForbidden: (reason) => console.error(reason),
  });
}

async function startLeast(): Promise<void> {
  const { NatsLink } = await import("../../src/net/nats/link.ts");
  const documents = new Map<string, Uint8Array>();
  const listeners = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const encoder = new TextEncoder();
  const parsed = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));
  const link = NatsLink.open({
    servers: [`127.0.0.1:${port}`],
    name: "least",
    inboxPrefix: "_INBOX_least",
    tls: { required: false, caCerts: [] },
    onUp: () => {},
    onDown: (reason) => console.error(reason),
    onForbidden: (reason) => console.error(reason),
  });
  link.listen("pulsebox.museum.host.*", (subject, bytes) => {
    documents.set(subject, bytes.slice());
    const { headline } = parsed(bytes);
    for (const one of listeners) one.enqueue(encoder.encode(`data: ${subject} ${headline}\n\n`));
  });
  link.listen("pulsebox.museum.beat.*", () => {});
  const answer = ({ url }: Request) => {
    if (url.includes("events")) {
      return new Response(new ReadableStream({ start: (one) => void listeners.add(one) }));
    }
    const found: unknown[] = [];
    for (const bytes of documents.values()) {
      found.push(...parsed(bytes).members.slice(0, url.includes("members") ? 1 : 0));
    }
    return Response.json({ hosts: [...documents.keys()], found });
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  console.log(`http://127.0.0.1:${server.addr.port}/`);
}

if (kind === "least") await startLeast();
if (kind === "role") await startRole();
if (kind === "client") await startClient();
setInterval(() => {}, 1_000);
console.log("ready");
