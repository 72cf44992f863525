import { strict as assert } from "node:assert";
import { EmulatorSource } from "../../../src/roles/hev/emulator_source.ts";
import { readRecording } from "../../../src/wire/hev/recording.ts";
import { dumpBytes } from "../../wire/hev/dumps.ts";
import { within } from "../../support/tcp.ts";
import { eventually, Station } from "./station.ts";

Deno.test("EmulatorSource plays a recording through the serial protocol and takes commands", async () => {
  const recording = readRecording(dumpBytes("B6-20200805.dump"));
  assert(!("reason" in recording));
  const commands: string[] = [];
  const source = new EmulatorSource({
    place: "B6",
    recording,
    layout: "A0",
    now: () => performance.now(),
    speed: 50,
    onCommand: ({ cmdtype, cmd, param }) => commands.push(`${cmdtype} ${cmd} ${param}`),
  });
  await using station = new Station({ source });
  using client = await station.listen();
  // On a slow machine one read may bring more than one packet.
  const bytes = new Uint8Array(500);
  const count = await within(client.conn.read(bytes), "a packet") ?? 0;
  assert.match(new TextDecoder().decode(bytes.subarray(0, count)), /^[^}]*"version": ?182\b/);
  const request = '{"type":"cmd","cmdtype":"SET_TARGET_CPAP","cmd":"PEEP","param":5.5}';
  assert.equal(await station.ask(request), '{"type": "ack"}');
  await eventually(() => commands.length > 0, "the command");
  assert.deepEqual(commands, ["SET_TARGET_CPAP PEEP 5.5"]);
  const personal = '{"type":"PERSONAL","name":"Ada","patient_id":"1","age":36,"sex":"F",' +
    '"height":165,"weight":55}\0';
  assert.equal(await station.ask(new TextEncoder().encode(personal)), '{"type": "ack"}\0');
  await eventually(
    () => station.role.metrics()['hev_serial_commands_total{result="acknowledged"}'] === 2,
    "both are acknowledged",
  );
  assert.ok((station.role.metrics()["hev_payloads_total"] ?? 0) > 10);
  await station.role.stop();
  assert.equal(
    source.request({ type: "command", command: { cmdtype: "GENERAL", cmd: "START", param: 0 } })
      ?.type,
    "refused",
  );
});
