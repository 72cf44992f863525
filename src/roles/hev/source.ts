/**
 * Where the values come from: a microcontroller, a recording, or an emulated microcontroller.
 *
 * @module
 */

import type { CommandRequest, PersonalRequest, Refusal } from "../../wire/hev/command_encoder.ts";
import type { Payload } from "../../wire/hev/payload.ts";

/** What a client requests. */
export type SourceRequest =
  | { readonly type: "command"; readonly command: CommandRequest }
  | { readonly type: "personal"; readonly person: PersonalRequest };

/** What a source reports. The calls must return soon, and must not throw. */
export interface SourceListener {
  /** A payload arrived; called once for each. */
  onPayload(payload: Payload): void;
  /** The source can be heard; `place` says where, such as `/dev/ttyACM0`. */
  onUp?(place: string): void;
  /** The source cannot be heard: one sentence, repeated only if it changes. */
  onDown?(problem: string): void;
  /** A payload that no table knows arrived, or a request was not answered: one sentence. */
  onTrouble?(problem: string): void;
}

/** A source of payloads. It is silent until it is started. */
export interface Source extends AsyncDisposable {
  /** The kind of source, which is the member's name: `arduino`, `playback`. */
  readonly name: string;
  /** Where the source is, as far as the settings say: a path, `auto`, the name of a file. */
  readonly place: string;
  /** Starts reporting. Called once. */
  start(listener: SourceListener): void;
  /**
   * Takes a request for the controller.
   *
   * @return `undefined` once it is on its way; the controller may not have it yet.
   */
  request(request: SourceRequest): Refusal | undefined;
  /** Counters by name. */
  counters(): Readonly<Record<string, number>>;
  /** Ends the source. Idempotent. */
  close(): Promise<void>;
}
