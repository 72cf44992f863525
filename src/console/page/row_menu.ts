/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The menu of a row. One menu serves all rows and opens at the row's button.
 *
 * @module
 */

import { element } from "./dom.ts";

/** An entry of the menu. */
export interface MenuItem {
  readonly label: string;
  readonly act: () => unknown;
}

const GAP_PX = 4;

/** Shows the menu below its button until somebody chooses an entry or clicks elsewhere. */
export function openMenu(opener: HTMLElement, label: string, items: readonly MenuItem[]): void {
  const buttons = items.map(({ label: words, act }) => {
    const item = element("button", { type: "button", role: "menuitem", tabindex: "-1" }, words);
    item.addEventListener("click", () => {
      close();
      act();
    });
    return item;
  });
  const menu = element("div", { class: "menu", role: "menu", "aria-label": label }, ...buttons);
  const close = () => {
    const hadFocus = menu.contains(document.activeElement);
    menu.remove();
    opener.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", onPointer, true);
    removeEventListener("scroll", onScroll, true);
    if (hadFocus) opener.focus();
  };
  const onPointer = ({ target }: Event) => {
    if (target instanceof Node && !menu.contains(target)) close();
  };
  // The event of a scroll that brought the button here comes only when the menu is open.
  const openedAt = opener.getBoundingClientRect().top;
  const onScroll = () => {
    if (Math.abs(opener.getBoundingClientRect().top - openedAt) >= 1) close();
  };
  menu.addEventListener("keydown", (event) => {
    const now = buttons.findIndex((item) => item === document.activeElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: now + 1,
      ArrowUp: now - 1,
      Home: 0,
      End: -1,
    };
    if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      event.stopPropagation();
      close();
      return;
    }
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    buttons.at(step % buttons.length)?.focus();
  });
  document.body.append(menu);
  const { bottom, top, right } = opener.getBoundingClientRect();
  const height = menu.offsetHeight;
  const isBelow = bottom + GAP_PX + height <= innerHeight;
  menu.style.top = `${isBelow ? bottom + GAP_PX : Math.max(0, top - GAP_PX - height)}px`;
  menu.style.left = `${Math.max(GAP_PX, right - menu.offsetWidth)}px`;
  opener.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", onPointer, true);
  addEventListener("scroll", onScroll, true);
  buttons[0]?.focus();
}
