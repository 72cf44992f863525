/**
 * The wake-up service without its sockets: datagrams in, lists of clients to ping out.
 *
 * @module
 */

import { NONE } from "../../core/slot_lists.ts";
import type { AddressFilter } from "../../net/address_filter.ts";
import type { OwnAddresses } from "../../net/udp/source_address.ts";
import { datagramKind } from "../../wire/tix/datagram.ts";
import { Admission } from "./admission.ts";
import type { ClientId } from "./client_keys.ts";
import { ClientTable, UNLIMITED_PINGS } from "./client_table.ts";
import { type DatagramResult, TriggerCounters } from "./counters.ts";
import type { TriggerRules } from "./options.ts";
import type { TurnRecipients } from "./turn_recipients.ts";
import { PHASES } from "./tick_grid.ts";

/** A client is dropped after this many failed pings in a row. */
export const FAILURES_IN_ROW_MAX = 10;

/** What happened to a client. `expired`: not heard; `unconfirmed`: heard once; `dropped`: unreachable. */
export type ClientChange = "new" | "expired" | "unconfirmed" | "dropped";

/** What {@linkcode TriggerService} needs. */
export interface TriggerServiceOptions {
  rules: TriggerRules;
  /** Listening time of the start in milliseconds. */
  now: number;
  sources?: AddressFilter;
  own?: OwnAddresses;
  /** See {@linkcode ClientTable}; a random number if not given. */
  seed?: number;
  /** Called for each client that comes or goes. */
  onClient?: ((change: ClientChange, hostname: string, port: number) => void) | undefined;
}

/**
 * Registers clients, ends their leases, and knows which are due. Time is an argument throughout.
 */
export class TriggerService {
  readonly counters = new TriggerCounters();
  readonly clients: ClientTable;
  readonly #rules: TriggerRules;
  readonly #admission: Admission;
  readonly #onClient: TriggerServiceOptions["onClient"];
  readonly #pingsOfNew: number;
  #round = 0;

  constructor(options: TriggerServiceOptions) {
    const { rules, now, seed } = options;
    this.#rules = rules;
    this.#admission = new Admission(options);
    this.#onClient = options.onClient;
    this.#pingsOfNew = rules.unconfirmedPingsMax === 0
      ? UNLIMITED_PINGS
      : rules.unconfirmedPingsMax;
    this.clients = new ClientTable({
      now,
      clientsMax: rules.clientsMax,
      phases: rules.phases,
      seed: seed ?? Math.floor(Math.random() * 2 ** 32),
    });
  }

  /**
   * Takes a datagram.
   *
   * @param bytes Its length.
   * @param hostname Where it came from; IPv4 addresses never in IPv6 form.
   * @param port Port that it came from.
   * @param socket Number and port of the socket that received it.
   * @param now Listening time in milliseconds.
   */
  hear(
    bytes: number,
    hostname: string,
    port: number,
    socket: { index: number; port: number },
    now: number,
  ): DatagramResult {
    const result = this.#resultOf(bytes, hostname, port, socket, now);
    this.counters.datagrams[result]++;
    return result;
  }

  /**
   * Ends expired leases, then lists the clients to ping in a turn. A datagram that was read before
   * the call always wins over the end of its lease.
   *
   * @param turn Number of the turn, see {@linkcode "./tick_grid.ts"}.
   * @param recipients One list for each socket, by the socket's number; each is emptied first.
   * @param now Listening time in milliseconds.
   */
  collect(turn: number, recipients: readonly TurnRecipients[], now: number): void {
    this.#round = Math.floor(turn / PHASES);
    this.counters.expired += this.clients.advance(now, (client) => this.#tell("expired", client));
    for (const list of recipients) list.clear();
    const { clients } = this;
    for (let client = clients.firstOfPhase(turn % PHASES); client !== NONE;) {
      const next = clients.nextOfPhase(client);
      if (clients.takePing(client)) {
        recipients[clients.socket(client)]?.add(client);
      } else {
        this.counters.unconfirmed++;
        this.#tell("unconfirmed", client);
        clients.remove(client);
      }
      client = next;
    }
  }

  /** Counts a ping that could not be sent; drops the client after too many of them. */
  fail(client: ClientId, errno: string): void {
    this.counters.countSendError(errno);
    if (this.clients.countFailure(client, this.#round) < FAILURES_IN_ROW_MAX) return;
    this.counters.dropped++;
    this.#tell("dropped", client);
    this.clients.remove(client);
  }

  #resultOf(
    bytes: number,
    hostname: string,
    port: number,
    socket: { index: number; port: number },
    now: number,
  ): DatagramResult {
    if (this.#rules.lengths === "two") {
      const kind = datagramKind(bytes);
      if (kind !== "registration") return kind;
    }
    const deadline = now + this.#rules.leaseMs;
    const known = this.clients.find(hostname, port, socket.index);
    if (known !== NONE) {
      this.clients.renew(known, deadline);
      return "refresh";
    }
    const refusal = this.#admission.refusal({ hostname, port }, socket.port, this.clients, now);
    if (refusal !== undefined) return refusal;
    const pings = this.#pingsOfNew;
    const client = { hostname, port, socket: socket.index, now, deadline, pings };
    this.#tell("new", this.clients.add(client));
    return "new";
  }

  #tell(change: ClientChange, client: ClientId): void {
    this.#onClient?.(change, this.clients.hostname(client), this.clients.port(client));
  }
}
