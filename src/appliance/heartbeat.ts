/**
 * The heartbeat role of a host.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { TokenTable } from "../console/tokens.ts";
import type { Clock } from "../core/clock.ts";
import type { GuessLimit } from "../core/guess_limit.ts";
import type { Events } from "../core/events.ts";
import type { Members } from "../core/members.ts";
import type { TlsIdentity } from "../net/tcp/tls_identity.ts";
import { lostAfterChoice } from "../roles/heartbeat/lost_after_choice.ts";
import { heartbeatRules } from "../roles/heartbeat/options.ts";
import { HeartbeatRole } from "../roles/heartbeat/role.ts";
import { httpLimits } from "./http_limits.ts";
import type { FindPlaces } from "./listening.ts";
import type { AddressSettings, ConnectionSettings, HeartbeatSettings } from "./settings.ts";

/** What a role needs of its host. */
export interface RoleContext {
  readonly members: Members;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Events;
  /** The certificate of the host, for the ports whose setting wants it. */
  readonly tls: TlsIdentity | undefined;
  /** Tokens as they are now. */
  readonly secrets: { readonly tokens: Pick<TokenTable, "rightOf"> | undefined };
  /** Counts wrong tokens, whichever entrance they come to. */
  readonly guesses: GuessLimit;
  /** Small values that outlive a run, where a data directory is kept. */
  readonly meta: { get(key: string): string | undefined; set(key: string, value?: string): void };
  /** Names of stations by address; they may change. */
  readonly stations: ReadonlyMap<string, string>;
  /** Where to listen for a host setting and a port setting. */
  readonly places: FindPlaces;
  /** Listening time in milliseconds. */
  now(): number;
  /** Called with deadlines that may be the earliest, in listening time (ms). */
  wake(deadline: number): void;
}

/**
 * The certificate of a port that is to speak TLS.
 *
 * @param option Which wants it.
 * @throws {Error} if there is none.
 */
export function neededTls(tls: TlsIdentity | undefined, option: string): TlsIdentity {
  if (tls !== undefined) return tls;
  throw new Error(`Cannot use ${option}: it needs --tls-cert and --tls-key`);
}

/** Opens the role's roster; what it returns listens, when earlier records are back. */
export async function prepareHeartbeat(
  settings: HeartbeatSettings & ConnectionSettings & AddressSettings,
  { members, clock, log, meta, tls, places, now, stations, wake }: RoleContext,
): Promise<() => HeartbeatRole> {
  const addresses = await places(settings.heartbeatHost, settings.heartbeatPort);
  members.open(heartbeatRules({
    applicationsMax: settings.heartbeatApplicationsMax,
    applicationsPerAddressMax: settings.heartbeatApplicationsPerAddressMax,
    rememberGoneMs: settings.rememberGoneMs,
    lostAfter: lostAfterChoice(settings.lostAfter, stations),
  }));
  return () =>
    HeartbeatRole.start({
      members,
      now,
      wake,
      clock,
      graceMs: settings.heartbeatGraceMs,
      waiting: settings.heartbeatSelfTuning ? "learned" : "announced",
      unit: settings.heartbeatSeconds ? "seconds" : "milliseconds",
      expected: settings.heartbeatExpect,
      stations,
      keeper: meta,
      addresses,
      limits: httpLimits(settings, log.getChild("heartbeat")),
      tls: settings.heartbeatTls ? neededTls(tls, "--heartbeat-tls") : undefined,
      onMisuse: (misuse, id) => log.debug("Unusual command: {misuse}", { misuse, application: id }),
      onError: (error) => log.error("The heartbeat role failed: {error}", { error }),
    });
}
