import { strict as assert } from "node:assert";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { runHere } from "../fake_terminal.ts";
import { runProcess } from "../pulsebox_process.ts";

interface Row {
  topic: string;
  verdict: string;
  text: string;
  advice?: string;
}

async function doctor(...args: string[]): Promise<{ status: number; rows: Row[] }> {
  const { status, stdout, stderr } = await runHere(["doctor", "--json", ...args]);
  assert.equal(stderr, "");
  return { status, rows: JSON.parse(stdout).findings };
}

function find(rows: readonly Row[], topic: string): Row {
  const row = rows.find((each) => each.topic === topic);
  assert.ok(row !== undefined, `nothing about ${topic}`);
  return row;
}

Deno.test("pulsebox doctor lets every role's protocol talk to itself", async () => {
  const { status, rows } = await doctor("--no-console");
  assert.equal(status, 0, JSON.stringify(rows.filter(({ verdict }) => verdict === "FAIL")));
  assert.match(find(rows, "heartbeat protocol").text, /^hb_ping answered 6000 after \d+ ms$/);
  assert.match(find(rows, "trigger protocol").text, /^woken after/);
  assert.match(find(rows, "hev protocol").text, /^values of a recording came after/);
  assert.match(find(rows, "state protocol").text, /^ZeroMQ .* answered DISCONNECTED after/);
});

Deno.test("pulsebox doctor tells the machine as the system's own tools do", async () => {
  const { rows } = await doctor("--offline");
  const said = async (program: string, ...args: string[]) => {
    const { stdout } = await new Deno.Command(program, { args }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  assert.equal(find(rows, "kernel").text, await said("uname", "-r"));
  assert.equal(find(rows, "page size").text, `${await said("getconf", "PAGESIZE")} bytes`);
  assert.equal(`glibc ${find(rows, "glibc").text}`, await said("getconf", "GNU_LIBC_VERSION"));
  const [limit = ""] = /^\d+/.exec(find(rows, "file limit").text) ?? [];
  assert.ok(Number(limit) > 0);
});

Deno.test("pulsebox doctor says whose a port is, and fails", async () => {
  using squatter = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = squatter.addr;
  // The squatter is this process, whose name is Deno's: it might be a host that runs already.
  const { status, rows } = await doctor("--heartbeat", `--heartbeat-port=${port}`, "--no-console");
  assert.equal(status, 0);
  const row = find(rows, "heartbeat port");
  assert.equal(row.verdict, "WARN");
  assert.match(
    row.text,
    new RegExp(`tcp 127.0.0.1:${port} is used by deno\\S* \\(process ${Deno.pid}\\)`),
  );

  await using foreign = new Deno.Command("python3", {
    args: [
      "-c",
      "import socket,sys; s=socket.socket(); s.bind(('127.0.0.1',0)); s.listen(); " +
      "print(s.getsockname()[1], flush=True); sys.stdin.read()",
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = foreign.stdout.getReader();
  const { value } = await reader.read();
  const theirs = new TextDecoder().decode(value).trim();
  const { status: failed, rows: failures } = await doctor(
    "--heartbeat",
    `--heartbeat-port=${theirs}`,
    "--no-console",
  );
  assert.equal(failed, 1);
  assert.equal(find(failures, "heartbeat port").verdict, "FAIL");
  assert.match(find(failures, "heartbeat port").text, /used by python3\S* \(process \d+\)$/);
  assert.match(find(failures, "heartbeat port").advice ?? "", /--heartbeat-port/);
  await foreign.stdin.close();
  await reader.cancel();
  await foreign.status;
});

Deno.test("pulsebox doctor measures the data folder, and fails if there is none", async () => {
  using directory = temporaryDirectory();
  const { status, rows } = await doctor("--offline", "--heartbeat", `--data=${directory.path}`);
  assert.equal(status, 0);
  assert.match(find(rows, "data folder").text, /MiB free, one fsync takes [\d.]+ ms$/);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(directory.path)), []);
  const missing = await doctor("--offline", "--heartbeat", `--data=${directory.path}/none`);
  assert.equal(missing.status, 1);
  assert.match(find(missing.rows, "data folder").text, /there is no such folder$/);
});

Deno.test("pulsebox doctor looks at the serial port of the settings", async () => {
  const { status, rows } = await doctor("--offline", "--hev", "--hev-source=serial:/dev/none");
  assert.equal(status, 1);
  assert.match(find(rows, "serial port").text, /^\/dev\/none is not there or may not be opened$/);
});

Deno.test("pulsebox doctor --permissions tells what is kept and why", async () => {
  const { status, stdout } = await runHere(["doctor", "--permissions", "--hev"]);
  assert.equal(status, 0);
  assert.match(stdout, /^OK {2}--allow-ffi +kept for the serial port$/m);
  assert.match(stdout, /^OK {2}--allow-write +given back$/m);
});

Deno.test("pulsebox doctor needs no more than it is given", async () => {
  const args = ["doctor", "--offline", "--heartbeat"];
  const { status, stdout } = await runProcess(args, {}, [
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-prompt",
    "--no-check",
    "--unstable-net",
    "--allow-env",
    "--allow-sys",
    "main.ts",
  ]);
  assert.equal(status, 0);
  assert.match(stdout, /^WARN +C library +it cannot be called/m);
});
