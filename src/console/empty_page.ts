/**
 * What the page says before any member was heard.
 *
 * @module
 */

import { html } from "hono/html";
import type { Speech } from "./page/speech.ts";

/** What the empty page needs. */
export interface EmptyModel {
  readonly speech: Speech;
  /** Where to send heartbeats; undefined without the role. */
  readonly heartbeats: string | undefined;
  /** The URL for other machines; undefined if none can reach the console. */
  readonly outside: string | undefined;
  /** Whether a member was heard, so that this is not shown. */
  readonly isHidden: boolean;
}

/** How to send a first heartbeat, and the console's address for a phone. */
export function renderEmpty(model: EmptyModel): ReturnType<typeof html> {
  const { speech: { text }, heartbeats, outside, isHidden } = model;
  return html`
    <section id="empty" class="empty" ${isHidden ? "hidden" : ""}>
      <div>
        <h2>${text("empty.title")}</h2>
    ${heartbeats === undefined ? html`<p>${text("empty.no-heartbeats")}</p>` : html`
      <p>${text("empty.how")}</p>
      <pre tabindex="0">curl '${heartbeats}/hb_ping?5000&appid=tetris'</pre>
      <p>${text("empty.listening")}</p>
      <p class="soft">${text("empty.have", { place: heartbeats })}</p>
    `}
        <p class="soft">${text("empty.demo")}</p>
      </div>
      <figure>
    ${outside === undefined ? html`<figcaption>${text("empty.alone")}</figcaption>` : html`
      <img src="qr.svg" width="224" height="224" alt="${text("empty.qr", { address: outside })}">
      <figcaption>${text("empty.phone")} <br>${outside}</figcaption>
    `}
      </figure>
    </section>
  `;
}

/** If the role listens on every address, the name by which the browser asked for this host. */
export function reachable(address: string | undefined, request: Request): string | undefined {
  if (address === undefined) return undefined;
  const name = new URL(request.url).hostname;
  return address.replace(/\/\/(?:0\.0\.0\.0|\[::\])/, `//${name}`);
}
