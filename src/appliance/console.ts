/**
 * The operator's console on its socket.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { createConsole } from "../console/console.ts";
import { answerHealth } from "../console/health.ts";
import type { Host } from "../console/host.ts";
import type { Clock } from "../core/clock.ts";
import { hostAndPort } from "../net/address.ts";
import { HttpServer } from "../net/http_server.ts";
import { VERSION } from "../version.ts";
import { httpLimits } from "./http_limits.ts";
import type { ConnectionSettings, ConsoleSettings } from "./settings.ts";

/** The whole host has less than two seconds to end; a page that loads slowly is loaded again. */
const DRAIN_MS = 800;

type ConsoleApp = ReturnType<typeof createConsole>;

/** A console that listens. */
export interface RunningConsole extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts the console.
 *
 * @throws {ListenError} if its address cannot be listened on.
 */
export function startConsole(
  settings: ConsoleSettings & ConnectionSettings,
  { host, log, clock }: { host: Host; log: Logger; clock: Clock },
): RunningConsole {
  // Loaded when somebody looks: until then the host does without the memory that this code takes.
  let app: Promise<ConsoleApp> | undefined;
  const onError = (error: unknown) => log.error("The console failed to answer: {error}", { error });
  const load = async () =>
    (await import("../console/console.ts")).createConsole(host, VERSION, onError);
  const server = HttpServer.listen({
    addresses: [{ hostname: settings.consoleHost, port: settings.consolePort }],
    limits: { drainMs: DRAIN_MS, ...httpLimits(settings) },
    clock,
    fast: (head) => answerHealth(host, head),
    fetch: async (request, { peer }) =>
      await (await (app ??= load())).fetch(request, { peerAddress: peer.hostname }),
    onError,
  });
  const [address] = server.addresses;
  return {
    url: `http://${address === undefined ? "" : hostAndPort(address)}`,
    [Symbol.asyncDispose]: () => server.close(),
  };
}
