/** A running host on a machine that stops it, has little memory or little time, or is crowded. */

import { strict as assert } from "node:assert";
import { EVENT_STREAMS_PER_ADDRESS_MAX } from "../../src/console/live/live_hub.ts";
import { commandLine, PulseboxHost, PulseboxProcess } from "../cli/pulsebox_process.ts";
import { canLimit, ControlGroup, type GroupLimits } from "../support/control_group.ts";
import { eventually } from "../support/eventually.ts";
import { requirement } from "../support/require.ts";
import { bytesOf, textOf, within } from "../support/tcp.ts";

const PROMISE_MS = 300;
/** More than twice as long as an application may be silent before it is gone. */
const STOP_MS = 3_000;
const TABS = 1_000;
const CROWD = 1_500;

async function beat(url: string, name: string, promiseMs = PROMISE_MS): Promise<void> {
  const reply = await fetch(`${url}/hb_ping?${promiseMs}&appid=${name}`);
  assert.equal(reply.status, 200);
  await reply.body?.cancel();
}

/** Lets applications be heard for a while. */
async function beating(url: string, names: readonly string[], ms: number, promiseMs?: number) {
  for (const until = performance.now() + ms; performance.now() < until;) {
    await Promise.all(names.map((name) => beat(url, name, promiseMs)));
    await new Promise((done) => setTimeout(done, PROMISE_MS / 4));
  }
}

Deno.test("a host that was stopped for long calls nobody late who is there, and then whoever is not", async () => {
  await using host = await PulseboxHost.start(["--lost-after=2x"]);
  await beat(host.url, "stays");
  await beat(host.url, "leaves");
  host.process.signal("SIGSTOP");
  await new Promise((done) => setTimeout(done, STOP_MS));
  host.process.signal("SIGCONT");
  await beating(host.url, ["stays"], 3_500);
  await host.process.stderrHas(/Could not listen for \d+ ms; nobody is late because of it/);
  await host.process.stderrHas(/leaves @ \S+ is lost .*silentMs=[234]\d{3}$/m);
  assert.doesNotMatch(host.process.stderrText, /stays @ \S+ is (?:late|lost|gone)/);
});

Deno.test("a thousand tabs get a bounded number of streams, and no heartbeat waits for them", async () => {
  await using host = await PulseboxHost.start();
  const { hostname, port } = new URL(host.consoleUrl);
  const request = bytesOf(`GET /api/v1/events HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  const tabs: Deno.Conn[] = [];
  const open = async () => {
    const tab = await Deno.connect({ hostname, port: Number(port) });
    tabs.push(tab);
    await tab.write(request);
    const buffer = new Uint8Array(4_096);
    const count = await within(tab.read(buffer), "an answer to a tab");
    return textOf(buffer.subarray(0, count ?? 0)).split(" ")[1];
  };
  try {
    const answers: (string | undefined)[] = [];
    while (answers.length < TABS) {
      answers.push(...await Promise.all(Array.from({ length: 50 }, open)));
      const asked = performance.now();
      await beat(host.url, "tetris");
      assert.ok(performance.now() - asked < 1_000, `after ${answers.length} tabs`);
    }
    const count = (status: string) => answers.filter((answer) => answer === status).length;
    assert.equal(count("200"), EVENT_STREAMS_PER_ADDRESS_MAX);
    assert.equal(count("503"), TABS - EVENT_STREAMS_PER_ADDRESS_MAX);
  } finally {
    for (const tab of tabs.splice(0)) tab.close();
  }
  await eventually("room for another tab", async () => await open() === "200");
  for (const tab of tabs) tab.close();
});

/** A host in a group of its own. */
async function limited(
  limits: GroupLimits,
  act: (url: string, host: PulseboxProcess) => Promise<void>,
) {
  using group = ControlGroup.make(`pulsebox-test-${Deno.pid}`, limits);
  await using host = new PulseboxProcess(
    ["--heartbeat", "--heartbeat-port=0", "--console-port=0"],
    {},
    [...group.words, ...commandLine([])],
  );
  const [, url = ""] = await host.stderrHas(/Listening on (\S+) role=heartbeat/, 30_000);
  await act(url, host);
}

if (
  requirement("a host with little memory or time", {
    name: "root and control groups",
    available: Deno.uid() === 0 && canLimit(),
    howToGet: "sudo, on a machine whose control groups can be changed",
  })
) {
  Deno.test("a host on a twentieth of a core makes nobody late", async () => {
    await limited({ processor: 0.05 }, async (url, host) => {
      const names = Array.from({ length: 5 }, (_, index) => `app${index}`);
      await beating(url, names, 4_000, 1_000);
      assert.doesNotMatch(host.stderrText, /is (?:late|lost|gone)/);
    });
  });

  Deno.test("a host with 128 MiB of memory outlives a crowd that sends half of what it may", async () => {
    await limited({ memoryBytes: 134_217_728 }, async (url, host) => {
      const { hostname, port } = new URL(url);
      const half = bytesOf(`GET /x HTTP/1.1\r\nHost: a\r\nX-Half: ${"x".repeat(8_000)}`);
      const crowd: Deno.Conn[] = [];
      try {
        while (crowd.length < CROWD) {
          const peer = await Deno.connect({ hostname, port: Number(port) });
          crowd.push(peer);
          await peer.write(half).catch(() => {});
        }
        await beat(url, "tetris");
      } finally {
        for (const peer of crowd) peer.close();
      }
      await beat(url, "tetris");
      host.signal("SIGTERM");
      assert.equal((await host.finished()).status, 0);
    });
  });
}
