/**
 * Asking the console of a running host.
 *
 * @module
 */

import { SECOND_MS } from "../core/clock.ts";
import { exchange, ExchangeError, type ExchangeReply } from "../net/http_request.ts";

/** How long the console may take to answer, in milliseconds. */
export const CONSOLE_TIMEOUT_MS: number = 5 * SECOND_MS;
/** Members asked for at once. */
const MEMBERS_PER_QUESTION = 1_000;
const HTTP_PORT = 80;

/** Maintenance, as the console tells it. */
export interface PauseInfo {
  readonly reason: string;
  /** ISO 8601, or null if it does not end by itself. */
  readonly until: string | null;
}

/** A member, as the console tells it. */
export interface MemberInfo {
  /** `PROTOCOL/IDENTITY`. */
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly station?: string | null;
  readonly state: string;
  readonly silentMs: number;
  readonly promiseMs: number;
  readonly deadlineInMs: number | null;
  readonly beats: number;
  readonly pause: PauseInfo | null;
}

/** All members of a host. */
export interface MemberListing {
  readonly members: readonly MemberInfo[];
  readonly total: number;
  readonly pause: PauseInfo | null;
}

/** The console gave no usable answer; the message is one line. */
export class ConsoleError extends Error {
  override readonly name = "ConsoleError";
}

/** Asks one console. */
export class ConsoleClient {
  /** Its URL, for instance `http://127.0.0.1:8880`. */
  readonly url: string;
  readonly #place: { readonly hostname: string; readonly port: number };

  /**
   * @param url Its URL; without a scheme it is taken for http.
   * @throws {ConsoleError} if it is not the URL of a console.
   */
  constructor(url: string) {
    const text = /^[a-z]+:\/\//i.test(url) ? url : `http://${url}`;
    const parsed = URL.parse(text);
    if (parsed?.protocol !== "http:" || parsed.pathname !== "/") {
      throw new ConsoleError(`The console's URL is "${url}": must be http://HOST:PORT`);
    }
    this.url = parsed.origin;
    this.#place = {
      hostname: parsed.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: parsed.port === "" ? HTTP_PORT : Number(parsed.port),
    };
  }

  /**
   * All members, over as many questions as it takes.
   *
   * @throws {ConsoleError} if the console does not answer as it should.
   */
  async members(): Promise<MemberListing> {
    const members: MemberInfo[] = [];
    for (;;) {
      const query = `limit=${MEMBERS_PER_QUESTION}&offset=${members.length}`;
      const page = asListing(await this.#ask("GET", `/api/v1/members?${query}`));
      members.push(...page.members);
      // An empty page ends it even if members left between two questions.
      if (members.length >= page.total || page.members.length === 0) return { ...page, members };
    }
  }

  /**
   * Begins the maintenance of a member, or of the host if no id is given.
   *
   * @throws {ConsoleError} if the console refuses or does not answer.
   */
  pause(id: string | undefined, body: { reason?: string; forMs?: number }): Promise<unknown> {
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

  async #ask(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> {
    const reply = await this.#exchange(method, path, body);
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

  async #exchange(method: "GET" | "POST", path: string, body: unknown): Promise<ExchangeReply> {
    try {
      return await exchange({
        ...this.#place,
        method,
        target: path,
        timeoutMs: CONSOLE_TIMEOUT_MS,
        ...(body === undefined
          ? {}
          : { body: { type: "application/json", text: JSON.stringify(body) } }),
      });
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      const reason = error.kind === "refused"
        ? "nothing listens there; is pulsebox running?"
        : error.message;
      throw new ConsoleError(`Cannot reach the console at ${this.url}: ${reason}`, {
        cause: error,
      });
    }
  }
}

function pathOf(id: string | undefined): string {
  return id === undefined ? "/api/v1" : `/api/v1/members/${encodeURIComponent(id)}`;
}

function asListing(content: unknown): MemberListing {
  if (!isRecord(content) || !Array.isArray(content["members"])) {
    throw new ConsoleError("Cannot use the console's answer: it holds no members");
  }
  const { members, total } = content;
  return {
    // The console is the other half of this program; what it lists are members.
    ...(content as unknown as MemberListing),
    total: typeof total === "number" ? total : members.length,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
