/**
 * `pulsebox token`.
 *
 * @module
 */

import { addToken } from "../../appliance/new_token.ts";
import { messageOf } from "../../core/message_of.ts";
import type { Invocation } from "../command.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { TOKEN_ACTIONS, TOKEN_FILE_DEFAULT, type TOKEN_FLAGS } from "./token_flags.ts";

/** Makes a token, and shows it this once. */
export async function run(
  { values, settings, positionals: [word = ""], terminal }: Invocation<typeof TOKEN_FLAGS, "token">,
): Promise<number> {
  if (!TOKEN_ACTIONS.some((action) => action === word)) {
    await terminal.complain(
      `pulsebox: "${word}" is no action: write ${TOKEN_ACTIONS.join(", ")}\n` +
        "Try: pulsebox help token\n",
    );
    return STATUS_WRONG_USE;
  }
  const file = settings.tokenFile ?? TOKEN_FILE_DEFAULT;
  const right = values.read === true ? "read" : "write";
  let token: string;
  try {
    token = addToken(file, right);
  } catch (error) {
    await terminal.complain(`pulsebox: ${messageOf(error)}\n`);
    return STATUS_FAILED;
  }
  if (values.json === true) {
    await terminal.write(`${JSON.stringify({ token, right, file })}\n`);
    return STATUS_DONE;
  }
  await terminal.write(`${token}\n`);
  await terminal.complain(
    `Added a ${right} token to "${file}". It is shown only this once.\n` +
      `Start the host with --token-file ${file}; if it runs with this file already, send it ` +
      "SIGHUP, or restart the service.\n" +
      "Tools read the token from PULSEBOX_TOKEN; the page asks for it.\n",
  );
  return STATUS_DONE;
}
