/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * What the page shows, as part of its URL: every view is a link.
 *
 * @module
 */

/** The parameters of the URL. */
export type UrlKey =
  | "q"
  | "state"
  | "group"
  | "tag"
  | "view"
  | "member"
  | "open"
  | "shut"
  | "period"
  | "sort";

/** The value of a parameter; empty if the URL lacks it. */
export function urlValue(key: UrlKey): string {
  return new URLSearchParams(location.search).get(key) ?? "";
}

/** The names in a list parameter. */
export function urlNames(key: UrlKey): Set<string> {
  return new Set(new URLSearchParams(location.search).getAll(key));
}

/**
 * Changes the URL. Empty values are left out.
 *
 * @param step `push` if the browser's Back button should return to the present view.
 */
export function setUrl(
  changes: Readonly<Partial<Record<UrlKey, string | Iterable<string>>>>,
  step: "push" | "replace" = "replace",
): void {
  const url = withUrl(changes);
  if (url === location.href) return;
  if (step === "push") history.pushState(null, "", url);
  else history.replaceState(null, "", url);
}

/** Where each row has a link, only its member differs. */
let memberLinks = { href: "", before: "", after: "" };

/** The URL of this page with a member's panel open. */
export function memberUrl(id: string): string {
  const { href } = location;
  if (memberLinks.href !== href) {
    const url = new URL(href);
    url.searchParams.delete("member");
    url.searchParams.append("member", "");
    const { origin, pathname, search, hash } = url;
    memberLinks = { href, before: `${origin}${pathname}${search}`, after: hash };
  }
  return memberLinks.before + encodeURIComponent(id.toWellFormed()) + memberLinks.after;
}

/** The URL of this page with changes. */
export function withUrl(
  changes: Readonly<Partial<Record<UrlKey, string | Iterable<string>>>>,
): string {
  const url = new URL(location.href);
  for (const [key, value] of Object.entries(changes)) {
    url.searchParams.delete(key);
    for (const each of typeof value === "string" ? [value] : value) {
      if (each !== "") url.searchParams.append(key, each);
    }
  }
  return url.href;
}
