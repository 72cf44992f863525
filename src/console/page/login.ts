/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Logs a screen in whose link holds a token. Behind the `#` no proxy and no log gets to see it.
 *
 * @module
 */

const [, token] = /^#token=([!-~]+)$/.exec(location.hash) ?? [];
const form = document.getElementById("login");
const field = document.getElementById("token");
if (token !== undefined && form instanceof HTMLFormElement && field instanceof HTMLInputElement) {
  // Nobody who looks at the screen, or goes back, finds it.
  history.replaceState(null, "", location.pathname + location.search);
  field.value = token;
  form.submit();
}
