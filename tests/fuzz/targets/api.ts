/**
 * Calls of the console's API, held to its own document.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import * as z from "zod/mini";
import { API_PATH, createDocument } from "../../../src/console/api/document.ts";
import { type Operation, OPERATIONS } from "../../../src/console/api/operations.ts";
import { ProblemSchema } from "../../../src/console/api/schemas.ts";
import { type Bench, hear, setUp } from "../../console/bench.ts";
import { PANELS } from "../../console/full_panels.ts";
import type { Random } from "../../sim/random.ts";
import { fits, type Schema, valueFor } from "../schema.ts";
import { type Target, textOf, texts } from "../target.ts";

/** Any operation may be refused with these. */
const ACCESS_PROBLEMS = [401, 403, 429];
const IDS = [
  ...["hilbert/tetris @ 127.0.0.1", "tetris", "twin", "hilbert/lost @ 127.0.0.1", "nobody", "1"],
  ...["APNEA", "foyer", "hilbert/new @ 127.0.0.1", "..", "%2e", "a/b", "\u202e", "hilbert/"],
];
/** What must be the same before and after a call that was refused. */
const VIEWS = ["members", "verdict", "history"].map((each) => `${API_PATH}/${each}`);

/** An operation and what the document says of it. */
interface Described {
  readonly operation: Operation;
  readonly path: RegExp;
  /** Its path if the identity is in the query. */
  readonly bare: RegExp | undefined;
  readonly query: readonly { readonly name: string; readonly schema: Schema }[];
  readonly body: Schema | undefined;
}

interface DocumentedOperation {
  readonly parameters?: readonly { readonly name: string; in: string; readonly schema: Schema }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
}

const DESCRIBED: readonly Described[] = describedOperations();

/** The target of the API. */
export const API_TARGETS: readonly Target[] = [{
  name: "api-calls",
  holds: "a call is answered or refused as the API's document says; a refused one changes nothing",
  seeds: texts(
    "GET /members?limit=1\n",
    'POST /members/tetris/pause\n{"reason":"lamp","forMs":60000}',
    'POST /members/pause\n{"ids":["tetris"],"until":"2026-01-02T03:04:05Z"}',
    'POST /members/hilbert%2Flost%20%40%20127.0.0.1/acknowledge\n{"by":"Anna"}',
    "DELETE /members?id=tetris\n",
  ),
  words: [
    ...DESCRIBED.map(({ operation }) => `${operation.method.toUpperCase()} ${operation.path}`),
    ...DESCRIBED.flatMap(({ body }) => Object.keys(body?.properties ?? {}).map((it) => `"${it}":`)),
    ...["?id=", "&", "=", '"', "{", "}", "null", "%2f", "%00"],
  ],
  make: (random) => makeCall(random.pick(DESCRIBED), random),
  run: async (input) => {
    const call = parseCall(textOf(input));
    if (call === undefined) return;
    const { bench, views } = scene ??= await prepared();
    try {
      const response = await bench.request(API_PATH + call.target, {
        method: call.method,
        ...(call.method === "POST" ? { body: call.body } : {}),
      });
      await judge(call, response);
      assert.deepEqual(bench.errors, []);
      // A console that was changed is of no more use.
      if (call.method !== "GET" && response.ok) return leave();
      assert.deepEqual(await viewsOf(bench), views, "it changes nothing");
    } catch (error) {
      leave();
      throw error;
    }
  },
  close: () => Promise.resolve(leave()),
}];

/** A console, and what it shows as long as nobody changes anything. */
interface Scene {
  readonly bench: Bench;
  readonly views: readonly string[];
}

let scene: Scene | undefined;

function leave(): void {
  scene?.bench[Symbol.dispose]();
  scene = undefined;
}

interface Call {
  readonly method: string;
  /** Below the API's path, with the query. */
  readonly target: string;
  readonly body: string;
  /** What the document says of it, if it is one of the operations. */
  readonly described: Described | undefined;
}

async function judge({ target, body, described }: Call, response: Response): Promise<void> {
  const { status } = response;
  const type = response.headers.get("content-type")?.split(";")[0];
  if (type === "text/event-stream") return await response.body?.cancel();
  const text = await response.text();
  const answer = described?.operation.otherAnswer;
  if (status >= 400 && status !== answer?.status) {
    assert.ok(status < 500 || described?.operation.problems.includes(status), `status ${status}`);
    assert.equal(type, "application/problem+json", text);
    const problem = z.parse(ProblemSchema, JSON.parse(text));
    assert.equal(problem.status, status);
    assert.match(problem.detail, /\S/, "a refusal has a reason");
  }
  if (described === undefined) return;
  const { operation, query } = described;
  const known = [200, answer?.status, ...operation.problems, ...ACCESS_PROBLEMS];
  assert.ok(known.includes(status), `status ${status} is not in the document: ${text}`);
  if (status !== 200) return;
  if (operation.answer.schema !== undefined) z.parse(operation.answer.schema, JSON.parse(text));
  if (described.body !== undefined) {
    const value: unknown = body === "" ? {} : JSON.parse(body);
    assert.ok(fits(described.body, value), `taken though the document does not allow it: ${body}`);
  }
  const asked = new URL(target, "http://x").searchParams;
  for (const { name, schema } of query) {
    const value = asked.get(name);
    if (value !== null) assert.ok(fits(schema, value), `${name}=${value} is taken`);
  }
}

function makeCall({ operation, query, body }: Described, random: Random): string {
  const id = encodeURIComponent(random.pick(IDS.filter((each) => each.isWellFormed())));
  const inQuery = random.chance(0.2);
  const path = operation.path.replace(inQuery ? "/{id}" : "{id}", inQuery ? "" : id);
  const asked = query.filter(() => random.chance(0.5)).map(({ name, schema }) => {
    const value = valueFor(schema, random);
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `${name}=${encodeURIComponent(text.toWellFormed())}`;
  });
  if (inQuery) asked.push(`id=${id}`);
  const target = asked.length === 0 ? path : `${path}?${asked.join("&")}`;
  const text = body === undefined ? "" : JSON.stringify(valueFor(body, random));
  return `${operation.method.toUpperCase()} ${target}\n${text}`;
}

function parseCall(text: string): Call | undefined {
  const end = text.indexOf("\n");
  const [head, body] = end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 1)];
  const [, method, target] = /^(GET|POST|DELETE|PUT|HEAD) (\/.*)$/.exec(head) ?? [];
  if (method === undefined || target === undefined) return undefined;
  const url = URL.parse(`http://x${API_PATH}${target}`);
  if (url === null) return undefined;
  // With an identity in the query, a path goes without the part for it, before one that is fixed.
  const wantsId = url.searchParams.has("id");
  const isAbout = ({ operation, path, bare }: Described) =>
    operation.method.toUpperCase() === method &&
    (wantsId ? bare?.test(url.pathname) === true : path.test(url.pathname));
  const matching = DESCRIBED.filter(isAbout);
  const fixed = DESCRIBED.filter(({ operation, path }) =>
    operation.method.toUpperCase() === method && !operation.path.includes("{") &&
    path.test(url.pathname)
  );
  const described = wantsId ? matching[0] ?? fixed[0] : fixed[0] ?? matching[0];
  return { method, target, body, described };
}

async function prepared(): Promise<Scene> {
  const bench = setUp({ panels: PANELS, membersMax: 5 });
  hear(bench, "lost");
  bench.advance(5_500);
  hear(bench, "tetris");
  hear(bench, "twin");
  hear(bench, "twin", "10.0.0.7");
  bench.unconfirmed.push("The database was damaged");
  return { bench, views: await viewsOf(bench) };
}

function viewsOf(bench: Bench): Promise<string[]> {
  return Promise.all(VIEWS.map(async (view) => await (await bench.request(view)).text()));
}

function describedOperations(): Described[] {
  const { paths } = createDocument("1") as {
    paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  };
  return Object.values(OPERATIONS).map((operation: Operation) => {
    const path = API_PATH + operation.path;
    const { parameters = [], requestBody } = paths[path]?.[operation.method] ?? {};
    return {
      operation,
      path: pattern(path.replace("{id}", "[^/]+")),
      bare: path.includes("/{id}") ? pattern(path.replace("/{id}", "")) : undefined,
      query: parameters.filter((parameter) => parameter.in === "query"),
      body: requestBody?.content["application/json"]?.schema,
    };
  });
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.")}$`);
}
