/**
 * A HEV role on real sockets, fed by hand, and clients that read as the old ones do.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { Events, type PulseEvent, type Subscription } from "../../../src/core/events.ts";
import { Members } from "../../../src/core/members.ts";
import { hevRules } from "../../../src/roles/hev/options.ts";
import { type HevNotice, HevRole, type HevRoleOptions } from "../../../src/roles/hev/role.ts";
import type { Source, SourceListener, SourceRequest } from "../../../src/roles/hev/source.ts";
import { A1_ALARMS } from "../../../src/wire/hev/alarms.ts";
import type { Refusal } from "../../../src/wire/hev/command_encoder.ts";
import type { Payload } from "../../../src/wire/hev/payload.ts";
import { WAIT_MS_MAX, within } from "../../support/tcp.ts";

const LOOPBACK = "127.0.0.1";

/** A source that a test plays. */
export class ManualSource implements Source {
  readonly name = "arduino";
  readonly place = "/dev/test";
  readonly requests: SourceRequest[] = [];
  refusal: Refusal | undefined;
  listener: SourceListener = { onPayload() {} };
  isClosed = false;

  start(listener: SourceListener): void {
    this.listener = listener;
  }

  request(request: SourceRequest): Refusal | undefined {
    if (this.refusal === undefined) this.requests.push(request);
    return this.refusal;
  }

  counters(): Readonly<Record<string, number>> {
    return {};
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Delivers data of version 0xA0. */
  data(pressure_buffer: number): void {
    this.listener.onPayload(dataPayload(pressure_buffer));
  }

  /** Delivers an alarm of version 0xA0. */
  alarm(name: string): void {
    this.listener.onPayload(alarmPayload(name));
  }
}

/** Data of version 0xA0. */
export function dataPayload(pressure_buffer: number): Payload {
  return { version: 0xa0, type: "DATA", values: { version: 0xa0, fsm_state: 2, pressure_buffer } };
}

/** An alarm of version 0xA0. */
export function alarmPayload(name: string): Payload {
  const alarm_code = A1_ALARMS.code(name);
  assert(alarm_code !== undefined, `${name} is an alarm`);
  return { version: 0xa0, type: "ALARM", values: { version: 0xa0, alarm_code, param: 0 } };
}

/** A role with a source, and what it told. */
export class Station implements AsyncDisposable {
  readonly source: ManualSource;
  readonly role: HevRole;
  readonly members: Members;
  readonly notices: HevNotice[] = [];
  readonly kept: Map<string, string>;
  readonly #events: Subscription;

  constructor(
    options: Partial<HevRoleOptions> & { dialects?: ("seed" | "nul")[] } = {},
    kept: Map<string, string> = new Map(),
  ) {
    const now = () => performance.now();
    const events = new Events();
    this.#events = events.subscribe();
    this.members = new Members({ now: now(), events });
    this.members.open(hevRules());
    this.source = new ManualSource();
    this.kept = kept;
    this.role = HevRole.start({
      source: this.source,
      members: this.members,
      now,
      wake: () => {},
      keeper: {
        get: (key) => kept.get(key),
        set: (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, value)),
      },
      broadcast: (options.dialects ?? ["seed", "seed"]).map((dialect) => ({
        hostname: LOOPBACK,
        port: 0,
        dialect,
      })),
      query: { hostname: LOOPBACK, port: 0 },
      onNotice: (notice) => this.notices.push(notice),
      onError: (error) => {
        throw error;
      },
      ...options,
    });
  }

  /** Ports in the order of the addresses: broadcast ports, then the query port. */
  get ports(): number[] {
    return this.role.addresses.map((url) => Number(new URL(url).port));
  }

  get queryPort(): number {
    return this.ports.at(-1) ?? 0;
  }

  /** The events so far. */
  takeEvents(): PulseEvent[] {
    const events: PulseEvent[] = [];
    for (let event = this.#events.take(); event; event = this.#events.take()) events.push(event);
    return events;
  }

  /** Connects to a broadcast port and waits until the role knows. */
  async listen(index = 0): Promise<OldClient> {
    const before = this.role.metrics()["hev_clients"] ?? 0;
    const client = await OldClient.connect(this.ports[index] ?? 0);
    await eventually(
      () => (this.role.metrics()["hev_clients"] ?? 0) > before,
      "the client is known",
    );
    return client;
  }

  /** Sends a request as one write and reads the reply to its end. */
  async ask(request: string | Uint8Array): Promise<string> {
    using conn = await Deno.connect({ hostname: LOOPBACK, port: this.queryPort });
    const bytes = typeof request === "string" ? new TextEncoder().encode(request) : request;
    await conn.write(bytes);
    return await readToEnd(conn);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.role.stop();
  }
}

/** Reads as the old clients do: what one read brings is one document. */
export class OldClient implements Disposable {
  readonly conn: Deno.TcpConn;
  readonly #buffer: Uint8Array<ArrayBuffer>;
  #isClosed = false;

  constructor(conn: Deno.TcpConn, readBytes = 500) {
    this.conn = conn;
    this.#buffer = new Uint8Array(readBytes);
  }

  static async connect(port: number): Promise<OldClient> {
    return new OldClient(await Deno.connect({ hostname: LOOPBACK, port }));
  }

  /** One read, parsed; undefined at the end. */
  async packet(): Promise<{ sensors: Record<string, number>; alarms: string[] } | undefined> {
    const count = await within(this.conn.read(this.#buffer), "a packet");
    if (count === null) return undefined;
    return JSON.parse(new TextDecoder().decode(this.#buffer.subarray(0, count)));
  }

  /** Reads up to a NUL, as the newer clients do. */
  async nulPacket(): Promise<Record<string, unknown> | undefined> {
    let text = "";
    const one = new Uint8Array(1);
    for (;;) {
      if (await within(this.conn.read(one), "a packet") === null) return undefined;
      if (one[0] === 0) return JSON.parse(text);
      text += String.fromCharCode(one[0] ?? 0);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.conn.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Everything until the peer ends the connection. */
export async function readToEnd(conn: Deno.TcpConn): Promise<string> {
  let text = "";
  const buffer = new Uint8Array(4_096);
  for (;;) {
    const count = await within(conn.read(buffer), "the end of the connection").catch((error) => {
      if (error instanceof Deno.errors.ConnectionReset) return null;
      throw error;
    });
    if (count === null) return text;
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
}

/** Waits for a condition that only turns of the event loop can bring about. */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + WAIT_MS_MAX;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Waited in vain: ${what}`);
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, 2);
    await promise;
  }
}
