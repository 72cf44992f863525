import { strict as assert } from "node:assert";
import { HevEmulator } from "../../../src/clients/hev/emulator.ts";
import { SerialSource } from "../../../src/roles/hev/serial_source.ts";
import { encodeNulPacket, isBroadcast } from "../../../src/wire/hev/nul_packet.ts";
import { readRecording } from "../../../src/wire/hev/recording.ts";
import { eventually, Station } from "../../roles/hev/station.ts";
import { dumpBytes } from "../../wire/hev/dumps.ts";

Deno.test("HevEmulator plays a microcontroller that a server takes for a real one", async () => {
  const recording = readRecording(dumpBytes("dump-AA-20200526.dump"));
  assert(!("reason" in recording));
  const commands: string[] = [];
  await using emulator = await HevEmulator.open({
    recording,
    speed: 5,
    repeat: "once",
    alarms: { everyMs: Infinity },
    onCommand: ({ cmdtype, cmd, param }) => commands.push(`${cmdtype} ${cmd} ${param}`),
  });
  const source = new SerialSource({
    place: emulator.portPath,
    layout: "A0",
    now: () => performance.now(),
  });
  await using station = new Station({ source, dialects: ["nul"] });
  using client = await station.listen();
  const expected: string[] = [];
  for (let index = 0; index < recording.length; index++) {
    const { payload } = recording.step(index, 0);
    if (isBroadcast(payload.type)) {
      expected.push(new TextDecoder().decode(encodeNulPacket(payload, []).subarray(0, -1)));
    }
  }
  const got: string[] = [];
  while (got.length < expected.length) {
    const packet = await client.nulPacket();
    assert(packet !== undefined);
    if (packet["type"] !== "keepalive") got.push(JSON.stringify(packet));
  }
  assert.deepEqual(got, expected);
  const request = '{"type":"cmd","cmdtype":"SET_MODE","cmd":"HEV_MODE_CPAP","param":7}';
  assert.equal(await station.ask(request), '{"type": "ack"}');
  await eventually(() => commands.length > 0, "the command");
  assert.deepEqual(commands, ["SET_MODE HEV_MODE_CPAP 7"]);
  await eventually(() => emulator.isDone, "the end of the recording");
  assert.deepEqual(emulator.counters, { sent: 100, acknowledged: 100, skipped: 0 });
});
