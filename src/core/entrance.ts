/**
 * What a request may do, depending on where it comes from: one rule for every HTTP and WebSocket
 * entrance.
 *
 * Any web page can make a browser send requests to this host. The browser names the page in
 * `Origin` and `Sec-Fetch-Site`, and in `Host` the name under which it found this host. Other
 * programs send none of these: what they may do depends on their address and token alone.
 *
 * Header fields that a proxy adds can only take a right away, never grant one.
 *
 * @module
 */

import { parseAddress } from "./cidr.ts";

/** The header field that marks a request as a notification. */
export const NOTIFICATION_FIELD = "pulsebox-event";
/**
 * Why a notification is refused at every entrance: the owner of a webhook's name can point it at
 * this address, so that we would send to ourselves.
 */
export const NOTIFICATION_REFUSED =
  "The request is a notification of Pulsebox, which changes nothing here";

/** What an entrance demands of a request. */
export type Need = {
  /** The names in `Host` that are accepted: `own` protects against DNS rebinding. */
  readonly hosts: "any" | "own" | "own for pages";
  /** The right that a token needs, on a host with tokens. */
  readonly right: "none" | "read" | "write";
} & PageNeed;

/**
 * The web pages that may ask: any page; pages of this very origin; pages of the same host name at
 * any port, or listed by the operator. A refusal ends with what the operator can do about it.
 */
type PageNeed =
  | { readonly pages: "any" }
  | { readonly pages: "own origin" | "own host or listed"; readonly pageAdvice: string };

/** A proxy that changes `Host` makes the console's own page look like another's. */
const OWN_PAGE_ADVICE =
  "only the console's own pages may do this; behind a proxy, start Pulsebox with --token-file";

/** The kinds of entrances. A new route names one of them; there is no default. */
export const NEEDS = {
  /** Reveals nothing that matters, or belongs to a protocol whose pages may come from any site. */
  open: { hosts: "any", pages: "any", right: "none" },
  /** Shows the console's public files. */
  public: { hosts: "own", pages: "any", right: "none" },
  /** Shows what the console knows. */
  read: { hosts: "own", pages: "any", right: "read" },
  /** Begins or ends a session. */
  session: { hosts: "own", pages: "own origin", right: "none", pageAdvice: OWN_PAGE_ADVICE },
  /** Changes something at the console. */
  change: { hosts: "own", pages: "own origin", right: "write", pageAdvice: OWN_PAGE_ADVICE },
  /** An operator's call of the game server. */
  operate: {
    hosts: "own for pages",
    pages: "own host or listed",
    right: "write",
    pageAdvice: "--state-operator-origins lists pages that may operate",
  },
  /** A WebSocket of the game's channel. */
  channel: {
    hosts: "own for pages",
    pages: "own host or listed",
    right: "none",
    pageAdvice: "--state-origins lists pages that may use the channel",
  },
} as const satisfies Readonly<Record<string, Need>>;

/** The name of one of {@linkcode NEEDS}. */
export type NeedName = keyof typeof NEEDS;

/** What a request says about its origin; `undefined` for each field that it lacks. */
export interface Provenance {
  readonly host: string | undefined;
  /** The host that the browser asked a proxy for, if the proxy passes it on. */
  readonly forwardedHost: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`. */
  readonly site: string | undefined;
  /** `Pulsebox-Event`, which only notifications have. */
  readonly notification: string | undefined;
}

/** What the operator of this host has said. */
export interface EntrancePolicy {
  /** Names of this host in lower case, without ports. */
  readonly names: ReadonlySet<string>;
  /** Origins of other pages that may do this. */
  readonly origins?: ReadonlySet<string>;
  /**
   * Whether `Sec-Fetch-Site: same-origin` is enough. Use it only where a token is needed as well:
   * behind a proxy that changes `Host`, DNS rebinding to the proxy would pass.
   */
  readonly believesSite?: boolean;
}

/** Reads the header fields of a request. */
export function provenanceOf(field: (name: string) => string | null | undefined): Provenance {
  return {
    host: field("host") ?? undefined,
    forwardedHost: field("x-forwarded-host") ?? undefined,
    origin: field("origin") ?? undefined,
    site: field("sec-fetch-site") ?? undefined,
    notification: field(NOTIFICATION_FIELD) ?? undefined,
  };
}

/** Why a request is refused, as a sentence, or `undefined` if its header fields allow it. */
export function refusalOf(
  name: NeedName,
  from: Provenance,
  { names, origins, believesSite = false }: EntrancePolicy,
): string | undefined {
  const need: Need = NEEDS[name];
  if (from.notification !== undefined) return NOTIFICATION_REFUSED;
  // The operator listed this page, so it is trusted under whatever name it found this host.
  if (
    need.pages === "own host or listed" && from.origin !== undefined && origins?.has(from.origin)
  ) return undefined;
  if (need.hosts === "own" || (need.hosts === "own for pages" && isOfPage(from))) {
    for (const host of [from.host, from.forwardedHost]) {
      if (host !== undefined && host !== "" && !isOwnHost(host, names)) {
        return `The host name "${host}" is not one of this host: --console-name adds one`;
      }
    }
  }
  if (need.pages === "any" || believesSite && from.site === "same-origin") return undefined;
  const page = need.pages === "own host or listed" ? otherHost(from) : otherOrigin(from);
  return page === undefined ? undefined : `The request comes from ${page}: ${need.pageAdvice}`;
}

/** Whether the request says which page it comes from, as every browser does for a change. */
export function tellsPage({ origin, site }: Provenance): boolean {
  return origin !== undefined || site === "same-origin";
}

/** Whether an authority (`name`, `name:port`, `[::1]:port`) names this host by address or name. */
export function isOwnHost(authority: string, names: ReadonlySet<string>): boolean {
  const name = hostnameOf(authority);
  if (name === undefined) return false;
  return name === "localhost" || names.has(name) || parseAddress(name) !== undefined;
}

function isOfPage({ origin, site }: Provenance): boolean {
  return origin !== undefined || (site !== undefined && site !== "none");
}

/** The page of another origin that asks, in words. */
function otherOrigin(from: Provenance): string | undefined {
  const { site, origin } = from;
  if (site !== undefined && site !== "none" && site !== "same-origin") {
    return "a page of another site";
  }
  if (origin === undefined) return undefined;
  // A proxy that ends TLS changes the scheme, so only host and port are compared.
  const isOwn = hostsOf(from).some((host) => authorityIn(origin) === authorityOf(host, origin));
  return isOwn ? undefined : `a page of "${origin}"`;
}

/** The page of another host that asks, in words. */
function otherHost(from: Provenance): string | undefined {
  const { site, origin } = from;
  if (origin === undefined) {
    return site === "cross-site" ? "a page of another site" : undefined;
  }
  const isOwn = hostsOf(from).some((host) => {
    const name = hostnameOf(host);
    return name !== undefined && name === hostnameOf(authorityIn(origin) ?? "");
  });
  return isOwn && site !== "cross-site" ? undefined : `a page of "${origin}"`;
}

function hostsOf({ host, forwardedHost }: Provenance): string[] {
  return [host, forwardedHost].filter((each) => each !== undefined);
}

/** Host and port of an origin; without the port if it is the scheme's. */
function authorityIn(origin: string): string | undefined {
  const url = URL.parse(origin);
  return url === null || !/^https?:$/.test(url.protocol) ? undefined : url.host;
}

/** An authority in the form that origins use. */
function authorityOf(host: string, origin: string): string | undefined {
  if (!/^[^\s/?#@\\]+$/.test(host)) return "";
  return URL.parse(`${origin.slice(0, origin.indexOf(":"))}://${host}`)?.host ?? "";
}

/** The name or address alone, in lower case; `undefined` if there is none. */
function hostnameOf(authority: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)(?:%[^\]]*)?\]|([^\s:/?#@\\[\]]+))(?::\d{1,5})?$/i
    .exec(authority);
  const name = match?.[1] ?? match?.[2];
  return name?.toLowerCase().replace(/\.$/, "");
}
