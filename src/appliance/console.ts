/**
 * The operator's console on its socket.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import { Access } from "../console/access.ts";
import type { ConsoleApp } from "../console/console.ts";
import { answerHealth } from "../console/health.ts";
import type { Host } from "../console/host.ts";
import type { TokenTable } from "../console/tokens.ts";
import type { GuessLimit } from "../core/guess_limit.ts";
import type { Clock } from "../core/clock.ts";
import { HttpServer } from "../net/http/server.ts";
import { VERSION } from "../version.ts";
import { httpLimits } from "./http_limits.ts";
import type { FindPlaces } from "./listening.ts";
import { ownNames } from "./own_names.ts";
import type { Secrets } from "./secrets.ts";
import type { AddressSettings, ConnectionSettings, ConsoleSettings } from "./settings.ts";

/** The whole host has less than two seconds to end; a page that loads slowly can be reloaded. */
const DRAIN_MS = 800;

/** A console that listens. */
export interface RunningConsole extends AsyncDisposable {
  readonly urls: readonly string[];
  /** Replaces the tokens. */
  replaceTokens(tokens: TokenTable): void;
  /** Tells pages everything again: names of stations or tags have changed. */
  startOver(): void;
}

/** What the console needs from its host. */
export interface ConsoleContext {
  readonly host: Host;
  readonly log: Logger;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** Counts wrong tokens, whichever port they arrive on. */
  readonly guesses: GuessLimit;
  /** The addresses to listen on for a host setting and a port setting. */
  readonly places: FindPlaces;
}

/**
 * Starts the console.
 *
 * @throws {ListenError} if its address cannot be listened on.
 */
export async function startConsole(
  settings: ConsoleSettings & ConnectionSettings & AddressSettings,
  { host, log, clock, guesses, places, secrets: { tokens, tls } }: ConsoleContext,
): Promise<RunningConsole> {
  const names = ownNames(settings);
  const [hostname = ""] = names;
  const transport = tls === undefined ? "http" : "https";
  const access = new Access({
    tokens,
    guesses,
    transport,
    now: () => clock.now(),
    names,
    place: () => `${hostname}:${server.addresses[0]?.port ?? ""}`,
  });
  // Loaded with the first request: until then, the host saves the memory that this code takes.
  let app: Promise<ConsoleApp> | undefined;
  const onError = (error: unknown) => log.error("The console failed to answer: {error}", { error });
  const load = async () =>
    (await import("../console/console.ts"))
      .createConsole(host, { access, version: VERSION, onError });
  const server = HttpServer.listen({
    addresses: await places(settings.consoleHost, settings.consolePort),
    limits: { ...httpLimits(settings, log.getChild("console")), drainMs: DRAIN_MS },
    clock,
    tls,
    fast: (head) => answerHealth(host, head),
    fetch: async (request, { peer }) =>
      await (await (app ??= load())).app.fetch(request, { peerAddress: peer.hostname }),
    onError,
  });
  return {
    urls: server.urls,
    replaceTokens: (tokens) => access.replace(tokens),
    startOver: () => void app?.then((loaded) => loaded.startOver(), onError),
    async [Symbol.asyncDispose]() {
      // Pages that follow live events would hold the port until the last moment.
      (await app)?.[Symbol.dispose]();
      await server.close();
    },
  };
}
