/**
 * Checks ports: are they free, and if not, which program has them.
 *
 * @module
 */

import { hostAndPort, type Peer } from "../../net/address.ts";
import { formatPortRanges, inPortRanges, type PortRange } from "../../core/port_ranges.ts";
import { findPortHolder, type PortRanges } from "../../net/libc/kernel_facts.ts";
import { addressesOf } from "../../net/tcp/listening.ts";
import { ListenError } from "../../net/listen_error.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";

/** A port on which a role would listen. */
export interface WantedPort extends Peer {
  readonly role: string;
  readonly protocol: "tcp" | "udp";
  /** The setting that chooses the port. */
  readonly option: string;
}

/** Tries each port for a moment. */
export async function examinePorts(ports: readonly WantedPort[]): Promise<Finding[]> {
  const findings = await Promise.all(ports.map(async (port) => {
    try {
      const addresses = await addressesOf(port.hostname, port.port);
      return addresses.map(({ hostname }) => examinePort({ ...port, hostname }));
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      return [fail(`${port.role} port`, error.message, `change --${port.role}-host`)];
    }
  }));
  return findings.flat();
}

/** Checks whether outgoing connections of other programs can get one of the ports. */
export function examinePortRange(
  ports: readonly WantedPort[],
  { outgoing, reserved }: PortRanges,
): Finding[] {
  const exposed = ports.map(({ port }) => port)
    .filter((port) => inPortRanges(outgoing, port) && !inPortRanges(reserved, port));
  const topic = "fixed ports";
  if (exposed.length === 0) return [ok(topic, "no outgoing connection can get one of them")];
  const text = formatPortRanges(exposed.map((port) => [port, port]));
  return [warn(
    topic,
    `outgoing connections of any program can get ${text}; a start then waits until it is free`,
    "sudo pulsebox install reserves them; or sudo sysctl -w net.ipv4.ip_local_reserved_ports=" +
      formatPortRanges([...reserved, ...exposed.map((port): PortRange => [port, port])]),
  )];
}

function examinePort(port: WantedPort): Finding {
  const topic = `${port.role} port`;
  const place = `${port.protocol} ${hostAndPort(port)}`;
  if (port.port === 0) return ok(topic, `${port.protocol}, any free one`);
  try {
    listenForAMoment(port);
    return ok(topic, `${place} is free`);
  } catch (cause) {
    const error = new ListenError(port, cause);
    if (error.kind !== "in-use") return fail(topic, error.message, `change ${port.option}`);
    const holder = findPortHolder(port.protocol, port.port);
    if (holder === undefined) {
      return fail(
        topic,
        `${place} is used by another program`,
        `sudo pulsebox doctor tells by which; or change ${port.option}`,
      );
    }
    const who = `${holder.program} (process ${holder.pid})`;
    // If the service runs, its own ports are no reason for alarm.
    return /^(pulsebox|deno)/.test(holder.program)
      ? warn(topic, `${place} is used by ${who}`, "fine if that is the host that runs already")
      : fail(topic, `${place} is used by ${who}`, `end that program, or change ${port.option}`);
  }
}

function listenForAMoment({ protocol, hostname, port }: WantedPort): void {
  if (protocol === "tcp") Deno.listen({ hostname, port }).close();
  else Deno.listenDatagram({ transport: "udp", hostname, port }).close();
}
