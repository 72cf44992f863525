/**
 * The state role of a host.
 *
 * @module
 */

import { seldom } from "./seldom.ts";
import type { Logger } from "@logtape/logtape";
import type { PulseEvent } from "../core/events.ts";
import { AddressFilter } from "../net/address_filter.ts";
import { gameRules } from "../roles/state/options.ts";
import { StateRole } from "../roles/state/role.ts";
import type { GameNotice } from "../roles/state/notice.ts";
import { neededTls, type RoleContext } from "./heartbeat.ts";
import { httpLimits } from "./http_limits.ts";
import { ownNames } from "./own_names.ts";
import type {
  AddressSettings,
  ConnectionSettings,
  ConsoleSettings,
  StateSettings,
} from "./settings.ts";

/** How often to report a stranger who posts under another client's identity, in milliseconds. */
const FOREIGN_QUIET_MS = 60_000;

/** Opens the role's roster; returns a function that listens once earlier records are restored. */
export async function prepareState(
  settings: StateSettings & ConnectionSettings & AddressSettings & ConsoleSettings,
  { members, clock, log, events, tls, places, now, wake, meta, secrets, guesses }: RoleContext,
): Promise<() => StateRole> {
  members.open(gameRules(settings.stateClientsMax, settings.rememberGoneMs));
  const { stateHost } = settings;
  const addresses = await places(stateHost, settings.statePort);
  const publishers = await places(stateHost, settings.statePublisherPort);
  const subscribers = await places(stateHost, settings.stateSubscriberPort);
  const tell = noticeTeller(log.getChild("state"), now);
  if (settings.statePlain && secrets.tokens === undefined) {
    throw new Error("Cannot use --state-plain: there are no passwords without --token-file");
  }
  const isWriteToken = (token: string) => secrets.tokens?.rightOf(token) === "write";
  const tellViolation = seldom(now, (line) => log.info("{line}", { line }));
  return () =>
    StateRole.start({
      guard: {
        names: ownNames(settings),
        operatorOrigins: settings.stateOperatorOrigins,
        channelOrigins: settings.stateOrigins,
        operators: new AddressFilter({ allow: settings.stateOperators }),
        publishers: new AddressFilter({ allow: settings.statePublishers }),
        ownTopics: settings.stateRelayOwnTopics ? "of everybody" : "of the server only",
        isOperatorToken: secrets.tokens && isWriteToken,
        onWrongToken: (address) => guesses.wrong(address, clock.now()),
      },
      isPublisherPassword: settings.statePlain ? isWriteToken : undefined,
      members,
      now,
      wake,
      clock,
      keeper: meta,
      addresses,
      publishers,
      subscribers,
      timebombMs: settings.stateTimebombMs,
      newPerSecondMax: settings.stateNewPerSecondMax,
      headsets: new Map(settings.stateHeadsets.map(({ name, client }) => [name, client])),
      calibrationDirectory: settings.stateCalibration,
      limits: httpLimits(settings, log.getChild("state")),
      tls: settings.stateTls ? neededTls(tls, "--state-tls") : undefined,
      onNotice: (notice) => {
        tell(notice);
        const event = eventOf(notice, now());
        if (event !== undefined) events.publish(event);
      },
      // A peer at the wrong port reconnects again and again; the metric counts each time.
      onViolation: (problem, address) =>
        tellViolation(`Disconnected the ZeroMQ peer at ${address}: ${problem}`),
      onError: (error) => log.error("The state role failed: {error}", { error }),
    });
}

function eventOf(notice: GameNotice, at: number): PulseEvent | undefined {
  if (notice.type === "refused") return undefined;
  const { client } = notice;
  switch (notice.type) {
    case "created":
      return {
        type: "client-state",
        at,
        client: client.id,
        from: "DISCONNECTED",
        to: client.state,
        cause: "heartbeat",
      };
    case "state":
      return {
        type: "client-state",
        at,
        client: client.id,
        from: notice.from,
        to: notice.to,
        cause: notice.cause,
      };
    case "removed":
      return {
        type: "client-state",
        at,
        client: client.id,
        from: client.state,
        to: "DISCONNECTED",
        cause: notice.cause,
      };
    case "foreign":
      return undefined;
  }
}

/** Logs one line for each change of a client, none for each heartbeat. */
function noticeTeller(log: Logger, now: () => number): (notice: GameNotice) => void {
  let quietUntil = 0;
  return (notice) => {
    if (notice.type === "refused") {
      const { clientId, reason } = notice;
      if (clientId === "") return log.warning("Ignored a ZeroMQ message: {reason}", { reason });
      return log.warning("Ignored what game client {client} reports: {reason}", {
        client: clientId,
        reason,
      });
    }
    const { client } = notice;
    switch (notice.type) {
      case "created":
        return log.info("Game client {client} is {change}", {
          client: client.id,
          change: notice.isBack ? "back" : "new",
          address: client.address,
        });
      case "state":
        return log.info("Game client {client} is now {state}", {
          client: client.id,
          state: notice.to,
          from: notice.from,
          cause: notice.cause,
        });
      case "removed":
        return log.info("Game client {client} is disconnected: {cause}", {
          client: client.id,
          cause: notice.cause,
        });
      case "foreign":
        if (now() < quietUntil) return;
        quietUntil = now() + FOREIGN_QUIET_MS;
        return log.warning("Two hosts use the ID of game client {client}: {other} is ignored", {
          client: client.id,
          other: notice.address,
          address: client.address,
        });
    }
  };
}
