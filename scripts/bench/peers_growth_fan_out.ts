/**
 * How processor time and memory grow with the number of subscribers, beside peers and floors.
 *
 * @module
 */

import { zmtp, zws } from "./peers/dialect.ts";
import { allGrown } from "./peers/growth.ts";
import { serialContenders } from "./peers/serial_contenders.ts";
import { fanOutContenders, PAYLOAD } from "./peers_fan_out.ts";
import { stateContenders } from "./peers_state.ts";
import type { Row } from "./row.ts";

const SIZES = [10, 100, 1_000];
/** For what is cheap enough to be measured in seconds. */
const MORE_SIZES = [...SIZES, 10_000];

/** Measures one line-up after the other. */
export function run(): Promise<Row[]> {
  const publication = { area: "peers", thing: "publication", clients: "subscribers" };
  return allGrown([
    ...[zmtp(PAYLOAD), zws(PAYLOAD)].map((dialect) => ({
      ...publication,
      what: `publications over ${dialect.name}`,
      sizes: MORE_SIZES,
      contenders: fanOutContenders(dialect, 0),
    })),
    { ...publication, what: "states", sizes: SIZES, contenders: stateContenders(0) },
    {
      area: "peers",
      what: "serial frames",
      thing: "frame",
      clients: "TCP clients",
      sizes: SIZES,
      contenders: serialContenders(0),
    },
  ]);
}
