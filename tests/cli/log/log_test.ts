import { strict as assert } from "node:assert";
import { Log, type LogOptions } from "../../../src/cli/log/log.ts";

/** Runs something with a log, and gives the lines that it wrote. */
async function logged(
  options: Partial<LogOptions>,
  use: (log: Log) => void,
): Promise<string[]> {
  let text = "";
  const target = {
    write(bytes: Uint8Array): Promise<number> {
      text += new TextDecoder().decode(bytes);
      return Promise.resolve(bytes.length);
    },
  };
  {
    await using log = new Log({
      level: "info",
      format: "auto",
      journal: "none",
      clock: { now: () => 0, wall: () => 0 },
      target,
      ...options,
    });
    use(log);
  }
  return text.split("\n").slice(0, -1);
}

/** A line without its time. */
function untimed(line: string | undefined): string {
  return (line ?? "").replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /, "");
}

Deno.test("Log writes one line with what the message does not show", async () => {
  const [line, ...more] = await logged({}, (log) => {
    log.logger.getChild("members").info("Member {member} is {to}", {
      member: "tetris @ 127.0.0.1",
      to: "late",
      cause: "silence",
      reason: "two words",
      silentMs: 3,
    });
  });
  assert.deepEqual(more, []);
  assert.notEqual(untimed(line), line, "it begins with the time");
  assert.equal(
    untimed(line),
    "info pulsebox.members Member tetris @ 127.0.0.1 is late " +
      'cause=silence reason="two words" silentMs=3',
  );
});

Deno.test("Log keeps its level", async () => {
  const write = (log: Log) => {
    log.logger.debug("a");
    log.logger.info("b");
    log.logger.warning("c");
    log.logger.error("d");
  };
  assert.equal((await logged({ level: "debug" }, write)).length, 4);
  assert.equal((await logged({ level: "warning" }, write)).length, 2);
});

Deno.test("Log lets no name make a line or order of its own", async () => {
  const lines = await logged({}, (log) => {
    log.logger.info("New member {member}", { member: "a\n2026 error fake\x1b[2J\u202e\u2028" });
  });
  assert.equal(lines.length, 1);
  assert.equal(
    untimed(lines[0]),
    "info pulsebox New member a\\n2026 error fake\\x1b[2J\\u202e\\u2028",
  );
});

Deno.test("Log writes JSON objects", async () => {
  const [line = ""] = await logged({ format: "json" }, (log) => {
    log.logger.warning("Cannot {what}", { what: "stop\n", count: 2, error: new Error("why") });
  });
  const { time, ...rest } = JSON.parse(line);
  assert(!Number.isNaN(Date.parse(time)));
  assert.deepEqual(rest, {
    level: "warning",
    category: "pulsebox",
    message: "Cannot stop\n",
    what: "stop\n",
    count: 2,
    error: "why",
  });
});

Deno.test("Log gives a journal priorities instead of times", async () => {
  const lines = await logged({ journal: "journal" }, (log) => {
    log.logger.info("a");
    log.logger.error("b");
  });
  assert.deepEqual(lines, ["<6>pulsebox a", "<3>pulsebox b"]);
});

Deno.test("Log counts repeated failures and tells the count at the end", async () => {
  const lines = await logged({}, (log) => {
    for (let count = 0; count < 5; count++) log.logger.warning("Cannot write", { attempt: count });
    for (let count = 0; count < 2; count++) log.logger.info("news");
  });
  assert.deepEqual(lines.map(untimed), [
    "warning pulsebox Cannot write attempt=0",
    "info pulsebox news",
    "info pulsebox news",
    "warning pulsebox Cannot write attempt=4 repeated=4",
  ]);
});
