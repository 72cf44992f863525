/**
 * A serial line to a hundred TCP clients, beside ser2net, which passes the bytes on as they are, and a
 * bare relay that writes a packet of the product's size for each frame.
 *
 * @module
 */

import { hold } from "./peers/contest.ts";
import { FRAME } from "./peers/controller.ts";
import { serialContenders } from "./peers/serial_contenders.ts";
import type { Row } from "./row.ts";

const CLIENTS = 100;

/** Measures them in turns. */
export function run(): Promise<Row[]> {
  return hold({
    area: "peers",
    what: `serial frames of ${FRAME.length} bytes to ${CLIENTS} TCP clients`,
    thing: "delivery",
    pace: "50 a second",
    contenders: serialContenders(CLIENTS),
  });
}
