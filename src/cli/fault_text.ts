/**
 * What went wrong, in one line for a terminal.
 *
 * @module
 */

import { messageOf } from "../core/message_of.ts";

/** The runtime's message for a package that is neither cached nor can be fetched. */
const NOT_FETCHED = /^Failed caching npm package '([^']+)'/;

/** One line, whatever was thrown. */
export function faultText(error: unknown): string {
  const message = messageOf(error);
  const [line = ""] = message.split("\n", 1);
  const [, name] = NOT_FETCHED.exec(line) ?? [];
  return name === undefined
    ? line
    : `Cannot fetch the package ${name}: the first start from source needs the network; connect ` +
      "this machine, or copy an executable onto it, which needs none";
}
