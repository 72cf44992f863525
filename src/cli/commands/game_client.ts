/**
 * `pulsebox game-client`: simulates game clients.
 *
 * @module
 */

import { GameClient } from "../../clients/game/client.ts";
import { HOUR_MS, SECOND_MS } from "../../core/clock.ts";
import { inBackground } from "../../net/background.ts";
import { parseClientId } from "../../wire/mlf/client_id.ts";
import { readTrusted } from "../ca_file.ts";
import type { Invocation } from "../command.ts";
import { DURATION_FORM, parseDuration } from "../../appliance/settings/duration.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { ownGameUrl, parseGamePlace } from "../game_place.ts";
import { StopSignal } from "../stop_signal.ts";
import type { GAME_CLIENT_FLAGS } from "./game_client_flags.ts";

/** Simulated clients of one process. */
const COUNT_MAX = 5_000;
const INTERVAL_MS_DEFAULT = 2 * SECOND_MS;
const INTERVAL_MS_MIN = 50;
type Call = Invocation<typeof GAME_CLIENT_FLAGS, "state">;

interface Plan {
  readonly url: string;
  readonly ids: readonly (string | undefined)[];
  readonly intervalMs: number;
  readonly forMs: number;
}

/** Runs clients until `--for` ends or a signal comes; status 1 if no heartbeat was accepted. */
export async function run(call: Call): Promise<number> {
  const plan = readPlan(call);
  if (typeof plan === "string") {
    await call.terminal.complain(`pulsebox: ${plan}\nTry: pulsebox help game-client\n`);
    return STATUS_WRONG_USE;
  }
  const caCerts = await readTrusted(call.values.ca, call.settings.tlsCert, call);
  using stop = new StopSignal(plan.forMs);
  const clients = plan.ids.map((id) => startClient(call, { ...plan, caCerts, id }));
  await stop.came;
  await Promise.all(clients.map((client) => client.close()));
  return clients.some(({ heartbeats }) => heartbeats > 0) ? STATUS_DONE : STATUS_FAILED;
}

function startClient(
  { values, terminal }: Call,
  { url, intervalMs, caCerts, id }: Omit<Plan, "ids" | "forMs"> & {
    readonly caCerts: readonly string[];
    readonly id: string | undefined;
  },
): GameClient {
  let lastFailure = "";
  const tell = (what: Readonly<Record<string, string>>) => {
    const name = client.id ?? "";
    const text = values.json === true
      ? JSON.stringify({ clientID: name, ...what })
      : `${name} ${Object.values(what).join(" ")}`;
    // The command reports at its end why output could not be written.
    terminal.write(`${text}\n`).catch(() => {});
  };
  const client: GameClient = new GameClient({
    url,
    intervalMs,
    caCerts,
    ...(id === undefined ? {} : { id }),
    ...(values.calibrated === true ? { ownCalibration: {} } : {}),
    onCommand: (command) => tell({ command }),
    onStatus: (status) => {
      if (status.type === "up") return;
      const { message } = status.error;
      // Once, not with each heartbeat.
      if (message !== lastFailure) inBackground(terminal.complain(`pulsebox: ${message}\n`));
      lastFailure = message;
    },
  });
  client.watch((state, previous) => {
    if (previous !== undefined) tell({ state });
  });
  return client;
}

function readPlan({ values, settings, positionals }: Call): Plan | string {
  const url = parseGamePlace(positionals[0] ?? ownGameUrl(settings));
  if (url === undefined) return `"${positionals[0]}" is no game server: write HOST or HOST:PORT`;
  const count = Number(values.count ?? 1);
  if (!(Number.isInteger(count) && count >= 1 && count <= COUNT_MAX)) {
    return `--count is "${values.count}": must be a whole number, 1 to ${COUNT_MAX}`;
  }
  const { id } = values;
  if (id !== undefined && parseClientId(id) === undefined) {
    return `--id is "${id}": must be 1 to 64 letters, digits, dots, colons, hyphens, underscores`;
  }
  const intervalMs = durationOf(values.interval, INTERVAL_MS_DEFAULT);
  if (intervalMs === undefined || intervalMs < INTERVAL_MS_MIN || intervalMs > HOUR_MS) {
    return `--interval is "${values.interval}": must be ${DURATION_FORM}, from 50ms to 1h`;
  }
  const forMs = durationOf(values.for, Infinity);
  if (forMs === undefined) return `--for is "${values.for}": must be ${DURATION_FORM}`;
  const ids = Array.from(
    { length: count },
    (_, index) => id === undefined || index === 0 ? id : `${id}-${index + 1}`,
  );
  return { url, ids, intervalMs, forMs };
}

function durationOf(text: string | undefined, fallback: number): number | undefined {
  return text === undefined ? fallback : parseDuration(text);
}
