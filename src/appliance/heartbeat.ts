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

/** What a role needs from its host. */
export interface RoleContext {
  readonly members: Members;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Events;
  /** The host's certificate, for ports with TLS. */
  readonly tls: TlsIdentity | undefined;
  /** The current tokens. */
  readonly secrets: { readonly tokens: Pick<TokenTable, "rightOf"> | undefined };
  /** Counts wrong tokens, whichever port they arrive on. */
  readonly guesses: GuessLimit;
  /** Small values that outlive a run if there is a data directory. */
  readonly meta: { get(key: string): string | undefined; set(key: string, value?: string): void };
  /** Names of stations by address; they may change. */
  readonly stations: ReadonlyMap<string, string>;
  /** The addresses to listen on for a host setting and a port setting. */
  readonly places: FindPlaces;
  /** Listening time in milliseconds. */
  now(): number;
  /** Called with deadlines that may be the earliest, in listening time (ms). */
  wake(deadline: number): void;
}

/**
 * The certificate for a port with TLS.
 *
 * @param option The option that asks for TLS.
 * @throws {Error} if there is no certificate.
 */
export function neededTls(tls: TlsIdentity | undefined, option: string): TlsIdentity {
  if (tls !== undefined) return tls;
  throw new Error(`Cannot use ${option}: it needs --tls-cert and --tls-key`);
}

/** Opens the role's roster; returns a function that listens once earlier records are restored. */
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
