/**
 * A fleet's messages through a real broker, beside the client alone.
 *
 * @module
 */

import { Events } from "../../src/core/events.ts";
import { Members } from "../../src/core/members.ts";
import { makeStream, readStream } from "../../src/net/nats/streams.ts";
import { fleetStreams, readDocuments } from "../../src/roles/fleet/memory.ts";
import { fleetRules } from "../../src/roles/fleet/options.ts";
import { Viewer } from "../../src/roles/fleet/viewer.ts";
import { encodeBeat } from "../../src/wire/fleet/beat.ts";
import { fleetSubject, hostsStream } from "../../src/wire/fleet/subjects.ts";
import { NATS_SERVER, NatsServer } from "../../tests/support/nats_server.ts";
import { connect, documentOf, HOSTS, MEMBERS, NO_COUNTS } from "./fleet_load.ts";
import { quantile, type Row } from "./row.ts";

const CHANGES = 2_000;
const area = "fleet";

/** Measures with a broker of its own; nothing where none is installed. */
export async function run(): Promise<Row[]> {
  if (!NATS_SERVER.available) {
    console.error(`The fleet needs a broker: get it with ${NATS_SERVER.howToGet}`);
    return [];
  }
  const folder = await Deno.makeTempDir();
  try {
    await using broker = await NatsServer.start({ folder });
    await using host = await connect(broker.port, "host");
    await using desk = await connect(broker.port, "desk");
    for (const plan of fleetStreams("museum", 1)) await makeStream(desk, plan);
    const viewer = makeViewer();
    let onMessage: (kind: "document" | "bare") => void = () => {};
    desk.listen("pulsebox.museum.host.*", (subject, bytes) => {
      viewer.document(subject, bytes);
      onMessage("document");
    });
    desk.listen("pulsebox.museum.beat.*", (subject, bytes) => viewer.beat(subject, bytes));
    desk.listen("bare.*", () => onMessage("bare"));
    await desk.connected().flush();

    let seq = 0;
    const send = (kind: "document" | "bare") => {
      seq++;
      const name = `h${seq % HOSTS}`;
      const subject = kind === "bare" ? `bare.${name}` : fleetSubject("museum", "host", name);
      host.publish(subject, documentOf(seq));
    };
    const latencies = async (kind: "document" | "bare"): Promise<number[]> => {
      const found: number[] = [];
      for (let count = 0; count < CHANGES; count++) {
        const { promise, resolve } = Promise.withResolvers<void>();
        onMessage = (heard) => heard === kind && resolve();
        const began = performance.now();
        send(kind);
        await promise;
        found.push(performance.now() - began);
      }
      return found;
    };
    const storm = async (kind: "document" | "bare"): Promise<number> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let heard = 0;
      onMessage = (what) => what === kind && ++heard === CHANGES && resolve();
      const began = performance.now();
      for (let count = 1; count <= CHANGES; count++) {
        send(kind);
        // A connection takes only so much at once.
        if (count % 50 === 0) await host.connected().flush();
      }
      await promise;
      return CHANGES * 1_000 / (performance.now() - began);
    };
    await latencies("bare");
    const [bare, own] = [await latencies("bare"), await latencies("document")];
    const [bareRate, rate] = [await storm("bare"), await storm("document")];
    const snapshot = async (read: () => Promise<void>) => {
      const began = performance.now();
      await read();
      return performance.now() - began;
    };
    const readMs = await snapshot(() => {
      const fresh = makeViewer();
      return readDocuments(desk, "museum", (...message) => fresh.document(...message));
    });
    const bareMs = await snapshot(() =>
      readStream(desk, hostsStream("museum"), "newest", () => {})
    );
    const beatUs = timeOfBeats();
    return [
      row(
        "a document to the picture, p50; floor: the client alone",
        quantile(own, 0.5),
        quantile(bare, 0.5),
        "ms",
      ),
      row(
        "a document to the picture, p99; floor: the client alone",
        quantile(own, 0.99),
        quantile(bare, 0.99),
        "ms",
      ),
      {
        ...row("documents in a storm; floor: the client alone", rate, bareRate, "/s"),
        goal: ">= 400 /s",
        pass: rate >= 400,
      },
      row(
        `snapshot of ${HOSTS} hosts with ${MEMBERS} members; floor: read alone`,
        readMs,
        bareMs,
        "ms",
      ),
      { area, measure: "processor time of a beat in a console", value: beatUs, unit: "us" },
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function row(measure: string, value: number, floor: number, unit: string): Row {
  return { area, measure, value, floor, unit, ratio: value / floor };
}

function makeViewer(): Viewer {
  const members = new Members({ now: performance.now(), events: new Events() });
  return new Viewer({
    roster: members.open(fleetRules()),
    now: () => performance.now(),
    wake: () => {},
    onRefused: ({ reason, detail }) => console.error(`${reason}: ${detail}`),
  });
}

/** @return Microseconds for one of a fleet's beats. */
function timeOfBeats(): number {
  const viewer = makeViewer();
  const rounds = 100;
  const beats = Array.from({ length: rounds }, (_, index) =>
    encodeBeat({
      epoch: 1,
      n: index + 1,
      seq: 0,
      ageMs: 0,
      verdict: "well",
      counts: NO_COUNTS,
      tells: false,
    }));
  const began = performance.now();
  for (const beat of beats) {
    for (let host = 0; host < HOSTS; host++) {
      viewer.beat(fleetSubject("museum", "beat", `h${host}`), beat);
    }
  }
  return (performance.now() - began) * 1_000 / (rounds * HOSTS);
}
