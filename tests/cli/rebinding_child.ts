/**
 * A webhook whose name means somebody's endpoint at one look-up and this machine at the next; run in a
 * network of its own, see `rebinding_test.ts`.
 */

import { strict as assert } from "node:assert";
import { heartbeatBody } from "../roles/state/game_host.ts";
import { eventually } from "../support/eventually.ts";
import { PulseboxProcess } from "./pulsebox_process.ts";

const OUTSIDE = "10.0.0.7";
const INSIDE = "127.0.0.1";
const CONSOLE_PORT = 8_880;
const STATE_PORT = 6_969;

/** The owner of a zone: says where its names are, from one question to the next. */
class Zone {
  /** Questions for an IPv4 address. */
  questions = 0;
  address = OUTSIDE;
  readonly #socket = Deno.listenDatagram({ transport: "udp", hostname: INSIDE, port: 53 });

  async serve(): Promise<void> {
    for await (const [question, peer] of this.#socket) {
      const reply = this.#answer(question);
      await this.#socket.send(reply, peer);
    }
  }

  #answer(question: Uint8Array): Uint8Array {
    let end = 12;
    while (question[end] !== 0) end += (question[end] ?? 0) + 1;
    const asked = question.subarray(12, end + 5);
    const isAddress = question[end + 2] === 1;
    if (isAddress) this.questions++;
    const head = [question[0] ?? 0, question[1] ?? 0, 0x84, 0x00, 0, 1, 0, isAddress ? 1 : 0];
    const record = isAddress
      // Its own name, type A, class IN, no time to live, four bytes.
      ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...this.address.split(".").map(Number)]
      : [];
    return Uint8Array.from([...head, 0, 0, 0, 0, ...asked, ...record]);
  }
}

async function useResolver(): Promise<void> {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, `nameserver ${INSIDE}\noptions timeout:5 attempts:1\n`);
  const args = ["--bind", path, "/etc/resolv.conf"];
  assert.ok((await new Deno.Command("mount", { args }).output()).success);
}

await useResolver();
const zone = new Zone();
void zone.serve();

/** What came to the endpoint outside, by port. */
const outside: number[] = [];
let status = 500;
for (const port of [CONSOLE_PORT, STATE_PORT]) {
  Deno.serve({ hostname: OUTSIDE, port, onListen() {} }, async (request) => {
    await request.text();
    outside.push(port);
    return new Response(null, { status });
  });
}

await using host = new PulseboxProcess([
  "--heartbeat",
  "--state",
  `--state-host=${INSIDE}`,
  // The operator has taken somebody else's word for where to send what.
  `--webhook=http://evil.test:${CONSOLE_PORT}/api/v1/pause`,
  `--webhook=http://evil.test:${STATE_PORT}/State/EmergencyAllClients`,
]);
await host.stderrHas(/role=console/);
const inside = `http://${INSIDE}`;
const beat = (name: string) => fetch(`${inside}:8888/hb_ping?0&appid=${name}`);
const ask = async (path: string) =>
  (await fetch(`${inside}:${CONSOLE_PORT}/api/v1/${path}`)).json();
const body = heartbeatBody("1");
await (await fetch(`${inside}:${STATE_PORT}/Heartbeat/Update`, { method: "POST", body })).text();
await (await beat("tetris")).text();

// The first attempt goes outside, and fails; from then on the name means this machine.
await eventually("attempt outside", () => outside.length >= 2);
const before = outside.length;

zone.address = INSIDE;
const warned = (port: number) => async () => {
  const { warnings } = await ask("verdict") as { warnings: string[] };
  return warnings.some((text) => new RegExp(`evil\\.test:${port}: status 40[13]`).test(text));
};
for (const port of [CONSOLE_PORT, STATE_PORT]) await eventually(`refusal at ${port}`, warned(port));
assert.equal((await ask("members") as { pause: unknown }).pause, null, "nobody paused the host");
const { clients } = await ask("game/clients") as { clients: { id: string; emergency: boolean }[] };
assert.deepEqual(clients.map(({ emergency }) => emergency), [false]);
assert.equal(outside.length, before, "nothing went outside meanwhile");

// It means the endpoint again: the message that waited arrives.
zone.address = OUTSIDE;
status = 200;
const tried = await fetch(`${inside}:${CONSOLE_PORT}/api/v1/notify/test`, { method: "POST" });
assert.equal((await tried.json()).ok, true);
await eventually("message that waited", async () => {
  const { warnings } = await ask("verdict") as { warnings: string[] };
  return warnings.length === 0 && outside.length >= before + 4;
});
host.signal("SIGTERM");
await host.finished();
Deno.exit(0);
