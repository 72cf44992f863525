import { strict as assert } from "node:assert";
import { Connection, type ConnectionOwner } from "../../../src/net/tcp/connection.ts";
import { CONNECTION_LIMITS, type Phase } from "../../../src/net/tcp/connection_limits.ts";
import { Crowd } from "../../../src/net/tcp/crowd.ts";
import {
  HANDSHAKE_PATIENCE_MS,
  handshakeTooMany,
  UNSERVED_WITH_TLS_MAX,
} from "../../../src/net/tcp/handshakes.ts";
import type { NetConn } from "../../../src/net/tcp/net_conn.ts";

/** A port on which nothing happens but that connections come and change their phase. */
class Port {
  readonly crowd = new Crowd();
  nowMs = 0;
  readonly #owner = {
    deadlines: {
      clock: { now: () => this.nowMs },
      watch: () => ({ at: Infinity }),
      unwatch: () => {},
      checkBy: () => {},
    },
    onPhase: (connection: Connection, from: Phase) => this.crowd.move(connection, from),
  };

  /** Somebody comes from an address. */
  come(hostname: string, phase: Phase): Connection {
    const conn = {
      remoteAddr: { transport: "tcp", hostname, port: 1 },
      localAddr: { transport: "tcp", hostname: "192.0.2.1", port: 2 },
    };
    const connection = new Connection(
      conn as unknown as NetConn,
      this.#owner as unknown as ConnectionOwner,
      CONNECTION_LIMITS,
    );
    this.crowd.add(connection);
    connection.enter(phase, Infinity);
    return connection;
  }

  /** As many as there is room for, each from an address of its own. */
  fill(phase: Phase = "greeted"): Connection[] {
    return Array.from(
      { length: UNSERVED_WITH_TLS_MAX },
      (_, index) => this.come(`10.0.${index >> 8}.${index & 255}`, phase),
    );
  }

  tooMany(newcomer: Connection): Connection | undefined {
    return handshakeTooMany(this.crowd, newcomer, this.nowMs);
  }
}

Deno.test("handshakeTooMany ends nobody while there is room, and counts only who was of no use yet", () => {
  const port = new Port();
  const others = port.fill("idle");
  assert.equal(port.tooMany(port.come("10.1.0.1", "greeted")), undefined);
  const last = others.slice(1).map((other, index) => {
    other.enter(index % 2 === 0 ? "greeted" : "opening", Infinity);
    return other;
  }).at(-1);
  assert.ok(last !== undefined);
  assert.equal(port.tooMany(last), undefined, "exactly full");
});

Deno.test("handshakeTooMany lets those finish who came first, for a while", () => {
  const port = new Port();
  // Without a session of TLS, it costs little and is no concern here.
  port.come("10.9.0.1", "silent");
  const [oldest] = port.fill();
  const newcomer = port.come("10.1.0.1", "greeted");
  port.nowMs = HANDSHAKE_PATIENCE_MS - 1;
  assert.equal(port.tooMany(newcomer), newcomer);
  port.nowMs = HANDSHAKE_PATIENCE_MS;
  assert.equal(port.tooMany(newcomer), oldest);
});

Deno.test("handshakeTooMany ends who has only said hello before who has sent half a head", () => {
  const port = new Port();
  const others = port.fill("opening");
  const greeted = others[100];
  greeted?.enter("greeted", Infinity);
  port.nowMs = HANDSHAKE_PATIENCE_MS;
  assert.equal(port.tooMany(port.come("10.1.0.1", "greeted")), greeted);
});

Deno.test("handshakeTooMany ends one of an address that has more than the newcomer's, however fresh", () => {
  const port = new Port();
  const [first] = ["first", "second", "third"].map(() => port.come("10.2.0.1", "greeted"));
  port.fill();
  const newcomer = port.come("10.1.0.1", "greeted");
  assert.equal(port.tooMany(newcomer), first);
});

Deno.test("handshakeTooMany lets a crowd make room for itself and for others", () => {
  const port = new Port();
  const [first] = ["first", "second"].map(() => port.come("10.1.0.1", "greeted"));
  port.fill();
  const third = port.come("10.1.0.1", "greeted");
  assert.equal(port.tooMany(third), third, "no other address has more");
  assert.equal(port.tooMany(port.come("10.3.0.1", "greeted")), first);
});
