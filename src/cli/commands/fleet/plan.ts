/**
 * `pulsebox fleet plan`: writes what brokers and hosts need to know each other.
 *
 * @module
 */

import { messageOf } from "../../../core/message_of.ts";
import { isThere, readIfThere, writeWhole } from "../../../store/installed_files.ts";
import { BROKER_FOLDER, brokerConfig, type BrokerUser } from "../../../wire/fleet/broker_config.ts";
import { NATS_PORT_DEFAULT } from "../../../wire/fleet/broker_port.ts";
import type { FleetPart } from "../../../wire/fleet/permissions.ts";
import { isFleetToken } from "../../../wire/fleet/subjects.ts";
import { parseHost } from "../../../wire/url/place.ts";
import type { Invocation } from "../../command.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../../exit_status.ts";
import { FLEET_HOST_FORM } from "../../../appliance/settings/fleet_types.ts";
import { environmentName } from "../../../appliance/settings/option.ts";
import { optionOf } from "../../../appliance/settings/options.ts";
import { formatList } from "../../settings/list_text.ts";
import { FLEET_KEY_FILE } from "../install/packaged.ts";
import { PLACES } from "../install/plan.ts";
import type { FLEET_FLAGS } from "./flags.ts";

/** The client that makes the streams. */
export const OPERATOR = "operator";
/** Where the files go if that is not said. */
const FOLDER_DEFAULT = "fleet";
/** Brokers of one plan. */
const BROKERS_MAX = 5;
/** Hosts and consoles of one plan. */
const HOSTS_MAX = 1_000;

interface Names {
  readonly brokers: readonly string[];
  readonly hosts: readonly string[];
  readonly consoles: readonly string[];
}

/** Writes configuration and keys. Existing keys are kept, so that it can be run again. */
export async function plan(call: Invocation<typeof FLEET_FLAGS, "fleet">): Promise<number> {
  const { values, settings, terminal } = call;
  const names = readNames(values);
  if (typeof names === "string") {
    await terminal.complain(`pulsebox: ${names}\nTry: pulsebox help fleet\n`);
    return STATUS_WRONG_USE;
  }
  const folder = (values.out ?? FOLDER_DEFAULT).replace(/\/+$/, "") || "/";
  try {
    const written = await writePlan(names, settings.fleetName, folder);
    await terminal.write(
      values.json === true ? `${JSON.stringify({ files: written })}\n` : nextSteps(names, folder),
    );
    return STATUS_DONE;
  } catch (error) {
    await terminal.complain(
      `pulsebox: ${messageOf(error)}\n`,
    );
    return STATUS_FAILED;
  }
}

function readNames(
  values: {
    brokers?: string | undefined;
    hosts?: string | undefined;
    consoles?: string | undefined;
  },
): Names | string {
  const list = (text = "") =>
    text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  const brokers = list(values.brokers);
  const consoles = list(values.consoles);
  const hosts = list(values.hosts).filter((host) => !consoles.includes(host));
  if (brokers.length === 0) {
    return "No broker is named: give --brokers pi1 or --brokers pi1,pi2,pi3";
  }
  if (![1, 3, 5].includes(brokers.length)) {
    return `--brokers names ${brokers.length}: must be 1, 3 or 5, so that a majority can decide`;
  }
  if (hosts.length + consoles.length === 0) return "No host is named: give --hosts and --consoles";
  if (brokers.length > BROKERS_MAX || hosts.length + consoles.length > HOSTS_MAX) {
    return `Too many names: at most ${BROKERS_MAX} brokers and ${HOSTS_MAX} hosts`;
  }
  const wrongBroker = brokers.find((name) => parseHost(name) === undefined);
  if (wrongBroker !== undefined) {
    return `--brokers names "${wrongBroker}": must be a host name or an address, without a port`;
  }
  const wrong = [...hosts, ...consoles].find((name) => !isFleetToken(name) || name === OPERATOR);
  if (wrong !== undefined) {
    return `"${wrong}" cannot name a host: ${FLEET_HOST_FORM}, not ${OPERATOR}`;
  }
  const twice = repeatedIn([...hosts, ...consoles]);
  if (twice !== undefined) return `Two hosts have the name ${twice}`;
  const broker = repeatedIn(brokers);
  return broker === undefined ? { brokers, hosts, consoles } : `--brokers names ${broker} twice`;
}

function repeatedIn(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}

async function writePlan(names: Names, fleet: string, folder: string): Promise<string[]> {
  const parts: (readonly [FleetPart, string])[] = [
    ["operator", OPERATOR],
    ...names.consoles.map((name) => ["console", name] as const),
    ...names.hosts.map((name) => ["host", name] as const),
  ];
  const written: string[] = [];
  const users: BrokerUser[] = [];
  for (const [part, name] of parts) {
    const path = `${folder}/keys/${name}.nk`;
    users.push({ part, name, publicKey: await keyAt(path, written) });
  }
  const clusterPassword = await passwordAt(`${folder}/keys/cluster.password`, written);
  for (const broker of names.brokers) {
    const path = `${folder}/nats-${broker}.conf`;
    // It holds the password of the cluster.
    await writeWhole({
      path,
      text: brokerConfig({ fleet, brokers: names.brokers, users, clusterPassword }, broker),
      mode: 0o600,
    });
    written.push(path);
  }
  return written;
}

async function keyAt(path: string, written: string[]): Promise<string> {
  const { makeUserKey, publicKeyOf } = await import("../../../appliance/fleet_tools.ts");
  const there = await readIfThere(path);
  if (there !== undefined) {
    try {
      return publicKeyOf(there);
    } catch (cause) {
      throw new Error(`Cannot use "${path}": it holds no key; delete it to make another`, {
        cause,
      });
    }
  }
  const { seed, publicKey } = makeUserKey();
  await writeWhole({ path, text: `${seed}\n`, mode: 0o600 });
  written.push(path);
  return publicKey;
}

async function passwordAt(path: string, written: string[]): Promise<string> {
  if (await isThere(path)) return ((await readIfThere(path)) ?? "").trim();
  const password = crypto.randomUUID().replaceAll("-", "");
  await writeWhole({ path, text: `${password}\n`, mode: 0o600 });
  written.push(path);
  return password;
}

/** What to do with the files; docs/fleet.md says the same. */
function nextSteps({ brokers, hosts, consoles }: Names, folder: string): string {
  const urls = brokers.map((broker) => `nats://${broker}:${NATS_PORT_DEFAULT}`);
  const options = urls.map((url) => `--fleet ${url}`).join(" ");
  const keys = count(hosts.length + consoles.length, "host");
  const lines = [
    `Wrote to ${folder}: the configuration of ${
      count(brokers.length, "broker")
    }, the keys of ${keys} ` +
    "and of the operator.",
    "",
    `1. Copy ${folder}/nats-BROKER.conf to each broker. There, with Debian's nats-server:`,
    "  sudo install -o nats -g nats -m 600 nats-BROKER.conf /etc/nats-server.conf",
    `  sudo install -o nats -g nats -m 700 -d ${BROKER_FOLDER}`,
    "  sudo systemctl restart nats-server",
    "2. Once, from here:",
    `  pulsebox fleet init ${options} --fleet-key ${folder}/keys/${OPERATOR}.nk`,
    `3. Copy ${folder}/keys/HOST.nk to each host. There, beside its other options:`,
    `  pulsebox … ${options} --fleet-host HOST --fleet-key HOST.nk`,
    "   or, with the Debian package:",
    `  sudo install -D -m 600 HOST.nk ${FLEET_KEY_FILE}`,
    `  with ${environmentName(optionOf("fleet"))}=${formatList(urls)} and ` +
    `${environmentName(optionOf("fleetHost"))}=HOST in ${PLACES.environment}`,
    ...consoles.length === 0 ? [] : [`4. On ${consoles.join(", ")}, add --fleet-view.`],
    "",
    `Keep ${folder}/keys secret: whoever has a host's key can speak for that host.`,
  ];
  return `${lines.join("\n")}\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
