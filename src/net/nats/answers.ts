/**
 * The answers of JetStream's API, which are JSON.
 *
 * @see https://docs.nats.io/reference/reference-protocols/nats_api_reference
 * @module
 */

import { visible } from "../../core/visible.ts";
import { type Fields, isFields } from "../../wire/fleet/fields.ts";

/** How much of an answer is shown that cannot be used, in UTF-16 code units. */
const SHOWN_LENGTH_MAX = 80;

/** Why brokers refuse what they were asked. */
export interface BrokerRefusal {
  /** JetStream's own number of it; undefined if it gives none. */
  readonly code: number | undefined;
  /** One clause. */
  readonly description: string;
}

/**
 * Reads an answer.
 *
 * @throws {NoJetStreamAnswer} if it is no JSON object.
 */
export function readAnswer(bytes: Uint8Array): Fields {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Said below, as of any other answer that is no object.
  }
  if (!isFields(value)) throw new NoJetStreamAnswer(bytes);
  return value;
}

/** Why the brokers refuse; undefined if they do not. */
export function refusalOf({ error }: Fields): BrokerRefusal | undefined {
  if (error === undefined || error === null) return undefined;
  const { err_code: code, description } = isFields(error) ? error : {} as Fields;
  return {
    code: typeof code === "number" ? code : undefined,
    description: typeof description === "string" ? description : "the brokers refuse",
  };
}

/** Something answers that is not JetStream. */
export class NoJetStreamAnswer extends Error {
  override readonly name = "NoJetStreamAnswer";

  /** @param bytes The answer. */
  constructor(bytes: Uint8Array) {
    const text = new TextDecoder().decode(bytes).slice(0, SHOWN_LENGTH_MAX);
    super(`the answer is none of JetStream: ${visible(text)}`);
  }
}
