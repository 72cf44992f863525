/**
 * Exhibits on many stations, all of them on this machine.
 *
 * @module
 */

import { get } from "node:http";

/** Lets an exhibit beat from an address of its own. */
export function beatFrom(
  address: string,
  origin: string,
  name: string,
  delayMs = 600_000,
): Promise<void> {
  const url = `${origin}/hb_ping?${delayMs}&appid=${encodeURIComponent(name)}`;
  return new Promise((done, fail) => {
    get(url, { localAddress: address, agent: false }, (reply) => {
      reply.resume();
      reply.on("end", done);
    }).on("error", fail);
  });
}
