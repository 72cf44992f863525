import { strict as assert } from "node:assert";
import { LineWriter, WAITING_LENGTH_MAX } from "../../../src/cli/log/line_writer.ts";

/** A reader that takes a few bytes at a time, and only while it is let. */
class SlowReader {
  text = "";
  writes = 0;
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => {};

  constructor(readonly bytesMax: number) {}

  stall(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    this.#open = resolve;
  }

  resume(): void {
    this.#open();
  }

  async write(bytes: Uint8Array): Promise<number> {
    this.writes++;
    await this.#gate;
    const taken = bytes.subarray(0, this.bytesMax);
    this.text += new TextDecoder().decode(taken);
    return taken.length;
  }
}

Deno.test("LineWriter writes all lines in order though each write is partial", async () => {
  const reader = new SlowReader(3);
  const lines = new LineWriter(reader);
  lines.write("first");
  lines.write("second");
  await lines.flush();
  assert.equal(reader.text, "first\nsecond\n");
});

Deno.test("LineWriter makes one write of the lines of one turn", async () => {
  const reader = new SlowReader(1_000);
  const lines = new LineWriter(reader);
  for (let line = 0; line < 10; line++) lines.write("line");
  await lines.flush();
  assert.equal(reader.writes, 1);
});

Deno.test("LineWriter drops and counts what a stalled reader leaves waiting", async () => {
  const reader = new SlowReader(WAITING_LENGTH_MAX * 4);
  const lines = new LineWriter(reader);
  reader.stall();
  const line = "x".repeat(WAITING_LENGTH_MAX / 8);
  lines.write("first");
  await Promise.resolve();
  for (let count = 0; count < 20; count++) lines.write(line);
  reader.resume();
  await lines.flush();
  const kept = reader.text.split("\n").filter((text) => text === line).length;
  assert(kept < 20);
  assert(reader.text.includes(`${20 - kept} log lines were dropped because nobody read them\n`));
});

Deno.test("LineWriter does not wait for ever at the end", async () => {
  const reader = new SlowReader(1);
  const lines = new LineWriter(reader);
  reader.stall();
  lines.write("never read");
  await lines.flush();
  assert.equal(reader.text, "");
  reader.resume();
  await lines.flush();
  assert.equal(reader.text, "never read\n");
});

Deno.test("LineWriter survives a reader that has gone", async () => {
  let writes = 0;
  const lines = new LineWriter({
    write() {
      writes++;
      return Promise.reject(new Deno.errors.BrokenPipe());
    },
  });
  lines.write("one");
  await lines.flush();
  lines.write("two");
  await lines.flush();
  assert.equal(writes, 2);
});
