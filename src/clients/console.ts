/**
 * A client of a running host's console.
 *
 * @module
 */

import { SECOND_MS } from "../core/clock.ts";
import type { Verdict } from "../core/verdict.ts";
import {
  exchange,
  ExchangeError,
  type ExchangeReply,
  openStream,
  type StreamReply,
} from "../net/http/client.ts";
import { type ConsoleEvent, eventsIn } from "./console_events.ts";
import {
  type ConsoleEndpoint,
  consoleEndpoint,
  ConsoleError,
  NoConsoleError,
  unreachable,
} from "./console_endpoint.ts";
import * as fleet from "./console_fleet.ts";
import {
  isRecord,
  listingIn,
  type MemberFilter,
  type MemberInfo,
  type MemberListing,
  type MemberOutageInfo,
  memberTagsIn,
  type MemberTagsInfo,
  type OutageListing,
  type OutagePeriod,
  outagesIn,
  type PauseInfo,
  type PhoneInfo,
  type PhonesInfo,
  type TellingTrials,
  trialsIn,
  verdictIn,
} from "./console_answers.ts";

/** Timeout of a request, in milliseconds. */
export const CONSOLE_TIMEOUT_MS: number = 5 * SECOND_MS;
/** Timeout of a test of all notifications, in milliseconds: the command alone may take a minute. */
const TELLING_TEST_TIMEOUT_MS: number = 75 * SECOND_MS;
/** Number of members in one page of the list. */
const MEMBERS_PER_QUESTION = 1_000;

export { ConsoleError, NoConsoleError };
export type { ConsoleEvent, MemberInfo, MemberListing, PauseInfo, PhoneInfo, PhonesInfo };
export type { MemberTagsInfo };
export type { MemberOutageInfo, OutageListing, OutagePeriod };

/** What a console may require before it answers. */
export interface ConsoleClientOptions {
  /** A token from the console's token file. */
  readonly token?: string | undefined;
  /** Certificates (PEM) to trust, besides the system's. */
  readonly caCerts?: readonly string[] | undefined;
}

/** A maintenance to begin. */
export interface PauseOrder {
  readonly reason?: string | undefined;
  /** How long, in milliseconds; without this and an end, until somebody ends it. */
  readonly forMs?: number | undefined;
  /** When it ends, ISO 8601; without an offset, on the host's clock. */
  readonly until?: string | undefined;
  /** Whether the member may be one that was never heard. */
  readonly expect?: boolean | undefined;
}

/** Sends requests to one console. */
export class ConsoleClient {
  /** Its URL, such as `http://127.0.0.1:8880` or, behind a proxy, `https://h/pulse`. */
  readonly url: string;
  readonly #endpoint: ConsoleEndpoint;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #caCerts: readonly string[];

  /**
   * @param url Its URL; without a scheme, `http` is assumed.
   * @throws {ConsoleError} if the URL cannot be a console's.
   */
  constructor(url: string, options: ConsoleClientOptions = {}) {
    const endpoint = consoleEndpoint(url);
    const { token, caCerts = [] } = options;
    if (token !== undefined && !/^[!-~]+$/.test(token)) {
      throw new ConsoleError("The token cannot be used: it has other characters than tokens have");
    }
    this.#headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    this.#caCerts = caCerts;
    this.#endpoint = endpoint;
    this.url = endpoint.url;
  }

  /**
   * Lists all members, page by page.
   *
   * @throws {ConsoleError} if the console refuses, or its answer cannot be used.
   */
  async members(filter: MemberFilter = {}): Promise<MemberListing> {
    const members: MemberInfo[] = [];
    for (;;) {
      const range = { limit: `${MEMBERS_PER_QUESTION}`, offset: `${members.length}` };
      const query = new URLSearchParams({ ...filter, ...range });
      const page = usable(listingIn(await this.#ask("GET", `/api/v1/members?${query}`)), "members");
      members.push(...page.members);
      // An empty page ends the list even if members left between two requests.
      if (members.length >= page.total || page.members.length === 0) return { ...page, members };
    }
  }

  /**
   * How often and for how long each member was down, over as many questions as it takes.
   *
   * @throws {ConsoleError} if the console refuses, or its answer is not to be believed.
   */
  async outages(period: OutagePeriod): Promise<OutageListing> {
    const members: MemberOutageInfo[] = [];
    for (;;) {
      const range = { limit: `${MEMBERS_PER_QUESTION}`, offset: `${members.length}` };
      const query = new URLSearchParams({ ...period, ...range });
      const page = usable(outagesIn(await this.#ask("GET", `/api/v1/outages?${query}`)), "outages");
      members.push(...page.members);
      if (members.length >= page.total || page.members.length === 0) return { ...page, members };
    }
  }

  /**
   * Lists the phones that are woken, or only those at one address, page by page.
   *
   * @throws {ConsoleError} if the console refuses, or its answer cannot be used.
   */
  async phones(address?: string): Promise<PhoneInfo[]> {
    const phones: PhoneInfo[] = [];
    const only = address === undefined ? "" : `&address=${encodeURIComponent(address)}`;
    for (;;) {
      const query = `limit=${MEMBERS_PER_QUESTION}&offset=${phones.length}${only}`;
      const page = await this.#ask("GET", `/api/v1/trigger/phones?${query}`);
      if (!isRecord(page) || !Array.isArray(page["phones"])) {
        throw new ConsoleError("Cannot use the console's answer: it holds no phones");
      }
      phones.push(...page["phones"]);
      if (phones.length >= Number(page["total"]) || page["phones"].length === 0) return phones;
    }
  }

  /**
   * Fetches the status of the host.
   *
   * @throws {NoConsoleError} if nothing listens there.
   * @throws {ConsoleError} if the console refuses, or its answer cannot be used.
   */
  async verdict(timeoutMs: number = CONSOLE_TIMEOUT_MS): Promise<Verdict> {
    return usable(
      verdictIn(await this.#ask("GET", "/api/v1/verdict", undefined, timeoutMs)),
      "verdict",
    );
  }

  /**
   * Starts the maintenance of a member, or of the host if no id is given.
   *
   * @throws {ConsoleError} if the console refuses or does not answer.
   */
  pause(
    id: string | undefined,
    body: PauseOrder,
  ): Promise<unknown> {
    return this.#ask("POST", `${pathOf(id)}/pause`, body);
  }

  /**
   * Ends the maintenance of a member, or of the host if no id is given.
   *
   * @throws {ConsoleError} if the console refuses or does not answer.
   */
  resume(id: string | undefined): Promise<unknown> {
    return this.#ask("POST", `${pathOf(id)}/resume`, {});
  }

  /**
   * Records who looks after a late or lost member; without a body, that nobody does any more.
   *
   * @throws {ConsoleError} if the console refuses or does not answer.
   */
  acknowledge(id: string, body?: { by: string; note?: string | undefined }): Promise<unknown> {
    return this.#ask(body === undefined ? "DELETE" : "POST", `${pathOf(id)}/acknowledge`, body);
  }

  /**
   * Shows where the tags of a member come from.
   *
   * @throws {ConsoleError} if the console refuses, or its answer cannot be used.
   */
  async tags(id: string): Promise<MemberTagsInfo> {
    return usable(memberTagsIn(await this.#ask("GET", `${pathOf(id)}/tags`)), "tags");
  }

  /**
   * Replaces the tags that were set for a member; those of the settings stay.
   *
   * @throws {ConsoleError} if the console refuses or does not answer.
   */
  setTags(id: string, tags: readonly string[]): Promise<unknown> {
    return this.#ask("POST", `${pathOf(id)}/tags`, { tags });
  }

  /**
   * Forgets a member.
   *
   * @throws {ConsoleError} if the console refuses or does not answer.
   */
  forget(id: string): Promise<unknown> {
    return this.#ask("DELETE", pathOf(id));
  }

  /**
   * Sends a test message to every webhook and runs the command once.
   *
   * @throws {ConsoleError} if the console refuses, or its answer cannot be used.
   */
  async testNotifications(): Promise<TellingTrials> {
    const path = "/api/v1/notify/test";
    return usable(trialsIn(await this.#ask("POST", path, {}, TELLING_TEST_TIMEOUT_MS)), "test");
  }

  /**
   * Fetches the status of the fleet, as this console knows it.
   *
   * @throws {NoConsoleError} if nothing listens there.
   * @throws {ConsoleError} if the console refuses, keeps no fleet, or its answer cannot be used.
   */
  async fleetStatus(timeoutMs: number = CONSOLE_TIMEOUT_MS): Promise<fleet.FleetStatusInfo> {
    const content = await this.#ask("GET", "/api/v1/fleet/status", undefined, timeoutMs);
    return usable(fleet.fleetStatusIn(content), "status of a fleet");
  }

  /**
   * Lists the hosts of the fleet, those in the worst state first.
   *
   * @throws {ConsoleError} as {@linkcode ConsoleClient.fleetStatus} does.
   */
  async fleetHosts(): Promise<readonly fleet.FleetHostInfo[]> {
    return usable(fleet.fleetHostsIn(await this.#ask("GET", "/api/v1/fleet")), "hosts");
  }

  /**
   * Forgets a host of the fleet.
   *
   * @throws {ConsoleError} as {@linkcode ConsoleClient.fleetStatus} does.
   */
  forgetFleetHost(host: string): Promise<unknown> {
    return this.#ask("DELETE", `/api/v1/fleet/hosts/${encodeURIComponent(host)}`);
  }

  /**
   * Follows the console's events until it ends the stream or the signal aborts: first `snapshot`,
   * then each change.
   *
   * @throws {ConsoleError} if the console refuses or does not answer.
   */
  async *events(signal: AbortSignal): AsyncGenerator<ConsoleEvent, void> {
    let reply: StreamReply;
    try {
      reply = await openStream({
        ...this.#endpoint.place,
        method: "GET",
        target: `${this.#endpoint.base}/api/v1/events?beats=1`,
        timeoutMs: CONSOLE_TIMEOUT_MS,
        headers: this.#headers,
        signal,
        ...(this.#endpoint.isTls ? { tls: { caCerts: this.#caCerts } } : {}),
      });
    } catch (cause) {
      if (signal.aborted) return;
      throw unreachable(this.#endpoint, cause);
    }
    if (reply.status !== 200) {
      await reply.pieces.return();
      throw new ConsoleError(`${this.url} refuses: status ${reply.status}`);
    }
    const end = yield* eventsIn(reply.pieces);
    if (end === "endless") throw new ConsoleError("An event has no end");
  }

  async #ask(
    method: "GET" | "POST" | "DELETE",
    path: string,
    body?: unknown,
    timeoutMs: number = CONSOLE_TIMEOUT_MS,
  ): Promise<unknown> {
    const reply = await this.#exchange(method, path, body, timeoutMs);
    let content: unknown;
    try {
      content = JSON.parse(reply.body);
    } catch {
      throw new ConsoleError(`Cannot use the answer of ${this.url}: it is not a Pulsebox console`);
    }
    if (reply.status === 200) return content;
    const detail = isRecord(content) && typeof content["detail"] === "string"
      ? content["detail"]
      : `status ${reply.status}`;
    throw new ConsoleError(`${this.url} refuses: ${detail}`);
  }

  async #exchange(
    method: "GET" | "POST" | "DELETE",
    path: string,
    body: unknown,
    timeoutMs: number,
  ): Promise<ExchangeReply> {
    try {
      return await exchange({
        ...this.#endpoint.place,
        method,
        target: this.#endpoint.base + path,
        timeoutMs,
        headers: this.#headers,
        ...(this.#endpoint.isTls ? { tls: { caCerts: this.#caCerts } } : {}),
        ...(body === undefined
          ? {}
          : { body: { type: "application/json", text: JSON.stringify(body) } }),
      });
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      throw unreachable(this.#endpoint, error);
    }
  }
}

/** Checks each character: a dot in a pattern would stop at U+2028, which JSON leaves in a name. */
function pathOf(id: string | undefined): string {
  return id === undefined ? "/api/v1" : `/api/v1/members/${encodeURIComponent(id)}`;
}

function usable<T>(answer: T | undefined, what: string): T {
  if (answer !== undefined) return answer;
  throw new ConsoleError(`Cannot use the console's answer: it holds no ${what}`);
}
