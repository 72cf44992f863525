/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * What somebody can do about members, one or several. What is seldom asked is loaded when somebody asks.
 *
 * @module
 */

import type { MemberView } from "../member_view.ts";
import { complainOf, memberPath, order } from "./api.ts";
import { copy } from "./copy.ts";
import { fullNameOf, isDown } from "./member_words.ts";
import type { MembersModel } from "./members_model.ts";
import type { MenuItem } from "./row_menu.ts";
import { text } from "./say.ts";

/** The actions of cards, rows, the panel and a selection. */
export class MemberActions {
  readonly #model: MembersModel;

  constructor(model: MembersModel) {
    this.#model = model;
  }

  readonly pause = (member: MemberView): void =>
    this.#askForPause(fullNameOf(member), memberPath(member.id, "/pause"));

  readonly resume = ({ id }: MemberView): Promise<boolean> => order(memberPath(id, "/resume"));

  readonly acknowledge = (member: MemberView): void => {
    const path = memberPath(member.id, "/acknowledge");
    import("./acknowledge_dialog.ts").then(({ askWhoIsOnIt }) =>
      askWhoIsOnIt(fullNameOf(member), [member.id], member.acknowledgement, path)
    ).catch(complainOf);
  };

  readonly tag = (member: MemberView): void => {
    import("./tags_dialog.ts").then(({ askForTags }) => askForTags(member)).catch(complainOf);
  };

  readonly forget = (member: MemberView): void => {
    import("./forget_dialog.ts").then(({ askToForget }) => askToForget(member)).catch(complainOf);
  };

  pauseHost(): void {
    this.#askForPause(text("host.this"), "api/v1/pause");
  }

  pauseMany(ids: readonly string[]): void {
    this.#askForPause(selected(ids), "api/v1/members/pause", ids);
  }

  async pauseManyUntilMorning(ids: readonly string[]): Promise<void> {
    await import("./pause_dialog.ts").then(({ pauseUntilMorning }) =>
      pauseUntilMorning(ids, this.#model.wallMs)
    ).catch(complainOf);
  }

  acknowledgeMany(ids: readonly string[]): void {
    askWhoIsOnAll(selected(ids), ids);
  }

  readonly acknowledgeAll = (whom: string, members: readonly MemberView[]): void =>
    askWhoIsOnAll(whom, members.map(({ id }) => id));

  /**
   * The menu of a member's row.
   *
   * @param details Shows the member beside the list.
   */
  menuOf(member: MemberView, right: "read" | "write", details: () => unknown): MenuItem[] {
    const looks = [
      { label: text("care.details"), act: details },
      { label: text("care.copy"), act: () => copy(member.address).catch(complainOf) },
    ];
    if (right === "read") return looks;
    return [
      ...(isDown(member)
        ? [{ label: text("care.acknowledge"), act: () => this.acknowledge(member) }]
        : []),
      member.pause === null
        ? { label: text("care.pause"), act: () => this.pause(member) }
        : { label: text("members.resume"), act: () => this.resume(member) },
      ...looks,
      { label: text("care.tags"), act: () => this.tag(member) },
      { label: text("care.forget"), act: () => this.forget(member) },
    ];
  }

  #askForPause(whom: string, path: string, ids?: readonly string[]): void {
    const { wallMs } = this.#model;
    import("./pause_dialog.ts").then(({ askForPause }) =>
      askForPause({ whom, path, wallMs, ...(ids === undefined ? {} : { ids }) })
    ).catch(complainOf);
  }
}

function selected(ids: readonly string[]): string {
  return text("bulk.count", { count: ids.length });
}

function askWhoIsOnAll(whom: string, ids: readonly string[]): void {
  import("./acknowledge_dialog.ts").then(({ askWhoIsOnIt }) =>
    askWhoIsOnIt(whom, ids, null, undefined)
  ).catch(complainOf);
}
