/**
 * The whole host, as `pulsebox check` asks its console for it.
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
 * Asks the console for the verdict of its host. A console that answers and cannot be believed makes the
 * host UNKNOWN: the heartbeat port could still say OK beside members that are lost.
 *
 * @param heartbeatUrl Where the heartbeat server is: its host is the one whose console is asked.
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
  // What is wrong with the URL is the heartbeat client's to say.
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
    if (error instanceof NoConsoleError) return await askHeartbeat();
    if (!(error instanceof ConsoleError)) throw error;
    // A heartbeat port that cannot be asked either, or tells of the dead, is worse than not knowing.
    const heartbeat = await askHeartbeat();
    if (heartbeat.status === STATUS_OF_WORD.get("CRITICAL")) return heartbeat;
    return unknown(`${error.message}; --no-console asks only the heartbeat port`);
  }
}

/** The console of the host whose heartbeat server is named, unless settings say where it is. */
function consoleBeside(call: Call, place: Place): string | undefined {
  const { values, settings, environment, sources } = call;
  const isNamed = values.host !== undefined || values.url !== undefined;
  const isInEnvironment = Boolean(environment.get("HB_URL") || environment.get("HB_HOST"));
  const isSet = sources.get("consoleHost")?.kind !== "default";
  if (!isNamed && (isSet || !isInEnvironment)) return undefined;
  // The certificate of a host is its console's before it is any other port's.
  const isTls = place.scheme === "https" || settings.tlsCert !== undefined ||
    (values.ca ?? (environment.get("PULSEBOX_CA") || undefined)) !== undefined;
  const at = hostAndPort({ hostname: place.hostname, port: settings.consolePort });
  return `${isTls ? "https" : "http"}://${at}`;
}
