/**
 * No promise of the product is left alone: one that is rejected with nobody there ends the program.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { sourcesBelow } from "./support/files_below.ts";
import { type Finding, unattendedPromises } from "./support/unattended_promises.ts";

/** Promises that may be left alone, by file and code; each with its reason. */
const EXEMPT: Readonly<Record<string, string>> = {
  "src/net/http/connection.ts: void this.#take(step)":
    "it hands every fault to the connection's own promise, once for each request",
  "src/net/http/connection.ts: void this.#receiving.then(this.#onMore)":
    "the promise has no reject, and the callback catches",
  "src/net/http/connection.ts: this.#takeover = service.upgrade(head, handover);":
    "it is awaited in the same turn",
};

const ROOT = new URL("../", import.meta.url);
const PAGE = "src/console/page/";
const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["types"] }).output();
const RUNTIME = new TextDecoder().decode(stdout);

function sources(folder: string): string[] {
  return sourcesBelow(new URL(folder, ROOT)).map((path) => folder + path);
}

function textsOf(paths: readonly string[]): Map<string, string> {
  return new Map(paths.map((path) => {
    const url = new URL(path, ROOT);
    return [fileURLToPath(url), Deno.readTextFileSync(url)];
  }));
}

function nameOf({ path, code }: Finding): string {
  return `${path.slice(fileURLToPath(ROOT).length)}: ${code}`;
}

Deno.test("promises: none of the program, the library or the page is left alone", () => {
  const paths = ["main.ts", "mod.ts", ...sources("src/"), ...sources("lib/")];
  const isOfPage = (path: string) => path.startsWith(PAGE);
  const findings = [
    ...unattendedPromises({
      files: textsOf(paths.filter((path) => !isOfPage(path))),
      runtime: RUNTIME,
    }),
    ...unattendedPromises({ files: textsOf(paths.filter(isOfPage)) }),
  ];
  const found = findings.map((finding) => ({ name: nameOf(finding), line: finding.line }));
  const alone = found.filter(({ name }) => !(name in EXEMPT));
  assert.deepEqual(
    alone.map(({ name, line }) => `${name} (line ${line})`),
    [],
    "Await it, or give it to inBackground of src/net/background.ts",
  );
  const needless = Object.keys(EXEMPT).filter((name) => !found.some((each) => each.name === name));
  assert.deepEqual(needless, [], "These need no exception any more");
});

/** Code after which a promise is left alone, and code after which none is. */
const ALONE = [
  "work();",
  "void work();",
  "maybe?.();",
  "work().then(() => 1);",
  "work().finally(() => 1);",
  "[1].forEach(work);",
  "[1].forEach(async () => { await work(); });",
  "listen({ onMessage: () => work() });",
  "listen({ onMessage: work });",
  "kept.running = work();",
  "kept.running ??= work();",
  "let running: Promise<void>; running = work();",
  "new Timer(work);",
  "const stop = (): void => void work(); stop();",
];
const ATTENDED = [
  "await work();",
  "work().catch(() => 1);",
  "work().catch(() => 1).finally(() => 1);",
  "work().then(() => 1, () => 1);",
  "inBackground(work());",
  "void inBackground(work());",
  "kept.running = inBackground(work());",
  "kept.running = kept.other;",
  "listen({ onMessage: () => inBackground(work()) });",
  "const all = [1].map(work); await Promise.all(all);",
  "export const result = work();",
  "const one = () => work(); await one();",
  "anything.work();",
];
const PRELUDE = `
  declare function work(): Promise<void>;
  declare function inBackground(work: Promise<unknown>): Promise<void>;
  declare const maybe: (() => Promise<void>) | undefined;
  declare function listen(options: { onMessage: (text: string) => void }): void;
  declare class Timer { constructor(onTime: () => void); }
  declare const kept: { running?: Promise<void> | undefined; other: Promise<void> };
  // deno-lint-ignore no-explicit-any
  declare const anything: any;
  export {};
`;

Deno.test("unattendedPromises finds each way to leave a promise alone, and nothing else", () => {
  const file = (index: number) => `/case${index}.ts`;
  const cases = [...ALONE, ...ATTENDED];
  const files = new Map(cases.map((code, index) => [file(index), PRELUDE + code]));
  const found = new Set(
    unattendedPromises({ files, runtime: RUNTIME }).map(({ path }) => path),
  );
  assert.deepEqual(cases.filter((_, index) => found.has(file(index))), ALONE);
});
