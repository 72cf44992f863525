import { strict as assert } from "node:assert";
import { run } from "../../src/cli/run.ts";
import { type Outlet, ProcessTerminal, WAITING_TEXTS_MAX } from "../../src/cli/terminal.ts";

/** A reader that takes a few bytes at a time, and none before it is let go. */
class SlowReader implements Outlet {
  text = "";
  readonly #gate = Promise.withResolvers<void>();

  letGo(): void {
    this.#gate.resolve();
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.#gate.promise;
    const part = bytes.subarray(0, 3);
    this.text += new TextDecoder().decode(part);
    return part.length;
  }
}

Deno.test("ProcessTerminal writes in order what nobody waits for, whole, before the program ends", async () => {
  const [output, errors] = [new SlowReader(), new SlowReader()];
  const terminal = new ProcessTerminal(output, errors);
  void terminal.write("1 UNCALIBRATED\n");
  void terminal.complain("pulsebox: trouble\n");
  void terminal.write("1 DISCONNECTED\n");
  const ended: string[] = [];
  const end = terminal.written().then(() => ended.push("ended"));
  output.letGo();
  assert.deepEqual(ended, []);
  errors.letGo();
  await end;
  assert.equal(output.text, "1 UNCALIBRATED\n1 DISCONNECTED\n");
  assert.equal(errors.text, "pulsebox: trouble\n");
});

Deno.test("run ends only when every text is written", async () => {
  const output = new SlowReader();
  const terminal = new ProcessTerminal(output, output);
  // As a callback of a command that ends in the same turn.
  void terminal.write("1 DISCONNECTED\n");
  const status = run(["version"], {
    terminal,
    environment: { get: () => undefined },
    readTextFile: (path) => Promise.reject(new Deno.errors.NotFound(path)),
  });
  output.letGo();
  assert.equal(await status, 0);
  assert.match(output.text, /^1 DISCONNECTED\n.*Deno/s);
});

Deno.test("ProcessTerminal tells at the end that a text could not be written", async () => {
  const full: Outlet = { write: () => Promise.reject(new Error("No space left on device")) };
  const terminal = new ProcessTerminal(full, full);
  void terminal.complain("nobody hears this");
  await terminal.written();
  void terminal.write("lost");
  await assert.rejects(terminal.written(), /No space left/);
});

Deno.test("ProcessTerminal takes a reader that has gone for no failure", async () => {
  const gone: Outlet = { write: () => Promise.reject(new Deno.errors.BrokenPipe()) };
  const terminal = new ProcessTerminal(gone, gone);
  await terminal.write("a");
  void terminal.write("b");
  await terminal.written();
});

Deno.test("ProcessTerminal drops what callbacks write when nobody reads for long", async () => {
  const output = new SlowReader();
  const terminal = new ProcessTerminal(output, output);
  for (let n = 0; n < WAITING_TEXTS_MAX + 10; n++) void terminal.write("x");
  output.letGo();
  await terminal.written();
  assert.equal(output.text.length, WAITING_TEXTS_MAX);
});
