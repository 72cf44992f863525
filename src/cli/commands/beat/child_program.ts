/**
 * A program that runs in our place: same terminal, same environment, our signals.
 *
 * @module
 */

import { messageOf } from "../../../core/message_of.ts";
import { Timer } from "../../../net/timer.ts";
import { onUserSignal } from "../../../net/user_signal.ts";

/** Exit status if a program cannot be started, as in shells. */
export const STATUS_CANNOT_START = 127;
/** What shells add to the number of the signal that ended a program. */
const STATUS_OF_SIGNAL = 128;
/** How long a program may take to end before it is killed, in milliseconds. */
export const KILL_AFTER_MS = 1_000;

/** Signals that end us, with their numbers. */
const ENDING_SIGNALS: readonly (readonly [Deno.Signal, number])[] = [
  ["SIGTERM", 15],
  ["SIGINT", 2],
  ["SIGHUP", 1],
];

/** What an ending signal does to the program. */
export type SignalPolicy =
  /** SIGTERM, a second later SIGKILL; our status tells the signal. */
  | "end-program"
  /** The program gets the same signal; its own status counts. */
  | "pass-on"
  /** The program is left running. */
  | "leave-program";

/** How a program ended. */
export interface ProgramEnd {
  /** The exit status that we are to end with. */
  readonly status: number;
  /** Why the program failed: its status is not 0, and it was not ended by a signal through us. */
  readonly failure?: string;
}

/** Why a program cannot be started, in one line. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** A started program. */
export class ChildProgram implements Disposable {
  readonly #child: Deno.ChildProcess;
  readonly #policy: SignalPolicy;
  readonly #ends: (() => void)[] = [];
  readonly #left = Promise.withResolvers<ProgramEnd>();
  #signalNumber: number | undefined;
  #killTimer: Timer | undefined;
  #ended = false;
  /** True once a signal to us has ended it. */
  #isAsked = false;

  /**
   * Starts a program on our own terminal.
   *
   * @throws {StartError} if it cannot be started.
   */
  constructor(command: readonly string[], env: Record<string, string>, policy: SignalPolicy) {
    const [program = "", ...args] = command;
    this.#policy = policy;
    // Listen first: a signal in between would end us and leave the program running.
    for (const [signal, number] of ENDING_SIGNALS) {
      this.#on(signal, () => this.#end(signal, number));
    }
    this.#on("SIGUSR2", () => this.#kill("SIGUSR2"));
    // The runtime handles this signal itself, by opening its inspector.
    const isTold = onUserSignal(() => this.#kill("SIGUSR1"));
    if (!isTold) this.#on("SIGUSR1", () => this.#kill("SIGUSR1"));
    try {
      this.#child = new Deno.Command(program, {
        args,
        env,
        stdin: "inherit",
        stdout: "inherit",
        stderr: "inherit",
      }).spawn();
    } catch (error) {
      this[Symbol.dispose]();
      throw new StartError(`Cannot start "${program}": ${reasonOf(error)}`, { cause: error });
    }
  }

  /** Resolves to how it ended. */
  async finished(): Promise<ProgramEnd> {
    const ended = this.#child.status.then(({ code, signal }) => {
      this.#ended = true;
      // If the program was ended on purpose, that is no failure, whatever its status.
      if (code === 0 || this.#isAsked) return { status: code };
      return {
        status: code,
        failure: signal === null ? `exit status ${code}` : `ended by ${signal}`,
      };
    });
    const end: ProgramEnd = await Promise.race([ended, this.#left.promise]);
    const told = this.#policy === "end-program" && this.#signalNumber !== undefined;
    return told ? { status: STATUS_OF_SIGNAL + (this.#signalNumber ?? 0) } : end;
  }

  /** Stops listening to signals. */
  [Symbol.dispose](): void {
    this.#killTimer?.stop();
    for (const end of this.#ends.splice(0)) end();
  }

  #on(signal: Deno.Signal, listener: () => void): void {
    Deno.addSignalListener(signal, listener);
    this.#ends.push(() => Deno.removeSignalListener(signal, listener));
  }

  #end(signal: Deno.Signal, number: number): void {
    this.#isAsked = true;
    if (this.#policy === "pass-on") return this.#kill(signal);
    if (this.#signalNumber !== undefined) return;
    this.#signalNumber = number;
    if (this.#policy === "leave-program") {
      this.#left.resolve({ status: STATUS_OF_SIGNAL + number });
      return;
    }
    this.#kill("SIGTERM");
    this.#killTimer = Timer.after(KILL_AFTER_MS, () => this.#kill("SIGKILL"));
  }

  #kill(signal: Deno.Signal): void {
    if (this.#ended) return;
    try {
      this.#child.kill(signal);
    } catch {
      // It ended by itself in this moment.
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such program";
  if (error instanceof Deno.errors.PermissionDenied) return "it may not be executed";
  const text = messageOf(error);
  return text.split("\n", 1)[0] ?? "";
}
