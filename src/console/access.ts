/**
 * Decides who may see and change the host.
 *
 * @module
 */

import { isLoopback } from "../net/address.ts";
import {
  type EntrancePolicy,
  type NeedName,
  NEEDS,
  type Provenance,
  provenanceOf,
  refusalOf,
  tellsPage,
} from "../core/entrance.ts";
import { GuessLimit } from "../core/guess_limit.ts";
import { forwardedPrefix, forwardedTransport, isForwardedFromAfar } from "./forwarded.ts";
import type { Problem } from "./problem.ts";
import {
  cookieName,
  type CookiePlace,
  readCookie,
  wallIdentity,
  wallTokenOf,
  writeCookie,
} from "./session_cookie.ts";
import { Sessions } from "./sessions.ts";
import type { Right, TokenTable } from "./tokens.ts";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const PUBLIC_PATH = /^\/(?:login|assets\/[^/]*)$/;
const SESSION_PATH = /^\/log(?:in|out)$/;
const HTTP_UNAUTHORIZED = 401;

/** Options of {@linkcode Access}. */
export interface AccessOptions {
  /** The host's tokens; without any, everybody may read, and only this machine may write. */
  tokens?: TokenTable | undefined;
  transport: "http" | "https";
  /** Monotonic time in milliseconds. */
  now: () => number;
  /** Names of this host other than its addresses and `localhost`, in lower case. */
  names?: ReadonlySet<string>;
  /** Distinguishes this host from others on the same machine or network, such as `pi:8880`. */
  place?: () => string;
  /** Counts wrong tokens; shared with the host's other ports. */
  guesses?: GuessLimit;
}

/** How a login ended. */
export type LoginOutcome = { readonly cookie: string } | { readonly problem: Problem };

/** The decision on a request: a refusal, or a right that can expire. */
export type Admission =
  | { readonly problem: Problem }
  /** Whether the right still holds: a token can be withdrawn, a session can end. */
  | { readonly holds: () => boolean };

/** The right that a request needs; everything that is not known to be public needs one. */
export function needOf(method: string, path: string): NeedName {
  const isSafe = SAFE_METHODS.has(method);
  if (!isSafe) return SESSION_PATH.test(path) ? "session" : "change";
  return PUBLIC_PATH.test(path) ? "public" : "read";
}

/** Decides about each request. */
export class Access {
  readonly transport: "http" | "https";
  readonly #now: () => number;
  readonly #sessions = new Sessions();
  readonly #guesses: GuessLimit;
  readonly #policy: EntrancePolicy;
  readonly #place: () => string;
  #tokens: TokenTable | undefined;
  #onChange: () => void = () => undefined;

  constructor(options: AccessOptions) {
    this.#tokens = options.tokens;
    this.transport = options.transport;
    this.#now = options.now;
    this.#guesses = options.guesses ?? new GuessLimit();
    this.#place = options.place ?? (() => "");
    const believesSite = options.tokens !== undefined;
    this.#policy = { names: options.names ?? new Set(), believesSite };
  }

  /** True if a token is needed. */
  get isGuarded(): boolean {
    return this.#tokens !== undefined;
  }

  /** Listeners to call when rights may have ended early. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** Replaces the tokens; rights based on a removed token end. */
  replace(tokens: TokenTable): void {
    this.#tokens = tokens;
    this.#sessions.keepOnly((key) => tokens.rightOfKey(key) !== undefined);
    this.#onChange();
  }

  /** Judges a request. */
  admit(request: Request, peerAddress: string): Admission {
    const name = needOf(request.method, new URL(request.url).pathname);
    const from = provenanceOf((field) => request.headers.get(field));
    const foreign = refusalOf(name, from, this.#policy);
    if (foreign !== undefined) return { problem: refusal(foreign) };
    const { right } = NEEDS[name];
    if (right === "none") return { holds: () => true };
    if (this.#tokens !== undefined) return this.#admitKnown(request, peerAddress, right, from);
    const problem = right === "write" ? openWriteRefusal(request, peerAddress) : undefined;
    return problem === undefined ? { holds: () => true } : { problem };
  }

  /** What the page may do for this request; `undefined` if the user must first log in. */
  rightOf(request: Request, peerAddress: string): Right | undefined {
    if (this.#tokens === undefined) {
      return openWriteRefusal(request, peerAddress) === undefined ? "write" : "read";
    }
    const identity = this.#identityOf(request);
    return identity === undefined ? undefined : this.#rightOfSession(identity);
  }

  /** Starts a session with a token. */
  login(token: string, request: Request, peerAddress: string): LoginOutcome {
    const now = this.#now();
    const known = this.#tokens?.identify(token);
    if (known === undefined) return { problem: this.#wrong(peerAddress) };
    const identity = known.isWall ? wallIdentity(token) : this.#sessions.begin(known.key, now);
    return { cookie: writeCookie(identity, this.#cookieFor(request)) };
  }

  /** Renews the cookie of a session that does not end; `undefined` for any other session. */
  renewal(request: Request): string | undefined {
    const identity = this.#identityOf(request);
    if (identity === undefined || wallTokenOf(identity) === undefined) return undefined;
    if (this.#rightOfSession(identity) === undefined) return undefined;
    return writeCookie(identity, this.#cookieFor(request));
  }

  /** Ends the session of a request; the returned header deletes the cookie. */
  logout(request: Request): string {
    const identity = this.#identityOf(request);
    if (identity !== undefined) this.#sessions.end(identity);
    this.#onChange();
    return writeCookie(undefined, this.#cookieFor(request));
  }

  #admitKnown(request: Request, peer: string, need: Right, from: Provenance): Admission {
    const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (bearer !== undefined) {
      const known = this.#tokens?.identify(bearer);
      if (known === undefined) return { problem: this.#wrong(peer) };
      return this.#admission(need, () => this.#tokens?.rightOfKey(known.key));
    }
    const identity = this.#identityOf(request);
    const rightNow = () => identity === undefined ? undefined : this.#rightOfSession(identity);
    if (rightNow() === undefined) {
      // Guessing the tokens of walls counts like guessing any other.
      if (identity !== undefined && wallTokenOf(identity) !== undefined) {
        return { problem: this.#wrong(peer) };
      }
      return { problem: unauthorized("This host wants a token: one of its --token-file") };
    }
    // A browser sends its cookie no matter which page causes the request.
    if (need === "write" && !tellsPage(from)) {
      return { problem: refusal(NO_PAGE) };
    }
    return this.#admission(need, rightNow);
  }

  #admission(need: Right, rightNow: () => Right | undefined): Admission {
    const allows = (right: Right | undefined) => right === "write" || right === need;
    if (allows(rightNow())) return { holds: () => allows(rightNow()) };
    return {
      problem: refusal(
        "This token is for reading only: a change needs a write token of --token-file",
      ),
    };
  }

  #rightOfSession(identity: string): Right | undefined {
    const wallToken = wallTokenOf(identity);
    if (wallToken !== undefined) {
      const known = this.#tokens?.identify(wallToken);
      return known?.isWall === true ? known.right : undefined;
    }
    const session = this.#sessions.get(identity, this.#now());
    return session === undefined ? undefined : this.#tokens?.rightOfKey(session.tokenKey);
  }

  #identityOf(request: Request): string | undefined {
    return readCookie(request.headers.get("cookie"), cookieName(this.#place()));
  }

  #cookieFor({ headers }: Request): CookiePlace {
    return {
      name: cookieName(this.#place()),
      prefix: forwardedPrefix(headers),
      transport: forwardedTransport(headers, this.transport),
    };
  }

  /** A correct token is accepted before this check, so outsiders can only lock out themselves. */
  #wrong(peerAddress: string): Problem {
    if (this.#guesses.wrong(peerAddress, this.#now())) return TOO_MANY;
    return unauthorized(
      "The token is not one of this host's --token-file; pulsebox token new adds one",
    );
  }
}

/** Browsers name the page with every request that changes something. */
const NO_PAGE = "The request does not tell which page it comes from; programs send a token of " +
  "--token-file as Authorization: Bearer";

/** Without tokens, changes come from this machine only. */
function openWriteRefusal(request: Request, peerAddress: string): Problem | undefined {
  if (!isLoopback(peerAddress)) {
    return refusal(
      `Changes are taken from this machine only, not from ${peerAddress}: ` +
        "from other machines they need --token-file",
    );
  }
  return isForwardedFromAfar(request.headers)
    ? refusal("A proxy asks for somebody on another machine: changes through it need --token-file")
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
  detail:
    "Too many wrong tokens came from your address: try again in a minute, or with a token of --token-file",
};
