/**
 * A program that listens to the console's events, as a page does.
 *
 * @module
 */

import { ChunkedBody } from "./chunked_body.ts";
import { sendAll } from "./http_peer.ts";
import type { VirtualConn } from "./virtual_conn.ts";
import type { VirtualNetwork } from "./virtual_network.ts";

/** A change of state that was told. */
export interface ToldChange {
  /** Monotonic time of its arrival, in milliseconds. */
  readonly at: number;
  readonly member: string;
  readonly from: string;
  readonly to: string;
  /** What made it, such as `silence` or `failed`. */
  readonly cause: string;
  readonly silentMs: number;
  readonly paused: boolean;
}

/** Reads one stream until it ends. */
export class Listener {
  /** All changes of state, over all runs of the host. */
  readonly changes: ToldChange[] = [];
  /** The state of each member as the stream has it. */
  readonly states = new Map<string, string>();
  verdict: string | undefined;
  isConnected = false;
  /** Called with each change at once. */
  onChange: (change: ToldChange) => void = () => {};
  readonly #network: VirtualNetwork;
  readonly #now: () => number;
  #conn: VirtualConn | undefined;

  constructor(network: VirtualNetwork, now: () => number) {
    this.#network = network;
    this.#now = now;
  }

  /** Connects to the console and reads on. */
  async listen(port: number): Promise<void> {
    this.close();
    try {
      const conn = this.#network.connect({ hostname: "127.0.0.1", port });
      this.#conn = conn;
      const head = `GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
      await sendAll(conn, new TextEncoder().encode(head));
      const buffer = new Uint8Array(65_536);
      const body = new ChunkedBody();
      const decoder = new TextDecoder();
      let text = "";
      for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
        text += decoder.decode(body.take(buffer.subarray(0, count)), { stream: true });
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          this.#take(text.slice(0, end));
          text = text.slice(end + 2);
        }
      }
    } catch {
      // The host was stopped or killed; the scenario connects again.
    } finally {
      this.isConnected = false;
    }
  }

  close(): void {
    this.#conn?.[Symbol.dispose]();
    this.#conn = undefined;
  }

  #take(event: string): void {
    const type = /^event: (.*)$/m.exec(event)?.[1];
    const text = /^data: (.*)$/m.exec(event)?.[1];
    if (type === undefined || text === undefined) return;
    const data = JSON.parse(text);
    if (type === "snapshot") {
      this.isConnected = true;
      this.states.clear();
      for (const { id, state } of data.members) this.states.set(id, state);
      this.verdict = data.host.verdict;
    }
    if (type === "host") this.verdict = data.verdict;
    if (type === "member") this.states.set(data.id, data.state);
    if (type !== "happened") return;
    if (data.type === "member-forgotten") {
      this.states.delete(data.member);
      const change = { at: this.#now(), member: data.member, cause: "forgotten", silentMs: 0 };
      this.changes.push({ ...change, from: "", to: "unknown", paused: false });
    }
    if (data.type !== "member-state") return;
    const { from, to, cause, silentMs, paused } = data.detail;
    const change = { at: this.#now(), member: data.member, from, to, cause, silentMs, paused };
    this.changes.push(change);
    this.onChange(change);
  }
}
