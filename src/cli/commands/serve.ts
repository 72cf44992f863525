/**
 * `pulsebox --heartbeat …`: running the roles of this host.
 *
 * @module
 */

import { warnOfOpenConfig } from "../../appliance/open_config.ts";
import { giveBackPermissions, planPermissions } from "../../appliance/permissions.ts";
import type { Appliance } from "../../appliance.ts";
import { inBackground } from "../../net/background.ts";
import { settlesWithin } from "../../net/sleep.ts";
import { systemClock } from "../../net/system_clock.ts";
import { notifierFromEnvironment } from "../../net/systemd.ts";
import { parsePlace } from "../../wire/url/place.ts";
import type { Invocation } from "../command.ts";
import type { VERSION_FLAG } from "./flags.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { faultText } from "../fault_text.ts";
import { Log } from "../log/log.ts";
import {
  OPTION_KEYS,
  optionOf,
  roleKeys,
  type Settings,
} from "../../appliance/settings/options.ts";
import { readAgain } from "../settings/read_again.ts";
import { Reloads } from "../settings/reloads.ts";
import { pathProblems } from "../settings/setting_paths.ts";
import type { Environment, SettingSource } from "../settings/settings.ts";
import { demoSummary } from "./demo/summary.ts";

/** How long stopping may take before the process ends anyway, in milliseconds. */
const STOP_TIMEOUT_MS = 1_500;
/** No other user may read what a host writes. */
const PRIVATE_UMASK = 0o077;

type Call = Invocation<typeof VERSION_FLAG, "host">;

/** Runs until a signal comes. */
export async function run(invocation: Call): Promise<number> {
  const { settings, terminal, environment } = invocation;
  if (invocation.values.version === true) {
    const version = await import("./version.ts");
    return await version.run({ ...invocation, values: { json: undefined }, settings: undefined });
  }
  if (!roleKeys().some((key) => settings[key]) && settings.fleet.length === 0) {
    const roles = roleKeys().map((key) => `--${optionOf(key).flag}`).join(", ");
    await terminal.complain(
      `pulsebox: No role is turned on: give ${roles} or --all\nTry: pulsebox help\n`,
    );
    return STATUS_WRONG_USE;
  }
  const problems = pathProblems(settings, invocation.sources);
  if (problems.length > 0) {
    await terminal.complain(problems.map((problem) => `pulsebox: ${problem}\n`).join(""));
    return STATUS_WRONG_USE;
  }
  keepFilesPrivate();
  await using log = new Log({
    level: settings.logLevel,
    format: settings.logFormat,
    clock: systemClock,
    journal: isJournal(environment) ? "journal" : "none",
  });
  const readable = secretsFrom("flag", invocation.sources);
  if (readable.length > 0) {
    log.logger.info(
      "Other users of this machine can read {flags} in the list of processes; " +
        "--webhook-file, the environment and --config keep it from them",
      { flags: readable.join(", ") },
    );
  }
  warnOfOpenConfig(settings.config, secretsFrom("file", invocation.sources), log.logger);
  const reloads = new Reloads();
  using signals = new StopSignals(() => reloads.request());
  const notifier = notifierFromEnvironment(environment, {
    onProblem: (problem) => log.logger.warning("{problem}", { problem }),
  });
  const giveUp = new AbortController();
  inBackground(signals.first.then(() => giveUp.abort()));
  let appliance: Appliance;
  try {
    const { startAppliance } = await import("../../appliance.ts");
    appliance = await startAppliance(settings, {
      clock: systemClock,
      log: log.logger,
      notifier,
      signal: giveUp.signal,
    });
  } catch (error) {
    if (giveUp.signal.aborted) return STATUS_DONE;
    await terminal.complain(`pulsebox: ${faultText(error)}\n`);
    log.logger.debug("Start failed: {stack}", { stack: stackOf(error) });
    return STATUS_FAILED;
  }
  reloads.begin(() => readAgain(invocation, appliance, log.logger));
  for (const { role, url } of appliance.addresses) {
    log.logger.info("Listening on {url}", { url, role });
    // The start line of the original server, for which scripts wait.
    if (role === "heartbeat") {
      await terminal.offer(`${servingLine(url)}\n`);
    }
  }
  await using _demo = settings.demo ? await startDemo(appliance) : undefined;
  if (settings.demo) await terminal.offer(demoSummary(appliance.addresses));
  await giveBackPermissions(
    planPermissions(
      { ...settings, readsFilesAgain: readsFiles(settings, invocation.sources) },
      notifier.active,
    ),
  );
  const signal = await Promise.race([signals.first, appliance.stopped]);
  log.logger.info("Stopping", { signal: signal ?? "none" });
  const stopped = Promise.race([appliance.stop(), signals.second]);
  const isInTime = await settlesWithin(stopped, STOP_TIMEOUT_MS);
  if (!isInTime) log.logger.warning("Stopping took too long; ending without the rest");
  return STATUS_DONE;
}

function keepFilesPrivate(): void {
  try {
    Deno.umask(PRIVATE_UMASK);
  } catch (error) {
    // Without the permission to read it, the host has no data folder either.
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}

/** As the original writes it: the address bare in its own brackets, whatever its family. */
function servingLine(url: string): string {
  const place = parsePlace(url);
  if (typeof place === "string") return `Serving HTTP on ${url}...`;
  return `Serving HTTP on [${place.hostname}], port: [${place.port}]...`;
}

/** Flags whose values others could use, if they came from there. */
function secretsFrom(
  kind: SettingSource["kind"],
  sources: ReadonlyMap<string, SettingSource>,
): string[] {
  return OPTION_KEYS.filter((key) =>
    optionOf(key).secret === true && sources.get(key)?.kind === kind
  ).map((key) => `--${optionOf(key).flag}`);
}

/** Whether SIGHUP reads settings from files again. */
function readsFiles(settings: Settings, sources: ReadonlyMap<string, SettingSource>): boolean {
  const { isFileOfItems } = optionOf("heartbeatStations");
  const stations = sources.get("heartbeatStations")?.input;
  return settings.config !== undefined ||
    (Array.isArray(stations) && stations.some((item) => isFileOfItems?.(String(item))));
}

async function startDemo(appliance: Appliance): Promise<AsyncDisposable> {
  await using demos = new AsyncDisposableStack();
  const served = new Set<string>();
  for (const { role, url } of appliance.addresses) {
    // The simulated clients are like the originals: they know no certificates.
    if (url.startsWith("https:") || served.has(role)) continue;
    // A port on several addresses needs them once.
    served.add(role);
    if (role === "heartbeat") {
      const { HeartbeatDemo } = await import("./demo/applications.ts");
      demos.use(new HeartbeatDemo(url));
    }
    if (role === "trigger") {
      const { TriggerDemo } = await import("./demo/phones.ts");
      demos.use(new TriggerDemo(url));
    }
    if (role === "state" && url.startsWith("http:")) {
      const { GameDemo } = await import("./demo/games.ts");
      demos.use(new GameDemo(url));
    }
  }
  return demos.move();
}

/** The signals that stop a host; a second one stops it at once. */
class StopSignals implements Disposable {
  readonly first: Promise<Deno.Signal>;
  readonly second: Promise<Deno.Signal>;
  readonly #ends: (() => void)[] = [];

  /** @param onReserved Called on SIGHUP, unless SIGHUP means that the terminal is gone. */
  constructor(onReserved: () => void) {
    const first = Promise.withResolvers<Deno.Signal>();
    const second = Promise.withResolvers<Deno.Signal>();
    this.first = first.promise;
    this.second = second.promise;
    let count = 0;
    const stop = (signal: Deno.Signal) => (count++ === 0 ? first : second).resolve(signal);
    this.#listen("SIGTERM", () => stop("SIGTERM"));
    this.#listen("SIGINT", () => stop("SIGINT"));
    const reserved = Deno.stderr.isTerminal() ? () => stop("SIGHUP") : onReserved;
    this.#listen("SIGHUP", reserved);
  }

  [Symbol.dispose](): void {
    for (const end of this.#ends.splice(0)) end();
  }

  #listen(signal: Deno.Signal, listener: () => void): void {
    Deno.addSignalListener(signal, listener);
    this.#ends.push(() => Deno.removeSignalListener(signal, listener));
  }
}

/**
 * Whether systemd reads our lines. Its variable is not enough: terminals of a desktop session
 * inherit it.
 */
function isJournal(environment: Environment): boolean {
  return (environment.get("JOURNAL_STREAM") ?? "") !== "" && !Deno.stderr.isTerminal();
}

function stackOf(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
