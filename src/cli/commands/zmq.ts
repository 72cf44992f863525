/**
 * `pulsebox zmq`: a small ZeroMQ peer for the command line.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { visible } from "../../core/visible.ts";
import { ClientError } from "../../core/client_error.ts";
import { ZmqPub } from "../../clients/zmq/pub.ts";
import { ZmqReq } from "../../clients/zmq/req.ts";
import { ZmqSub } from "../../clients/zmq/sub.ts";
import { SECOND_MS } from "../../core/clock.ts";
import { inBackground } from "../../net/background.ts";
import { Timer } from "../../net/timer.ts";
import type { ZmqMessage } from "../../wire/zmq/message.ts";
import { parseZmqUrl } from "../../wire/zmq/url.ts";
import { readCa } from "../ca_file.ts";
import type { Invocation } from "../command.ts";
import { DURATION_FORM, parseDuration } from "../../appliance/settings/duration.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { ZMQ_ACTS, type ZMQ_FLAGS } from "./zmq_flags.ts";

const TIMEOUT_MS_DEFAULT = 5 * SECOND_MS;
/** Between the frames of a message as text. */
const FRAME_GAP = "\t";

type Call = Invocation<typeof ZMQ_FLAGS, undefined>;

/** What is to be done. */
interface Plan {
  readonly act: (typeof ZMQ_ACTS)[number];
  readonly url: string;
  /** Topics, or the frames of a message. */
  readonly words: readonly string[];
  readonly count: number;
  /** In milliseconds; undefined if not given. */
  readonly timeoutMs: number | undefined;
  readonly credentials: { username: string; password: string } | undefined;
  readonly caCerts: readonly string[];
}

/** Subscribes, publishes or requests; status 1 if that had no result. */
export async function run(call: Call): Promise<number> {
  const plan = await readPlan(call);
  if (typeof plan === "string") {
    await call.terminal.complain(`pulsebox: ${plan}\nTry: pulsebox help zmq\n`);
    return STATUS_WRONG_USE;
  }
  const controller = new AbortController();
  const stop = () => controller.abort();
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGTERM", stop);
  try {
    return await ACTS[plan.act](call, plan, controller);
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
    Deno.removeSignalListener("SIGTERM", stop);
  }
}

const ACTS = { sub: subscribe, pub: publish, req: ask } as const;

async function subscribe(call: Call, plan: Plan, controller: AbortController): Promise<number> {
  const topics = plan.words.length === 0 ? [""] : plan.words;
  await using sub = new ZmqSub(plan.url, { ...optionsOf(call, plan, controller.signal), topics });
  using timer = endAfter(plan.timeoutMs, controller);
  let received = 0;
  for await (const message of sub) {
    await call.terminal.write(lineOf(message, call));
    if (++received === plan.count) return STATUS_DONE;
  }
  if (timer.isOver && received === 0) {
    const seconds = (plan.timeoutMs ?? 0) / SECOND_MS;
    await call.terminal.complain(
      `pulsebox: No message came from ${plan.url} within ${seconds} s\n`,
    );
  }
  const isEnough = plan.count === Infinity && (received > 0 || !timer.isOver);
  return isEnough ? STATUS_DONE : STATUS_FAILED;
}

async function publish(call: Call, plan: Plan, controller: AbortController): Promise<number> {
  await using pub = new ZmqPub(plan.url, optionsOf(call, plan, controller.signal));
  const messages = plan.words.length > 0 ? [plan.words] : messagesOfInput();
  for await (const message of messages) {
    const timeoutMs = plan.timeoutMs ?? TIMEOUT_MS_DEFAULT;
    {
      using _ = endAfter(timeoutMs, controller);
      await pub.subscribed(message[0] ?? "");
    }
    if (controller.signal.aborted || pub.send(message) !== "sent") {
      await call.terminal.complain(
        `pulsebox: Cannot publish: nobody at ${plan.url} wants "${message[0]}" ` +
          `within ${timeoutMs / SECOND_MS} s\n`,
      );
      return STATUS_FAILED;
    }
    await pub.flushed();
  }
  return STATUS_DONE;
}

async function ask(call: Call, plan: Plan, controller: AbortController): Promise<number> {
  await using req = new ZmqReq(plan.url, optionsOf(call, plan, controller.signal));
  try {
    const { timeoutMs = TIMEOUT_MS_DEFAULT } = plan;
    await call.terminal.write(lineOf(await req.request(plan.words, { timeoutMs }), call));
    return STATUS_DONE;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    await call.terminal.complain(`pulsebox: ${error.message}\n`);
    return STATUS_FAILED;
  }
}

/** Lines of standard input as messages, frames apart by tabs. */
async function* messagesOfInput(): AsyncGenerator<string[]> {
  let rest = "";
  for await (const piece of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.split(FRAME_GAP);
  }
  if (rest !== "") yield rest.split(FRAME_GAP);
}

async function readPlan(call: Call): Promise<Plan | string> {
  const { positionals, values } = call;
  const [word = "", url = "", ...words] = positionals;
  const act = ZMQ_ACTS.find((known) => known === word);
  if (act === undefined) return `Cannot be "${word}": must be ${ZMQ_ACTS.join(", ")}`;
  try {
    parseZmqUrl(url);
  } catch (error) {
    return messageOf(error);
  }
  if (act === "req" && words.length === 0) return "Too few arguments, what shall be asked?";
  const count = values.count === undefined ? Infinity : Number(values.count);
  if (!(count === Infinity || (Number.isInteger(count) && count >= 1))) {
    return `--count is "${values.count}": must be a whole number, at least 1`;
  }
  const timeoutMs = values.timeout === undefined ? undefined : parseDuration(values.timeout);
  if (values.timeout !== undefined && !(timeoutMs !== undefined && timeoutMs > 0)) {
    return `--timeout is "${values.timeout}": must be ${DURATION_FORM}`;
  }
  const { user, password = "" } = values;
  const credentials = user === undefined ? undefined : { username: user, password };
  const caCerts = await readCa(values.ca, call);
  return { act, url, words, count, timeoutMs, credentials, caCerts };
}

/** Report the first failure only: later attempts most likely have the same reason. */
function optionsOf({ terminal }: Call, { credentials, caCerts }: Plan, signal: AbortSignal) {
  let told = 0;
  return {
    signal,
    caCerts,
    ...(credentials === undefined ? {} : { credentials }),
    onStatus: ({ error }: { readonly type: string; readonly error?: Error }) => {
      if (error === undefined || told++ > 0) return;
      inBackground(terminal.complain(`pulsebox: ${error.message}\n`));
    },
  };
}

function endAfter(
  timeoutMs: number | undefined,
  controller: AbortController,
): Disposable & { readonly isOver: boolean } {
  let isOver = false;
  const timer = Timer.after(timeoutMs ?? Infinity, () => {
    isOver = true;
    controller.abort();
  });
  return {
    [Symbol.dispose]: () => timer.stop(),
    get isOver() {
      return isOver;
    },
  };
}

/** A message as one line; unprintable bytes must not reach a terminal unescaped. */
function lineOf(message: ZmqMessage, { values }: Call): string {
  const decoder = new TextDecoder();
  const texts = message.map((frame) => decoder.decode(frame));
  if (values.json === true) return `${JSON.stringify(texts)}\n`;
  return `${texts.map(visible).join(FRAME_GAP)}\n`;
}
