/**
 * Where the values come from: a microcontroller, a recording, or a microcontroller that is played.
 *
 * @module
 */

import type { CommandRequest, PersonalRequest, Refusal } from "../../wire/hev/command_encoder.ts";
import type { Payload } from "../../wire/hev/payload.ts";

/** What a client wants done. */
export type SourceRequest =
  | { readonly type: "command"; readonly command: CommandRequest }
  | { readonly type: "personal"; readonly person: PersonalRequest };

/** What a source tells. The calls must return soon, and must not throw. */
export interface SourceListener {
  /** A payload arrived, once each. */
  onPayload(payload: Payload): void;
  /** The source can be heard; `place` is where, such as `/dev/ttyACM0`. */
  onUp?(place: string): void;
  /** The source cannot be heard: one sentence, told again only if it changes. */
  onDown?(problem: string): void;
  /** A payload arrived that no table knows, or a request was not answered: one sentence. */
  onTrouble?(problem: string): void;
}

/** A source of payloads. It is silent until it is started. */
export interface Source extends AsyncDisposable {
  /** What it is, in two words: `arduino`, `playback`. The name of the member. */
  readonly name: string;
  /** Where it is, as far as the settings tell: a path, `auto`, the name of a file. */
  readonly place: string;
  /** Begins to tell. Called once. */
  start(listener: SourceListener): void;
  /**
   * Takes a request for the controller.
   *
   * @return `undefined` once it is on its way, which does not mean that the controller has it.
   */
  request(request: SourceRequest): Refusal | undefined;
  /** Counters by name. */
  counters(): Readonly<Record<string, number>>;
  /** Ends it. Idempotent. */
  close(): Promise<void>;
}
