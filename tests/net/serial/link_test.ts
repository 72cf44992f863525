import { strict as assert } from "node:assert";
import { Pty } from "../../../src/net/serial/pty.ts";
import {
  REOPEN_FIRST_MS,
  REOPEN_MS_MAX,
  reopenDelayMs,
  SerialLink,
} from "../../../src/net/serial/link.ts";
import { until, within } from "../../support/tcp.ts";
import { serialLocator } from "../../../src/net/serial/locator.ts";

/** Times a device is unplugged and plugged in again; a release is tested with 1 000. */
const REPLUG_CYCLES = Number(Deno.env.get("PULSEBOX_REPLUG_CYCLES") ?? 20);
/** Every so many cycles the device stays away until the pauses are at their longest. */
const LONG_ABSENCE_EVERY = 10;
/** Tries without a device after which the pauses between them grow no more. */
const TRIES_TO_LONGEST_PAUSE = 1 + Math.ceil(Math.log2(REOPEN_MS_MAX / REOPEN_FIRST_MS));
const RECOVERY_MS_MAX = 1_000;
const EVENT_TIMEOUT_MS = 10_000;

type LinkEvent = { type: "up"; path: string } | { type: "down"; problem: string } | {
  type: "bytes";
  bytes: number[];
};

/** Keeps what a link tells and lets a test wait for the next. */
class Recorder {
  readonly #events: LinkEvent[] = [];
  #wake: (() => void) | undefined;

  readonly listener = {
    onUp: (path: string) => this.#add({ type: "up", path }),
    onDown: (problem: string) => this.#add({ type: "down", problem }),
    onBytes: (bytes: Uint8Array) => this.#add({ type: "bytes", bytes: [...bytes] }),
  };

  get waiting(): number {
    return this.#events.length;
  }

  async next(): Promise<LinkEvent> {
    const event = this.#events.shift();
    if (event !== undefined) return event;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(() => reject(new Error("The link told nothing")), EVENT_TIMEOUT_MS);
    await promise.finally(() => clearTimeout(timer));
    return this.next();
  }

  #add(event: LinkEvent): void {
    this.#events.push(event);
    this.#wake?.();
  }
}

async function withLink(run: (link: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(`${folder}/ttyEMU0`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("SerialLink starts without a device and says so once", () =>
  withLink(async (path) => {
    const recorder = new Recorder();
    await using link = SerialLink.start({
      locate: serialLocator(path),
      listener: recorder.listener,
    });
    assert.deepEqual(await recorder.next(), {
      type: "down",
      problem: `Cannot open serial port "${path}": no such device`,
    });
    assert.equal(link.path, undefined);
    assert.equal(await link.write(Uint8Array.of(1)), false);

    await using pty = await Pty.open({ link: path });
    assert.deepEqual(await recorder.next(), { type: "up", path });
    assert.equal(link.path, path);
    await pty.device.write(Uint8Array.of(1, 2));
    assert.deepEqual(await recorder.next(), { type: "bytes", bytes: [1, 2] });
    assert.equal(await link.write(Uint8Array.of(3)), true);
    const buffer = new Uint8Array(4);
    assert.equal(await pty.device.read(buffer), 1);
    assert.equal(buffer[0], 3);
    assert.equal(recorder.waiting, 0);
  }));

Deno.test("SerialLink is back within a second of each plugging in", () =>
  withLink(async (path) => {
    const recorder = new Recorder();
    const locate = serialLocator(path);
    let tries = 0;
    await using _link = SerialLink.start({
      locate: () => {
        tries++;
        return locate();
      },
      listener: recorder.listener,
    });
    assert.equal((await recorder.next()).type, "down");
    const recoveriesMs: number[] = [];
    const noticesMs: number[] = [];
    for (let cycle = 0; cycle < REPLUG_CYCLES; cycle++) {
      if (cycle % LONG_ABSENCE_EVERY === LONG_ABSENCE_EVERY - 1) {
        // Plugged in right after a try, with a whole pause before the next: the worst moment.
        const enough = tries + TRIES_TO_LONGEST_PAUSE;
        await until(() => tries >= enough, "the link tries until its pauses are at their longest");
      }
      const pluggedAt = performance.now();
      const pty = await Pty.open({ link: path });
      // A try between the unplugging and now found nothing and said that first.
      const up = await recorder.next();
      assert.equal((up.type === "down" ? await recorder.next() : up).type, "up", `cycle ${cycle}`);
      await pty.device.write(Uint8Array.of(cycle & 0xff));
      assert.deepEqual(await recorder.next(), { type: "bytes", bytes: [cycle & 0xff] });
      recoveriesMs.push(performance.now() - pluggedAt);
      const unpluggedAt = performance.now();
      await pty.close();
      assert.deepEqual(await recorder.next(), {
        type: "down",
        problem: `Lost serial port "${path}": the device is gone`,
      });
      noticesMs.push(performance.now() - unpluggedAt);
    }
    assert.ok(Math.max(...recoveriesMs) < RECOVERY_MS_MAX, describeTimes(recoveriesMs));
    assert.ok(Math.max(...noticesMs) < RECOVERY_MS_MAX, describeTimes(noticesMs));
    if (REPLUG_CYCLES >= 1_000) {
      console.log(`recovered: ${describeTimes(recoveriesMs)}`);
      console.log(`noticed: ${describeTimes(noticesMs)}`);
    }
  }));

function describeTimes(timesMs: readonly number[]): string {
  const sorted = timesMs.toSorted((left, right) => left - right);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms of ${sorted.length}`;
}

Deno.test("SerialLink asks for the path before each opening", () =>
  withLink(async (first, folder) => {
    const second = `${folder}/ttyEMU1`;
    const recorder = new Recorder();
    let place = first;
    const pty = await Pty.open({ link: first });
    await using other = await Pty.open({ link: second });
    await using _link = SerialLink.start({ locate: () => place, listener: recorder.listener });
    assert.deepEqual(await recorder.next(), { type: "up", path: first });
    place = second;
    await pty.close();
    assert.equal((await recorder.next()).type, "down");
    assert.deepEqual(await recorder.next(), { type: "up", path: second });
    await other.device.write(Uint8Array.of(9));
    assert.deepEqual(await recorder.next(), { type: "bytes", bytes: [9] });
  }));

Deno.test("SerialLink.close ends an open link and a pausing one, twice is once", () =>
  withLink(async (path) => {
    const pausing = new Recorder();
    const first = SerialLink.start({ locate: serialLocator(path), listener: pausing.listener });
    await pausing.next();
    const startedAt = performance.now();
    await Promise.all([first.close(), first.close()]);
    await using _pty = await Pty.open({ link: path });
    const open = new Recorder();
    const second = SerialLink.start({ locate: serialLocator(path), listener: open.listener });
    await open.next();
    await second.close();
    assert.ok(performance.now() - startedAt < 2_000);
    assert.equal(second.path, undefined);
    assert.equal(open.waiting + pausing.waiting, 0, "a closed link tells nothing");
  }));

Deno.test("SerialLink ends with its signal, also one that came before", () =>
  withLink(async (path) => {
    await using _pty = await Pty.open({ link: path });
    const recorder = new Recorder();
    const ending = new AbortController();
    const { signal } = ending;
    const options = { locate: serialLocator(path), listener: recorder.listener, signal };
    const link = SerialLink.start(options);
    await recorder.next();
    ending.abort();
    await link.close();
    const late = SerialLink.start(options);
    await late.close();
    assert.equal(recorder.waiting, 0);
  }));

Deno.test("SerialLink.start refuses an unknown speed at once", () => {
  const { listener } = new Recorder();
  const options = { locate: serialLocator("/dev/ttyACM0"), listener, baud: 1 };
  assert.throws(() => SerialLink.start(options), RangeError);
});

Deno.test("reopenDelayMs begins short, doubles and stays at its cap", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5_000].map(reopenDelayMs), [50, 100, 200, 400, 500, 500]);
  assert.equal(REOPEN_FIRST_MS, 50);
  assert.ok(REOPEN_MS_MAX * 2 <= RECOVERY_MS_MAX);
});

Deno.test("SerialLink tries again whatever goes wrong before it opens", async () => {
  const told: string[] = [];
  let tries = 0;
  const link = SerialLink.start({
    locate: () => {
      if (tries++ === 0) throw new TypeError("the device list is broken");
      return "/dev/no-such-port";
    },
    listener: { onDown: (problem) => told.push(problem), onBytes: () => undefined },
  });
  await until(() => told.length >= 2, "it tries again");
  await within(link.close(), "it ends");
  assert.equal(told[0], "Cannot open serial port: the device list is broken");
  assert.match(told[1] ?? "", /no-such-port/);
});
