import { strict as assert } from "node:assert";
import { PulseboxHost, PulseboxProcess, runProcess } from "../pulsebox_process.ts";
import { lastingPort } from "../../support/lasting_port.ts";

interface Heard {
  command: string;
  delay: string;
  app: string;
}

/** A heartbeat server that writes down what it hears, and answers what it is told. */
class Recorder implements AsyncDisposable {
  readonly heard: Heard[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #onHeard: (() => void)[] = [];

  constructor(
    port: number,
    reply: (heard: Heard) => string | Promise<string>,
    unknown: readonly string[] = [],
  ) {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
      const { pathname, search } = new URL(request.url);
      const heard = {
        command: pathname.slice(1),
        delay: search.slice(1).split("&")[0] ?? "",
        app: /appid=([^&]*)/.exec(search)?.[1] ?? "",
      };
      this.heard.push(heard);
      for (const resolve of this.#onHeard.splice(0)) resolve();
      const status = unknown.includes(heard.command) ? 400 : 200;
      return new Response(await reply(heard), { status });
    });
  }

  get port(): number {
    return this.#server.addr.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get commands(): string[] {
    return this.heard.map(({ command }) => command);
  }

  async heardAtLeast(count: number): Promise<void> {
    while (this.heard.length < count) {
      await new Promise<void>((resolve) => this.#onHeard.push(resolve));
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }
}

/** The original's rule: a second more than announced. */
function tolerated({ command, delay }: Heard): string {
  return command === "hb_done" ? "So Long" : String(Number(delay) + 1000);
}

Deno.test("beat sends init, pings and done, and keeps the exit status", async () => {
  await using server = new Recorder(0, tolerated);
  const { status, stdout, stderr } = await runProcess(
    ["beat", "my app", "--init", "30s", "--", "sh", "-c", "echo out; echo err >&2; exit 7"],
    { HB_URL: server.url },
  );
  assert.equal(status, 7);
  assert.equal(stdout, "out\n");
  const [first, ...others] = server.heard;
  assert.equal(
    stderr,
    `pulsebox: "my app" sends a heartbeat to ${server.url} every 9s; it is lost after 50s of silence, ` +
      "unless --lost-after of the server says otherwise\nerr\n",
  );
  assert.deepEqual(first, { command: "hb_init", delay: "30000", app: "my%20app" });
  assert.deepEqual(others.at(-1), { command: "hb_fail", delay: "0", app: "my%20app" });
  assert(
    others.slice(0, -1).every(({ command, delay }) => command === "hb_ping" && delay === "9000"),
  );
});

Deno.test("beat paces itself by the reply", async () => {
  await using server = new Recorder(0, ({ command }) => command === "hb_ping" ? "200" : "200");
  await using process = new PulseboxProcess(
    ["beat", "x", "--interval", "100ms", "--", "sleep", "10"],
    { HB_URL: server.url },
  );
  await server.heardAtLeast(4);
  process.signal("SIGTERM");
  await process.finished();
  assert.deepEqual(server.commands.slice(0, 4), ["hb_init", "hb_ping", "hb_ping", "hb_ping"]);
});

Deno.test("beat hands its variables to the program", async () => {
  await using server = new Recorder(0, tolerated);
  const { stdout } = await runProcess(["beat", "pong", "--", "env"], {
    HB_URL: server.url,
    HB_PING_INTERVAL: "4000",
    APP_ID: "other",
    MINE: "kept",
  });
  const variables = new Map(
    stdout.trimEnd().split("\n").map((line) => {
      const cut = line.indexOf("=");
      return [line.slice(0, cut), line.slice(cut + 1)];
    }),
  );
  assert.equal(variables.get("HB_URL"), server.url);
  assert.equal(variables.get("APP_ID"), "pong");
  assert.equal(variables.get("HB_PING_INTERVAL"), "4000");
  assert.equal(variables.get("HB_INIT_TIMEOUT"), "10000");
  assert.equal(variables.get("HB_SEND_DONE"), "true");
  assert.equal(variables.get("MINE"), "kept");
});

Deno.test("beat takes the name from the environment, and runs without one", async () => {
  await using server = new Recorder(0, tolerated);
  await runProcess(["beat", "--", "true"], { HB_URL: server.url, APP_ID: "pong" });
  assert.equal(server.heard[0]?.app, "pong");
  const before = server.heard.length;
  const { status, stdout, stderr } = await runProcess(
    ["beat", "--", "sh", "-c", "echo out; exit 3"],
    { HB_URL: server.url },
  );
  assert.deepEqual([status, stdout, server.heard.length], [3, "out\n", before]);
  assert.match(stderr, /^pulsebox: No APP and no APP_ID/);
});

Deno.test("beat obeys the switches of the original wrapper", async () => {
  await using server = new Recorder(0, tolerated);
  await runProcess(["beat", "x", "--", "true"], {
    HB_URL: server.url,
    HB_SEND_INIT: "false",
    HB_SEND_PING: "false",
    HB_DONE_TIMEOUT: "5",
  });
  assert.deepEqual(server.heard, [{ command: "hb_done", delay: "5", app: "x" }]);
});

Deno.test("beat puts times into a template URL", async () => {
  await using host = await PulseboxHost.start();
  const template = `${host.url}/heartbeat.html?container=pong&next=%n`;
  const child = `echo "$HB_URL"; curl -s ${host.url}/list 2>/dev/null || true`;
  const { stdout, status } = await runProcess(["beat", "pong", "--", "sh", "-c", child], {
    HB_URL: template,
  });
  assert.equal(status, 0);
  assert.equal(stdout.split("\n")[0], template);
  await host.process.stderrHas(/hilbert\/pong @ 127\.0\.0\.1 is forgotten cause=done/);
});

Deno.test("a program that crashes under beat is lost at once, with the cause everywhere", async () => {
  await using host = await PulseboxHost.start();
  const killed = await runProcess(["beat", "chess", "--quiet", "--", "sh", "-c", "kill -KILL $$"], {
    HB_URL: host.url,
  });
  assert.equal(killed.stderr, "");
  await host.process.stderrHas(/chess @ 127.0.0.1 is lost .*reason="?ended by SIGKILL/);
  const cause = "exit status 7";
  await runProcess(["beat", "pong", "--", "sh", "-c", "exit 7"], { HB_URL: host.url });
  await host.process.stderrHas(new RegExp(`pong @ 127.0.0.1 is lost .*reason="?${cause}`));
  const status = await (await fetch(`${host.url}/status?0&appid=pong`)).text();
  assert.match(status, new RegExp(`^CRITICAL - failed ID: .pong @ 127.0.0.1.: ${cause}`));
  await runProcess(["beat", "pong", "--", "true"], { HB_URL: host.url });
  await host.process.stderrHas(/pong @ 127\.0\.0\.1 is forgotten cause=done/);
});

Deno.test("beat tells a failure again until the server has heard it", async () => {
  let failures = 0;
  const { promise: never, resolve: letGo } = Promise.withResolvers<string>();
  await using server = new Recorder(0, (heard) => {
    if (heard.command !== "hb_fail") return tolerated(heard);
    return ++failures === 1 ? never : "Failure noted";
  });
  const { status, stderr } = await runProcess(
    ["beat", "x", "--quiet", "--url", server.url, "--", "sh", "-c", "kill -KILL $$"],
  );
  assert.equal(status, 137);
  assert.equal(stderr, "");
  assert.equal(failures, 2);
  letGo("");
});

Deno.test("beat tells a failure once more where its last heartbeat may come later", async () => {
  let pings = 0;
  const { promise: never, resolve: letGo } = Promise.withResolvers<string>();
  await using server = new Recorder(0, (heard) => {
    return heard.command === "hb_ping" && ++pings > 1 ? never : tolerated(heard);
  });
  await using process = new PulseboxProcess(
    [
      "beat",
      "x",
      "--interval=100ms",
      "--url",
      server.url,
      "--",
      "sh",
      "-c",
      "echo $$; exec sleep 60",
    ],
  );
  const [pid] = await process.stdoutHas(/\d+/);
  await server.heardAtLeast(3);
  Deno.kill(Number(pid), "SIGKILL");
  assert.equal((await process.finished()).status, 137);
  assert.deepEqual(server.commands, ["hb_init", "hb_ping", "hb_ping", "hb_fail", "hb_fail"]);
  letGo("");
});

Deno.test("beat leaves a failure to the silence where the server does not know hb_fail", async () => {
  await using server = new Recorder(0, (heard) => tolerated(heard), ["hb_fail"]);
  const { status, stderr } = await runProcess(
    ["beat", "x", "--quiet", "--", "sh", "-c", "exit 3"],
    {
      HB_URL: server.url,
    },
  );
  assert.equal(status, 3);
  assert.equal(stderr, "");
  assert(!server.commands.includes("hb_done"));
});

Deno.test("beat does not hold the program up while the server is away or mute", async () => {
  const refused = await runProcess(["beat", "x", "--", "sh", "-c", "echo out; exit 5"], {
    HB_URL: "http://127.0.0.1:1",
  });
  assert.equal(refused.status, 5);
  assert.equal(refused.stdout, "out\n");
  assert.equal(refused.stderr.match(/Heartbeats do not arrive/g)?.length, 1);

  const mute = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    await using process = new PulseboxProcess(["beat", "x", "--", "echo", "out"], {
      HB_URL: `http://127.0.0.1:${(mute.addr as Deno.NetAddr).port}`,
    });
    const started = performance.now();
    await process.stdoutHas(/out/);
    assert.equal((await process.finished()).status, 0);
    assert(performance.now() - started < 4_000, "its end waits a second for its goodbye");
  } finally {
    mute.close();
  }
});

Deno.test("beat is heard again when the server comes back", async () => {
  const port = lastingPort();
  await using process = new PulseboxProcess(["beat", "x", "--", "sleep", "20"], {
    HB_URL: `http://127.0.0.1:${port}`,
  });
  await process.stderrHas(/Heartbeats do not arrive/);
  await using server = new Recorder(port, tolerated);
  await process.stderrHas(/Heartbeats arrive again/);
  assert.equal(server.heard[0]?.command, "hb_ping");
  process.signal("SIGTERM");
  await process.finished();
});

Deno.test("beat says 127 when the program cannot be started, and that it failed", async () => {
  await using server = new Recorder(0, tolerated);
  const { status, stderr } = await runProcess(["beat", "x", "--quiet", "--", "/no/such/program"], {
    HB_URL: server.url,
  });
  assert.equal(status, 127);
  assert.match(
    stderr,
    /^pulsebox: Cannot start "\/no\/such\/program": there is no such program\n$/,
  );
  assert.equal(server.commands.at(-1), "hb_fail");
});

Deno.test("beat tells by which signal the program was ended", async () => {
  await using server = new Recorder(0, tolerated);
  const { status } = await runProcess(["beat", "x", "--", "sh", "-c", "kill -KILL $$"], {
    HB_URL: server.url,
  });
  assert.equal(status, 137);
});

const ENDINGS = [["SIGTERM", 143], ["SIGINT", 130], ["SIGHUP", 129]] as const;

for (const [signal, expected] of ENDINGS) {
  Deno.test(`beat ends the program on ${signal}, says goodbye and ends with ${expected}`, async () => {
    await using server = new Recorder(0, tolerated);
    const program = "trap 'echo got TERM; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
    await using process = new PulseboxProcess(["beat", "x", "--", "sh", "-c", program], {
      HB_URL: server.url,
    });
    await process.stdoutHas(/ready/);
    process.signal(signal);
    const { status, stdout } = await process.finished();
    assert.equal(status, expected);
    assert.equal(stdout, "ready\ngot TERM\n");
    assert.equal(server.commands.at(-1), "hb_done");
  });
}

Deno.test("beat kills a program that does not heed SIGTERM after a second", async () => {
  await using server = new Recorder(0, tolerated);
  const program = "trap '' TERM; echo ready; while :; do sleep 0.05; done";
  await using process = new PulseboxProcess(["beat", "x", "--", "sh", "-c", program], {
    HB_URL: server.url,
  });
  await process.stdoutHas(/ready/);
  const started = performance.now();
  process.signal("SIGTERM");
  const { status } = await process.finished();
  const tookMs = performance.now() - started;
  assert.equal(status, 143);
  assert(tookMs >= 990 && tookMs < 4_000, `${tookMs} ms`);
});

Deno.test("beat without goodbye leaves the program running on a signal", async () => {
  await using server = new Recorder(0, tolerated);
  const program = "echo $$; exec sleep 30 >/dev/null 2>&1";
  await using process = new PulseboxProcess(["beat", "x", "--no-done", "--", "sh", "-c", program], {
    HB_URL: server.url,
  });
  const [, pid] = await process.stdoutHas(/^(\d+)\n/);
  process.signal("SIGTERM");
  try {
    assert.equal((await process.finished()).status, 143);
    assert(!server.commands.includes("hb_done"));
    Deno.kill(Number(pid), "SIGCONT");
  } finally {
    Deno.kill(Number(pid), "SIGKILL");
  }
});

Deno.test("beat without heartbeats passes signals on and keeps the status", async () => {
  const program = "trap 'echo got INT; exit 9' INT; echo ready; while :; do sleep 0.05; done";
  await using process = new PulseboxProcess(["beat", "--", "sh", "-c", program]);
  await process.stdoutHas(/ready/);
  process.signal("SIGINT");
  const { status, stdout } = await process.finished();
  assert.equal(status, 9);
  assert.equal(stdout, "ready\ngot INT\n");
});

Deno.test("beat chooses when its program is lost, and says so", async () => {
  await using host = await PulseboxHost.start();
  await using process = new PulseboxProcess(
    ["beat", "x", "--interval", "10s", "--lost-after", "1.5x", "--url", host.url, "--", "cat"],
  );
  await process.stderrHas(/every 10s; it is lost after 16s500ms of silence/);
  for (;;) {
    const reply = await fetch(`${host.url}/status?appid=x`);
    if (/;0\.9;1\.5;0;6 |;1;1\.5;0;6 /.test(await reply.text())) break;
  }
  const members = await fetch(`${host.consoleUrl}/api/v1/members`);
  const [member] = (await members.json()).members;
  assert.equal(member.lostAfterMs, 1.5 * member.promiseMs);
  process.signal("SIGTERM");
  await process.finished();
});

Deno.test("beat is quiet if it is told so", async () => {
  await using server = new Recorder(0, tolerated);
  const { stderr } = await runProcess(
    ["beat", "x", "--quiet", "--url", server.url, "--", "true"],
  );
  assert.equal(stderr, "");
});
