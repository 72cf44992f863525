/**
 * A server that sends packets to whoever connects, and prints its port. `role` is the product's, `bare`
 * writes the same bytes to each connection with nothing around it, both at a fixed rate; `role-flood`
 * and `bare-flood` send the next packet as soon as all connections have taken the one before.
 *
 * @module
 */

import { Events } from "../../src/core/events.ts";
import { Members } from "../../src/core/members.ts";
import { hevRules } from "../../src/roles/hev/options.ts";
import { BroadcastPort } from "../../src/roles/hev/broadcast_port.ts";
import { HevRole } from "../../src/roles/hev/role.ts";
import type { Source, SourceListener } from "../../src/roles/hev/source.ts";
import { encodeNulPacket } from "../../src/wire/hev/nul_packet.ts";
import { encodePayload, type Payload } from "../../src/wire/hev/payload.ts";
import { decodeRecordedPayload } from "../../src/wire/hev/recorded_payload.ts";

/** Packets each second. */
const RATE = 100;

const HOSTNAME = "127.0.0.1";

/** Data of the newest version, as it comes from a controller. */
function payload(): Payload {
  const values = { timestamp: 1, fsm_state: 7, pressure_buffer: 207.2357177734375 };
  const decoded = decodeRecordedPayload(
    encodePayload({ version: 0xb6, type: "DATA", values }, 81),
  );
  if (decoded.type === "unusable") throw new Error(decoded.reason);
  return decoded;
}

class SteadySource implements Source {
  readonly name = "bench";
  readonly place = "bench";
  #timer: ReturnType<typeof setInterval> | undefined;

  start(listener: SourceListener): void {
    const data = payload();
    this.#timer = setInterval(() => listener.onPayload(data), 1_000 / RATE);
  }

  request(): undefined {
    return undefined;
  }

  counters(): Readonly<Record<string, number>> {
    return {};
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function serveRole(): number {
  const now = () => performance.now();
  const members = new Members({ now: now(), events: new Events() });
  members.open(hevRules());
  const role = HevRole.start({
    source: new SteadySource(),
    members,
    now,
    wake: () => {},
    broadcast: [{ hostname: HOSTNAME, port: 0, dialect: "nul" }],
    query: { hostname: HOSTNAME, port: 0 },
  });
  return Number(new URL(role.addresses[0] ?? "").port);
}

function serveBare(): number {
  const listener = Deno.listen({ hostname: HOSTNAME, port: 0 });
  const conns = acceptAll(listener);
  const packet = encodeNulPacket(payload(), []);
  setInterval(() => {
    for (const conn of conns) conn.write(packet).catch(() => conns.delete(conn));
  }, 1_000 / RATE);
  return listener.addr.port;
}

function floodRole(): number {
  const port = BroadcastPort.listen({
    address: { hostname: HOSTNAME, port: 0, dialect: "nul" },
    welcome: () => undefined,
  });
  const data = payload();
  void flood(async () => {
    port.send(encodeNulPacket(data, []));
    await port.drained();
  });
  return Number(new URL(port.urls[0] ?? "").port);
}

function floodBare(): number {
  const listener = Deno.listen({ hostname: HOSTNAME, port: 0 });
  const conns = acceptAll(listener);
  const data = payload();
  void flood(async () => {
    const packet = encodeNulPacket(data, []);
    await Promise.all([...conns].map((conn) => conn.write(packet).catch(() => conns.delete(conn))));
  });
  return listener.addr.port;
}

async function flood(send: () => Promise<void>): Promise<void> {
  for (;;) {
    await send();
    // A turn for those who connect or go.
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, 0);
    await promise;
  }
}

function acceptAll(listener: Deno.TcpListener): Set<Deno.TcpConn> {
  const conns = new Set<Deno.TcpConn>();
  (async () => {
    for await (const conn of listener) {
      conn.setNoDelay(true);
      conns.add(conn);
    }
  })();
  return conns;
}

const SERVERS: Readonly<Record<string, () => number>> = {
  "role": serveRole,
  "bare": serveBare,
  "role-flood": floodRole,
  "bare-flood": floodBare,
};

if (import.meta.main) console.log(SERVERS[Deno.args[0] ?? ""]?.());
