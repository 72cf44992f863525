/**
 * Who may see and change something.
 *
 * @module
 */

import { isLoopback } from "../net/address.ts";
import { LoginLimit } from "./login_limit.ts";
import type { Problem } from "./problem.ts";
import { cookieOf, Sessions } from "./sessions.ts";
import type { Right, TokenTable } from "./tokens.ts";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const HTTP_UNAUTHORIZED = 401;

/** Options of {@linkcode Access}. */
export interface AccessOptions {
  /** The tokens of the host; without them everybody may read, and this machine may write. */
  tokens?: TokenTable | undefined;
  transport: "http" | "https";
  /** Monotonic time in milliseconds. */
  now: () => number;
}

/** How a login ended. */
export type LoginOutcome = { readonly cookie: string } | { readonly problem: Problem };

/** Decides about each request. */
export class Access {
  readonly transport: "http" | "https";
  readonly #now: () => number;
  readonly #sessions = new Sessions();
  readonly #limit = new LoginLimit();
  #tokens: TokenTable | undefined;

  constructor(options: AccessOptions) {
    this.#tokens = options.tokens;
    this.transport = options.transport;
    this.#now = options.now;
  }

  /** True if a token is needed. */
  get isGuarded(): boolean {
    return this.#tokens !== undefined;
  }

  /** Takes other tokens from now on; every login ends. */
  replace(tokens: TokenTable): void {
    this.#tokens = tokens;
    this.#sessions.clear();
  }

  /** Why a request may not be answered, or `undefined` if it may. */
  refusal(request: Request, peerAddress: string): Problem | undefined {
    const need: Right = SAFE_METHODS.has(request.method) ? "read" : "write";
    if (this.#tokens === undefined) {
      return need === "read" ? undefined : openWriteRefusal(request, peerAddress, this.transport);
    }
    const now = this.#now();
    const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (bearer === undefined) {
      const right = this.#sessions.rightOf(request.headers.get("cookie"), now);
      if (right === undefined) return unauthorized("This host wants a token");
      // A browser sends its cookie whoever makes it ask.
      return rightRefusal(right, need) ??
        (need === "write" ? foreignPageRefusal(request, this.transport, "must tell") : undefined);
    }
    if (this.#limit.isOver(peerAddress, now)) return TOO_MANY;
    const right = this.#tokens.rightOf(bearer);
    if (right !== undefined) return rightRefusal(right, need);
    this.#limit.wrong(peerAddress, now);
    return unauthorized("The token is not one of this host");
  }

  /** What the page may do for this request; `undefined` if it has to ask for a token first. */
  rightOf(request: Request, peerAddress: string): Right | undefined {
    if (this.#tokens === undefined) return isLoopback(peerAddress) ? "write" : "read";
    return this.#sessions.rightOf(request.headers.get("cookie"), this.#now());
  }

  /** Begins a session with a token. */
  login(token: string, request: Request, peerAddress: string): LoginOutcome {
    const now = this.#now();
    const foreign = foreignPageRefusal(request, this.transport, "may be silent");
    if (foreign !== undefined) return { problem: foreign };
    if (this.#limit.isOver(peerAddress, now)) return { problem: TOO_MANY };
    const right = this.#tokens?.rightOf(token);
    if (right !== undefined) {
      return { cookie: cookieOf(this.#sessions.begin(right, now), this.transport) };
    }
    this.#limit.wrong(peerAddress, now);
    return { problem: unauthorized("The token is not one of this host") };
  }

  /** Ends the session of a request; the header takes the cookie away. */
  logout(request: Request): string {
    this.#sessions.end(request.headers.get("cookie"));
    return cookieOf(undefined, this.transport);
  }
}

/**
 * Without tokens, changes come from this machine only. Pages of other sites that a browser on this
 * machine shows may not make them either, and a name that was bent to this address (DNS rebinding)
 * shows in `Host`.
 */
function openWriteRefusal(
  request: Request,
  peerAddress: string,
  transport: "http" | "https",
): Problem | undefined {
  if (!isLoopback(peerAddress)) {
    return refusal(`Changes are taken from this machine only, not from ${peerAddress}`);
  }
  const host = request.headers.get("host") ?? "";
  if (!isLocalHost(host)) return refusal(`The host name "${host}" is not one of this console`);
  return foreignPageRefusal(request, transport, "may be silent");
}

/** Browsers tell with `Sec-Fetch-Site` and `Origin` which page makes them ask. */
function foreignPageRefusal(
  request: Request,
  transport: "http" | "https",
  silence: "must tell" | "may be silent",
): Problem | undefined {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "none" && site !== "same-origin") {
    return refusal("The request comes from a page of another site");
  }
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== `${transport}://${request.headers.get("host") ?? ""}`) {
    return refusal(`The request comes from a page of "${origin}"`);
  }
  if (silence === "must tell" && site !== "same-origin" && origin === null) {
    return refusal("The request does not tell which page it comes from");
  }
  return undefined;
}

function isLocalHost(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return name === "[::1]" || isLoopback(name);
}

function rightRefusal(right: Right, need: Right): Problem | undefined {
  return need === "write" && right === "read"
    ? refusal("This token is for reading only")
    : undefined;
}

function refusal(detail: string): Problem {
  return { status: 403, title: "Not allowed", detail };
}

function unauthorized(detail: string): Problem {
  return { status: HTTP_UNAUTHORIZED, title: "Token needed", detail };
}

const TOO_MANY: Problem = {
  status: 429,
  title: "Too many wrong tokens",
  detail: "Too many wrong tokens came from your address; try again in a minute",
};
