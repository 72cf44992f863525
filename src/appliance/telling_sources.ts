/**
 * Logs refused connections: the peer itself cannot be told, because the connection speaks no
 * protocol yet.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import { AddressFilter } from "../net/address_filter.ts";
import type { AddressSettings } from "./settings.ts";

/** The filter of `--allow` and `--deny`; the log counts lines that differ only in the address. */
export function tellingSources(
  settings: AddressSettings,
  log: Logger,
): { admits(hostname: string): boolean } {
  const filter = new AddressFilter(settings);
  return {
    admits(hostname) {
      const isAdmitted = filter.admits(hostname);
      if (!isAdmitted) {
        log.warning("A connection was refused: --allow and --deny keep its address out", {
          address: hostname,
        });
      }
      return isAdmitted;
    },
  };
}
