/**
 * Names and reasons of members on the page, in Chromium.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { visible } from "../../../src/core/visible.ts";
import { Operator } from "../../browser/operator.ts";
import { ALL_TEXTS, UNSEEN } from "../../browser/texts_on_page.ts";
import { HEARTBEATS_ONLY, WholeHost } from "../../cli/whole_host.ts";
import { hasChromium } from "../../support/chromium.ts";
import { type Target, textOf, texts } from "../target.ts";

/** What a script of an input would leave behind. */
const TRACE = "executed";
/** What the page calls a member without a name. */
const UNNAMED = "(no name)";
/** What makes an emoji coloured or plain is kept. */
const EMOJI_STYLE = /[\ufe0e\ufe0f]/g;
/** A function for the page, which has types of its own. */
function inPage<Argument>(parameter: string, value: string): (argument: Argument) => unknown {
  return new Function(parameter, `return ${value}`) as (argument: Argument) => unknown;
}

/** Tags and attributes of a row: an input must not add any. */
const SHAPE_OF_ROW = inPage(
  "row",
  `[row, ...row.querySelectorAll("*")].map((each) =>
    [each.localName, ...[...each.attributes].map(({ name }) => name).sort()].join(" "))`,
);
/** The row of a member that has failed, once it is shown with its reason. */
const ROW = inPage<{ name: string; note: string }>(
  "{ name, note }",
  `[...document.querySelectorAll(".row")].find((row) =>
    row.querySelector(".name").textContent === name && row.querySelector(".note").textContent === note)`,
);
/** Parts of a row that stick out of the window. */
const STICKING_OUT = inPage(
  "row",
  `[row, ...row.querySelectorAll("*")].filter((each) => {
    const { left, right } = each.getBoundingClientRect();
    return left < -1 || right > innerWidth + 1;
  }).map((each) => each.className)`,
);

/** A host, and a page that shows its members. */
class Stage {
  readonly #host: WholeHost;
  readonly #heartbeat: string;
  readonly #console: string;
  readonly #operator: Operator;
  #shape: unknown;

  private constructor(host: WholeHost, heartbeat: string, console: string, operator: Operator) {
    this.#host = host;
    this.#heartbeat = heartbeat;
    this.#console = console;
    this.#operator = operator;
  }

  static async build(): Promise<Stage> {
    const host = new WholeHost([], {}, HEARTBEATS_ONLY);
    const heartbeat = `http://${await host.address("heartbeat")}`;
    const console = `http://${await host.address("console")}`;
    const operator = await Operator.open(console, { width: 900 });
    const stage = new Stage(host, heartbeat, console, operator);
    stage.#shape = await stage.#show("plain", "why");
    await stage.#forget("plain");
    return stage;
  }

  /** Shows a member with such a name, which has failed for such a reason. */
  async judge(name: string, reason: string): Promise<void> {
    const shape = await this.#show(name, reason);
    if (shape === undefined) return;
    assert.deepEqual(shape, this.#shape, "a row has the same parts as any other");
    await this.#forget(name);
  }

  async close(): Promise<void> {
    await this.#operator[Symbol.asyncDispose]();
    await this.#host[Symbol.asyncDispose]();
  }

  /** Gives the shape of the row; nothing if the host does not take the name. */
  async #show(name: string, reason: string): Promise<unknown> {
    const { page, complaints } = this.#operator;
    const query = `appid=${encodeURIComponent(name)}&reason=${encodeURIComponent(reason)}`;
    const reply = await fetch(`${this.#heartbeat}/hb_fail?0&${query}`);
    await reply.body?.cancel();
    if (!reply.ok) return undefined;
    const failure = await this.#failureOf(name);
    assert.ok(
      reason === "" || failure.startsWith(visible(reason).slice(0, 20)),
      "a reason is kept",
    );
    const wanted = { name: visible(name) || UNNAMED, note: failure };
    const row = await page.waitForFunction(ROW, wanted, { polling: "raf" });
    for (const text of await page.evaluate(ALL_TEXTS) as string[]) {
      assert.doesNotMatch(text.replaceAll(EMOJI_STYLE, ""), UNSEEN, JSON.stringify(text));
    }
    assert.deepEqual(complaints, []);
    assert.equal(await page.evaluate(`globalThis.${TRACE}`), undefined, "nothing is executed");
    await this.#operator.fits();
    assert.deepEqual(await row.evaluate(STICKING_OUT), [], "no part sticks out");
    return await row.evaluate(SHAPE_OF_ROW);
  }

  async #failureOf(name: string): Promise<string> {
    const reply = await fetch(`${this.#console}/api/v1/members?limit=1000`);
    const { members } = await reply.json() as { members: { name: string; failure: string }[] };
    const member = members.find((each) => each.name === name);
    assert.ok(member !== undefined, "the API knows it");
    return member.failure ?? "";
  }

  async #forget(name: string): Promise<void> {
    const id = encodeURIComponent(`hilbert/${name} @ 127.0.0.1`);
    const reply = await fetch(`${this.#console}/api/v1/members?id=${id}`, { method: "DELETE" });
    assert.equal(reply.status, 200, await reply.text());
    await this.#operator.page.waitForFunction(`!document.querySelector(".row")`, undefined, {
      polling: "raf",
    });
  }
}

let stage: Promise<Stage> | undefined;

/** The target of the page, where there is a browser. */
export const PAGE_TARGETS: readonly Target[] = hasChromium("fuzzed names on the page")
  ? [{
    name: "page-names",
    holds:
      "a name and a reason are shown as text and whole; nothing is executed, nothing sticks out",
    hasOwnTimers: true,
    bytesMax: 700,
    seeds: texts(
      `<img src=x onerror="${TRACE}=1">\nno`,
      `<script>${TRACE}=1</script>\n</span><script>${TRACE}=1</script>`,
      `" onfocus=${TRACE}=1 autofocus="\n' onmouseover='${TRACE}=1`,
      "javascript:executed=1\n${executed=1}{{executed=1}}",
      "a\u202eb\u2066c\u200b\u{e0041}\n\u0007\u009b31m",
      `${"W".repeat(400)}\n${"w".repeat(200)}`,
      `${"é".repeat(100).normalize("NFD")}\nالسلام עולם`,
      "🏳️‍🌈👩‍👩‍👧‍👦\n&lt;b&gt; &amp; &#x202e;",
    ),
    words: [
      ...["<", ">", "<script>", "<svg onload=", "<iframe src=", "</span>", `${TRACE}=1`, "&#x3c;"],
      ...["\u202e", "\u2067", "\u200f", "\u0300\u0301\u0302", "\ufdfd", "‮", "javascript:", "data:"],
      ...[
        "W".repeat(120),
        "א".repeat(60),
        "⃝".repeat(20),
        "https://example.org/",
        "{{",
        "${",
        "%3c",
      ],
    ],
    run: async (input) => {
      const [name = "", ...rest] = textOf(input).split("\n");
      try {
        await (await (stage ??= Stage.build())).judge(name, rest.join("\n"));
      } catch (error) {
        // What is left on the page would be in the way of the next input.
        await leave();
        throw error;
      }
    },
    close: leave,
  }]
  : [];

async function leave(): Promise<void> {
  const left = await stage;
  stage = undefined;
  await left?.close();
}
