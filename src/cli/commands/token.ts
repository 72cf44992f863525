/**
 * `pulsebox token`.
 *
 * @module
 */

import { addToken } from "../../appliance/new_token.ts";
import { consolePlace, isForThisMachine, wallLink } from "../../appliance/wall_link.ts";
import { messageOf } from "../../core/message_of.ts";
import type { Invocation } from "../command.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { TOKEN_ACTIONS, TOKEN_FILE_DEFAULT, type TOKEN_FLAGS } from "./token_flags.ts";

/** Makes a token, and shows it this once. */
export async function run(
  { values, settings, positionals: [word = ""], terminal }: Invocation<
    typeof TOKEN_FLAGS,
    "console"
  >,
): Promise<number> {
  if (!TOKEN_ACTIONS.some((action) => action === word)) {
    await terminal.complain(
      `pulsebox: "${word}" is no action: write ${TOKEN_ACTIONS.join(", ")}\n` +
        "Try: pulsebox help token\n",
    );
    return STATUS_WRONG_USE;
  }
  const file = settings.tokenFile ?? TOKEN_FILE_DEFAULT;
  const kind = word === "wall" ? "wall" : values.read === true ? "read" : "write";
  let token: string;
  try {
    token = addToken(file, kind);
  } catch (error) {
    await terminal.complain(`pulsebox: ${messageOf(error)}\n`);
    return STATUS_FAILED;
  }
  if (kind === "wall") {
    const link = wallLink(token, values.wallUrl ?? consolePlace(settings));
    await terminal.write(
      `${values.json === true ? JSON.stringify({ token, right: kind, file, link }) : link}\n`,
    );
    if (values.json === true) return STATUS_DONE;
    await terminal.complain(
      `Added a token for a wall to "${file}". Open the link once on the screen: it stays logged ` +
        "in, and can only look.\n" +
        `To revoke it, remove its line from "${file}" and send the host SIGHUP. A host that does ` +
        "not use this file yet needs --token-file and a restart.\n" +
        (isForThisMachine(link)
          ? "This link works on this machine only: --console-url names the address for others.\n"
          : ""),
    );
    return STATUS_DONE;
  }
  if (values.json === true) {
    await terminal.write(`${JSON.stringify({ token, right: kind, file })}\n`);
    return STATUS_DONE;
  }
  await terminal.write(`${token}\n`);
  await terminal.complain(
    `Added a ${kind} token to "${file}". It is shown only this once.\n` +
      `Start the host with --token-file ${file}; if it runs with this file already, send it ` +
      "SIGHUP, or restart the service.\n" +
      "Tools read the token from PULSEBOX_TOKEN; the page asks for it.\n",
  );
  return STATUS_DONE;
}
