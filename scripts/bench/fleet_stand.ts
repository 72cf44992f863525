/**
 * A program whose memory is measured: `bare` Deno, the NATS `client` alone, or a host's `role`. It loads no
 * more than that.
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

if (kind === "role") await startRole();
if (kind === "client") await startClient();
setInterval(() => {}, 1_000);
console.log("ready");
