/**
 * `pulsebox check` without APP: asks the console for the verdict on the whole host.
 *
 * @module
 */

import { ConsoleError, NoConsoleError } from "../../../clients/console.ts";
import { hostAndPort, parsePlace, type Place } from "../../../wire/url/place.ts";
import { judgeVerdict } from "./host.ts";
import { STATUS_OF_WORD, unknown, type Verdict } from "./verdict.ts";
import type { Invocation } from "../../command.ts";
import type { CHECK_FLAGS } from "./flags.ts";
import { consoleClientOf } from "../../console_place.ts";

type Call = Invocation<typeof CHECK_FLAGS, "check">;

/**
 * Asks the console for the verdict of its host. A console with an unusable answer makes the host
 * UNKNOWN: the heartbeat port could say OK although members of other roles are lost.
 *
 * @param heartbeatUrl The heartbeat server; the console of the same host is asked.
 * @param timeoutMs The most that the console may take.
 * @param askHeartbeat Asks the heartbeat server; where no console listens, its answer counts.
 */
export async function checkConsole(
  call: Call,
  heartbeatUrl: string,
  timeoutMs: number,
  askHeartbeat: () => Promise<Verdict>,
): Promise<Verdict> {
  const place = parsePlace(heartbeatUrl);
  // Let the heartbeat client report what is wrong with the URL.
  const isUsable = typeof place !== "string" && /^https?$/.test(place.scheme ?? "");
  if (!call.settings.console || !isUsable) return await askHeartbeat();
  try {
    const consoleUrl = call.values.consoleUrl ?? consoleBeside(call, place);
    const flags = { consoleUrl, ca: call.values.ca };
    const client = await consoleClientOf(flags, call.settings, call);
    if (call.values.verbose === true) {
      await call.terminal.complain(`Asking ${client.url} for the verdict of the host\n`);
    }
    return judgeVerdict(await client.verdict(timeoutMs));
  } catch (error) {
    // A console that somebody has named is the one that is meant: another server cannot stand in for it.
    const isNamed = call.values.consoleUrl !== undefined;
    if (error instanceof NoConsoleError && !isNamed) return await askHeartbeat();
    if (error instanceof NoConsoleError) return unknown(error.message);
    if (!(error instanceof ConsoleError)) throw error;
    // A heartbeat port that is unreachable too, or reports a lost application, is worse than
    // UNKNOWN.
    const heartbeat = await askHeartbeat();
    if (heartbeat.status === STATUS_OF_WORD.get("CRITICAL")) return heartbeat;
    return unknown(`${error.message}; --no-console asks only the heartbeat port`);
  }
}

/** The console of the heartbeat server's host, unless settings name a console. */
function consoleBeside(call: Call, place: Place): string | undefined {
  const { values, settings, environment, sources } = call;
  const isNamed = values.host !== undefined || values.url !== undefined ||
    sources.get("heartbeatHost")?.kind === "flag";
  const isInEnvironment = Boolean(environment.get("HB_URL") || environment.get("HB_HOST"));
  const isSet = sources.get("consoleHost")?.kind !== "default";
  if (!isNamed && (isSet || !isInEnvironment)) return undefined;
  // A host with a certificate uses it for its console first.
  const isTls = place.scheme === "https" || settings.tlsCert !== undefined ||
    (values.ca ?? (environment.get("PULSEBOX_CA") || undefined)) !== undefined;
  const at = hostAndPort({ hostname: place.hostname, port: settings.consolePort });
  return `${isTls ? "https" : "http"}://${at}`;
}
