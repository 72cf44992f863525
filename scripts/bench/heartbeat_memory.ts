/**
 * Memory that one application costs when there are a million.
 *
 * @module
 */

import { Events } from "../../src/core/events.ts";
import { Members } from "../../src/core/members.ts";
import { heartbeatRules } from "../../src/roles/heartbeat/options.ts";
import { HeartbeatService } from "../../src/roles/heartbeat/service.ts";
import { runChild } from "../process.ts";
import type { Row } from "./row.ts";

const APPLICATIONS = 1_000_000;
/** The room of the tables is for twice as many as are there. */
const APPLICATIONS_MAX = 2 * APPLICATIONS;
const ADDRESSES = 1_000;
const BYTES_MAX = 400;
/** More old space than the runtime allows by itself on a small machine. */
const CHILD = ["run", "--quiet", "--allow-all", "--v8-flags=--expose-gc,--max-old-space-size=2048"];

interface Sizes {
  heapBytes: number;
  residentBytes: number;
}

/** Fills a service in a process of its own, whose garbage can be collected at will. */
export async function run(): Promise<Row[]> {
  const sizes = await runChild<Sizes>([...CHILD, "scripts/bench/heartbeat_memory.ts"]);
  return [
    row("memory per application, 1 000 000 of them", sizes.heapBytes),
    row("resident memory per application, 1 000 000 of them", sizes.residentBytes),
  ];
}

function row(measure: string, bytes: number): Row {
  const value = bytes / APPLICATIONS;
  const goal = `<= ${BYTES_MAX}`;
  return { area: "heartbeat", measure, value, unit: "B", goal, pass: value <= BYTES_MAX };
}

if (import.meta.main) console.log(JSON.stringify(measure()));

function measure(): Sizes {
  const members = new Members({ now: 0, events: new Events() });
  members.open(heartbeatRules({
    applicationsMax: APPLICATIONS_MAX,
    applicationsPerAddressMax: APPLICATIONS_MAX,
  }));
  const service = new HeartbeatService({ members, now: () => 0 });
  const before = sizesNow();
  for (let index = 0; index < APPLICATIONS; index++) {
    const station = index % ADDRESSES;
    const target = received(`/hb_ping?60000&appid=application-${index}&cache_buster=1_${index}`);
    service.answer(target, received(`10.0.${station >> 8}.${station & 255}`));
  }
  const after = sizesNow();
  if (service.roster.size !== APPLICATIONS) throw new Error("Cannot measure: applications missing");
  return {
    heapBytes: after.heapBytes - before.heapBytes,
    residentBytes: after.residentBytes - before.residentBytes,
  };
}

/** A text of its own, as it comes from a socket: no piece of it is shared. */
function received(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

/** Typed arrays lie outside of the heap and count as well. */
function sizesNow(): Sizes {
  const { gc } = globalThis as typeof globalThis & { gc?: () => void };
  gc?.();
  gc?.();
  const { heapUsed, external, rss } = Deno.memoryUsage();
  return { heapBytes: heapUsed + external, residentBytes: rss };
}
