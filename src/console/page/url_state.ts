/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * What the page shows, as part of its address: every view is a link.
 *
 * @module
 */

/** What the address may say. */
export type UrlKey = "q" | "state" | "group" | "tag" | "view" | "member" | "open" | "shut";

/** What the address says; empty if it says nothing. */
export function urlValue(key: UrlKey): string {
  return new URLSearchParams(location.search).get(key) ?? "";
}

/** The names in a list of the address. */
export function urlNames(key: UrlKey): Set<string> {
  return new Set(new URLSearchParams(location.search).getAll(key));
}

/**
 * Changes the address. What is empty is left out.
 *
 * @param step `push` if the browser's Back leads to where the page was before.
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

/** The address of this page with changes. */
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
