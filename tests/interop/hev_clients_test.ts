/**
 * The HEV role and clients in Python that read as the original ones do.
 */

import { strict as assert } from "node:assert";
import { DumpSource } from "../../src/roles/hev/dump_source.ts";
import { readRecording } from "../../src/wire/hev/recording.ts";
import { Station } from "../roles/hev/station.ts";
import { requirement } from "../support/require.ts";
import { isInstalled } from "../support/tool.ts";
import { dumpBytes } from "../wire/hev/dumps.ts";

const CLIENT = new URL("hev_client.py", import.meta.url).pathname;
/**
 * How much of the recordings is played, and how fast. A release is tested with an hour at a speed at
 * which no packet is conflated: 3600 and 20.
 */
const PLAYED_SECONDS = Number(Deno.env.get("PULSEBOX_HEV_PLAYED_SECONDS") ?? 60);
const SPEED = Number(Deno.env.get("PULSEBOX_HEV_SPEED") ?? 20);

/** How often clients may be kept waiting by the machine. */
const TRIES = 4;

const isThere = requirement("HEV clients", {
  name: "python3",
  available: isInstalled("python3"),
  howToGet: "apt-get install python3",
});

async function python(...args: string[]): Promise<Record<string, unknown>> {
  const { success, stdout } = await new Deno.Command("python3", {
    args: [CLIENT, ...args],
    stdin: "null",
    stderr: "inherit",
  }).output();
  assert.ok(success, `${args.join(" ")} ends well`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

function stationOf(name: string, speed: number): Station {
  const recording = readRecording(dumpBytes(name));
  assert(!("reason" in recording));
  const source = new DumpSource({
    place: name,
    recording,
    speed,
    now: () => performance.now(),
  });
  return new Station({ source, dialects: ["seed", "nul"], silenceMs: 60_000 });
}

if (isThere) {
  for (const name of ["byteArray.dump", "sample.txt", "dump-AA-20200526.dump"]) {
    Deno.test(`HEV clients of the first generations read ${name} without one error`, async () => {
      const playedAt = async (speed: number) => {
        await using station = stationOf(name, speed);
        const args = ["seed", `${station.ports[0]}`, `${PLAYED_SECONDS / speed}`];
        return await Promise.all([500, 600].map((bytes) => python(...args, `${bytes}`)));
      };
      let results = await playedAt(SPEED);
      // A client that a busy machine keeps waiting for 50 ms finds two packets and takes them for one:
      // the slower the packets come, the less likely that is.
      for (let tries = 1; tries < TRIES && results.some(({ errors }) => errors !== 0); tries++) {
        results = await playedAt(SPEED / 2 ** tries);
      }
      for (const result of results) {
        const { packets, errors, longest, alarms } = result;
        assert.equal(errors, 0, JSON.stringify(result));
        const packetsMin = 10 * PLAYED_SECONDS / SPEED;
        assert.ok(Number(packets) >= packetsMin, `${packets} of ${packetsMin} packets`);
        assert.ok(Number(longest) <= 500, `longest packet has ${longest} bytes`);
        if (PLAYED_SECONDS > 10) assert.notDeepEqual(alarms, [], "an alarm within seconds");
      }
    });
  }

  for (const name of ["dump-AA-20200526.dump", "B6-20200805.dump"]) {
    Deno.test(`HEV clients of the later generations read ${name} without one error`, async () => {
      await using station = stationOf(name, 10);
      const { packets, errors, types } = await python("nul", `${station.ports[1]}`, "2");
      assert.equal(errors, 0);
      assert.ok(Number(packets) > 100);
      assert.ok((types as string[]).includes("DATA"));
    });
  }

  Deno.test("HEV clients send commands and acknowledge alarms in both dialects", async () => {
    // Six starts of Python may take longer than the silence after which ARDUINO_FAIL is raised.
    await using station = new Station({ silenceMs: 60_000 });
    const port = String(station.queryPort);
    const command = { cmdtype: "GENERAL", cmd: "START", param: null };
    station.source.alarm("APNEA");
    const requests: [request: string, reply: string][] = [
      [JSON.stringify({ type: "cmd", ...command }), "ack"],
      [JSON.stringify({ type: "CMD", ...command }) + "\\0", "ack"],
      [JSON.stringify({ type: "cmd", cmd: "CMD_STOP", param: null }), "ack"],
      [JSON.stringify({ type: "alarm", ack: "OCCLUSION" }), "nack"],
      [JSON.stringify({ type: "alarm", ack: "APNEA" }), "ack"],
      [JSON.stringify({ type: "setmode", mode: "PRVC" }), "nack"],
    ];
    for (const [request, type] of requests) {
      assert.deepEqual(await python("ask", port, request), { type }, request);
    }
    assert.equal(station.source.requests.length, 3);
    assert.deepEqual(station.role.alarms, []);
  });
}
