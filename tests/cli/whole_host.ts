/**
 * The program with every role on free ports.
 *
 * @module
 */

import { PulseboxProcess } from "./pulsebox_process.ts";

/** Every role, on ports that the system picks. */
/** All roles on ports that the system picks, with a recording; later options win. */
export const EVERY_ROLE: readonly string[] = [
  "--all",
  "--console-port=0",
  "--heartbeat-port=0",
  "--trigger-host=127.0.0.1",
  "--trigger-port=0",
  "--hev-source=dump",
  "--hev-web-port=0",
  "--hev-native-port=0",
  "--hev-query-port=0",
  "--state-host=127.0.0.1",
  "--state-port=0",
  "--state-publisher-port=0",
  "--state-subscriber-port=0",
];

/** Heartbeats and the console alone: no instrument whose alarms would count. */
export const HEARTBEATS_ONLY: readonly string[] = [
  "--heartbeat",
  "--heartbeat-port=0",
  "--console-port=0",
];

/** A running host, with all roles unless others are given. */
export class WholeHost implements AsyncDisposable {
  readonly process: PulseboxProcess;

  /** @param args More options; later ones win. */
  constructor(
    args: readonly string[] = [],
    env: Record<string, string> = {},
    roles: readonly string[] = EVERY_ROLE,
  ) {
    this.process = new PulseboxProcess([...roles, ...args], env);
  }

  /** The first address of a role: `http://127.0.0.1:8888` or `udp://…` without the scheme. */
  async address(role: string, scheme = "http"): Promise<string> {
    const pattern = new RegExp(`Listening on ${scheme}://(127\\.0\\.0\\.1:\\d+) role=${role}`);
    return (await this.process.stderrHas(pattern))[1] ?? "";
  }

  /** The port of a role's first address. */
  async port(role: string, scheme?: string): Promise<string> {
    return (await this.address(role, scheme)).split(":")[1] ?? "";
  }

  /** Ends the process and waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
  }
}
