/**
 * What the appliance knows about a role.
 *
 * @module
 */

/** The roles that a host can have. */
export type RoleName = "heartbeat" | "trigger" | "hev" | "state" | "fleet";

/** A running role: one protocol on its sockets. */
export interface Role extends AsyncDisposable {
  readonly name: RoleName;
  /** Where it can be reached, as URLs such as `http://127.0.0.1:8888`. */
  readonly addresses: readonly string[];
  /**
   * Whether the role does its job right now. Called at least every ten seconds; returns at once.
   *
   * @param now Listening time in milliseconds.
   * @return One sentence about the problem, or `undefined` if the role is healthy.
   */
  selfCheck(now: number): string | undefined;
  /** Samples by name and labels as Prometheus writes them, in base units; see `metric_table.ts`. */
  metrics(): Readonly<Record<string, number>>;
  /** Ends the role: finishes pending work, then closes. Idempotent, bounded to one second. */
  stop(): Promise<void>;
}
