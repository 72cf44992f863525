/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Logs a screen in whose link contains a token, after the `#`, where no proxy and no log sees it.
 *
 * @module
 */

const [, token] = /^#token=([!-~]+)$/.exec(location.hash) ?? [];
const form = document.getElementById("login");
const field = document.getElementById("token");
if (token !== undefined && form instanceof HTMLFormElement && field instanceof HTMLInputElement) {
  // Remove it, so that nobody at the screen can see it or go back to it.
  history.replaceState(null, "", location.pathname + location.search);
  field.value = token;
  form.submit();
}
