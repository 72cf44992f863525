/**
 * The composition root: settings in, a running host out.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import { startConsole } from "./appliance/console.ts";
import { EventLog } from "./appliance/event_log.ts";
import { dateWarning } from "./appliance/certificate_dates.ts";
import { warnOfExposure } from "./appliance/exposure.ts";
import { FlapWatch } from "./appliance/flap_watch.ts";
import { FleetVoice } from "./appliance/fleet_voice.ts";
import { HostTime } from "./appliance/host_time.ts";
import { placeFinder } from "./appliance/listening.ts";
import { panelsOf } from "./appliance/panels.ts";
import { prepareRoles } from "./appliance/roles.ts";
import {
  loadSecrets,
  nameStations,
  readAgain,
  type ReadAgainSettings,
} from "./appliance/read_again.ts";
import { Services } from "./appliance/services.ts";
import { stationsOf } from "./appliance/stations.ts";
import type { ApplianceSettings } from "./appliance/settings.ts";
import { Telling } from "./appliance/telling.ts";
import { Watchdog } from "./appliance/watchdog.ts";
import type { Host } from "./console/host.ts";
import type { Clock } from "./core/clock.ts";
import { Events } from "./core/events.ts";
import { GuessLimit } from "./core/guess_limit.ts";
import { MemberTags } from "./core/member_tags.ts";
import { Members } from "./core/members.ts";
import { withoutFolders } from "./core/without_folders.ts";
import { BootTimeReader } from "./net/libc/boot_time.ts";
import { WakeTimer } from "./net/wake_timer.ts";
import type { SystemdNotifier } from "./net/systemd.ts";
import type { Role } from "./roles/role.ts";
import { Store } from "./store/store.ts";
import { inBackground } from "./net/background.ts";

/** What an appliance needs from its environment. */
export interface AppliancePorts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly notifier: SystemdNotifier;
  /** Gives up a start that waits for a port. */
  readonly signal?: AbortSignal;
}

/** An address at which the appliance can be reached. */
export interface ApplianceAddress {
  /** The role's name, or `console`. */
  readonly role: string;
  readonly url: string;
}

/** A running host. */
export interface Appliance extends AsyncDisposable {
  readonly addresses: readonly ApplianceAddress[];
  /** Resolves when the appliance has stopped, whoever stopped it. */
  readonly stopped: Promise<void>;
  /**
   * Reads tokens, certificate and secrets again, and applies new stations, expected programs and
   * notifications; open connections stay open.
   *
   * @param settings The current settings; all others keep their values from the start.
   * @throws {Error} if some of them cannot be used; the message is one line, and they stay as they
   * were.
   */
  reload(settings: ReadAgainSettings): Promise<void>;
  /** Finishes pending work, writes what must be kept, and ends. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts everything that the settings turn on. If one part cannot start, the earlier parts are
 * ended.
 *
 * @throws {ListenError} if an address cannot be listened on.
 * @throws {StoreError} if the data directory cannot be used and only the operator can change that.
 */
export async function startAppliance(
  settings: ApplianceSettings,
  ports: AppliancePorts,
): Promise<Appliance> {
  const { clock, log, notifier } = ports;
  const places = placeFinder({ clock, log, signal: ports.signal });
  await using resources = new AsyncDisposableStack();
  const events = new Events({
    onFailure: (error) => log.error("An event listener failed: {error}", { error }),
  });
  const eventLog = resources.use(new EventLog(events, log.getChild("members")));
  const time = resources.use(new HostTime(clock, events));
  const now = () => time.now();

  const members = new Members({
    now: now(),
    events,
    changes: settings.data === undefined ? "ignore" : "collect",
  });
  const flaps = resources.use(new FlapWatch(events, now, settings.flapOutages));
  const stations = new Map<string, string>();
  nameStations(stations, settings);
  const tags = new MemberTags();
  tags.configure(settings.tag);
  const secrets = await loadSecrets(settings, log);
  const guesses = new GuessLimit((address) =>
    log.warning("Ten wrong tokens came from {address} within a minute: who sends them?", {
      address,
    })
  );
  const voice = new FleetVoice(settings.fleetTell);
  const telling = resources.use(
    new Telling({
      clock,
      events,
      flaps,
      log,
      members,
      now,
      secrets,
      stations,
      voice,
    }),
  );
  await telling.apply(settings);
  const timer = resources.use(
    new WakeTimer({
      now,
      nextWake: () => members.nextWake(),
      advance: (at) => members.advance(at),
    }),
  );
  const wake = (deadline?: number) => timer.poke(deadline);
  // Only records that outlive this run need the boot clock, and FFI takes 5 MB.
  const bootTime = settings.data === undefined ? undefined : resources.use(new BootTimeReader());
  const store = resources.use(
    Store.open({
      directory: settings.data,
      bootTime: () => bootTime?.read(),
      clock,
      now,
      members,
      tags,
      events,
      log: log.getChild("store"),
      outbox: telling.outbox,
    }),
  );

  // Open every roster before the store restores members, and hear nobody before that.
  const { tls } = secrets;
  const context = {
    members,
    events,
    clock,
    log,
    tls,
    places,
    secrets,
    guesses,
    now,
    stations,
    wake,
    meta: store.meta,
    voice,
    outbox: telling.outbox,
    host: () => host,
    consoleUrls: () => console?.urls ?? [],
  };
  const starts = await prepareRoles(settings, context);
  store.load();
  const services = resources.use(new Services());
  // The store, which ends later, records what arrives until then.
  services.add(telling);
  const roles = starts.map((start) => services.add(start()));
  wake();
  store.start();

  const problems = () => problemsOf(roles, now());
  const host: Host = {
    members,
    roles,
    clock,
    events,
    history: store.history,
    uptime: store.uptime,
    panels: panelsOf(roles, now, clock),
    flaps,
    stations: stationsOf(stations, roles),
    tags,
    telling,
    now,
    wake,
    metrics: () => ({
      ...time.metrics(),
      ...store.metrics(),
      ...telling.metrics(),
      pulsebox_event_listeners: events.listeners,
      pulsebox_events_dropped_total: eventLog.dropped,
      pulsebox_wrong_tokens_total: guesses.total,
    }),
    problems: () => problems().map(withoutFolders),
    warnings: () =>
      [
        ...store.warnings(),
        ...telling.warnings(),
        ...[dateWarning(secrets.certificate, clock.wall())].filter((text) => text !== undefined),
        ...roles.flatMap((role) => role.name === "fleet" ? role.warnings() : []),
      ].map(withoutFolders),
    unconfirmed: () => store.damage.sentences().map(withoutFolders),
    confirmWarnings: () => store.damage.confirm(),
  };
  const addresses = roles.flatMap((role) =>
    role.addresses.map((url) => ({ role: role.name as string, url }))
  );
  const console = settings.console
    ? services.add(await startConsole(settings, { host, log, clock, secrets, guesses, places }))
    : undefined;
  addresses.push(...(console?.urls ?? []).map((url) => ({ role: "console", url })));
  warnOfExposure(addresses, settings, log);

  if (notifier.watchdogIntervalMs !== undefined) {
    resources.use(
      new Watchdog({
        intervalMs: notifier.watchdogIntervalMs,
        problems,
        pet: () => inBackground(notifier.watchdog()),
        onSilent: (problems) =>
          log.error("The service manager gets no sign of life from this host: {problems}", {
            problems: problems.join("; "),
          }),
      }),
    );
  }
  await notifier.ready();
  const parts = { settings, roles, secrets, stations, tags, telling, console, log, wake };
  const reload = (now: ReadAgainSettings) => readAgain(parts, now);
  return new RunningAppliance(addresses, resources.move(), notifier, reload);
}

class RunningAppliance implements Appliance {
  readonly addresses: readonly ApplianceAddress[];
  readonly stopped: Promise<void>;
  readonly #resources: AsyncDisposableStack;
  readonly #notifier: SystemdNotifier;
  readonly reload: (settings: ReadAgainSettings) => Promise<void>;
  readonly #onStopped: () => void;
  #stopping: Promise<void> | undefined;

  constructor(
    addresses: readonly ApplianceAddress[],
    resources: AsyncDisposableStack,
    notifier: SystemdNotifier,
    reload: (settings: ReadAgainSettings) => Promise<void>,
  ) {
    this.addresses = addresses;
    this.reload = reload;
    this.#resources = resources;
    this.#notifier = notifier;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.stopped = promise;
    this.#onStopped = resolve;
  }

  stop(): Promise<void> {
    return this.#stopping ??= this.#end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #end(): Promise<void> {
    try {
      await this.#notifier.stopping();
      await this.#resources.disposeAsync();
    } finally {
      this.#onStopped();
    }
  }
}

function problemsOf(roles: readonly Role[], now: number): string[] {
  const problems: string[] = [];
  for (const role of roles) {
    const problem = role.selfCheck(now);
    if (problem !== undefined) problems.push(`${role.name}: ${problem}`);
  }
  return problems;
}
