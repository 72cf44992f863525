import { strict as assert } from "node:assert";
import { DATABASE_FILE } from "../../src/store/data_directory.ts";
import { HandClock, temporaryDirectory, VirtualHost } from "./virtual_host.ts";

/** Enough for several leaf pages of the table and of its index. */
const MEMBER_COUNT = 150;
const PAGE_BYTES = 4_096;
const RUNS = 30;

/** Makes the database of a run that ended well, and gives it as bytes. */
function soundDatabase(): Uint8Array<ArrayBuffer> {
  using directory = temporaryDirectory();
  {
    using host = new VirtualHost(directory.path, new HandClock());
    host.store.load();
    for (let index = 0; index < MEMBER_COUNT; index++) host.beat(`program-${index}`);
    for (let index = 0; index < MEMBER_COUNT; index++) {
      host.store.meta.set(`key-${index}`, `value ${index} `.repeat(10));
    }
  }
  return Deno.readFileSync(`${directory.path}/${DATABASE_FILE}`);
}

/** What a start made of a database. */
interface Outcome {
  members: number;
  keys: number;
  errors: string[];
  setAside: boolean;
  ok: boolean;
}

function startWith(bytes: Uint8Array<ArrayBuffer>): Outcome {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  Deno.writeFileSync(path, bytes);
  using host = new VirtualHost(directory.path, new HandClock());
  host.store.load();
  let keys = 0;
  for (let index = 0; index < MEMBER_COUNT; index++) {
    if (host.store.meta.get(`key-${index}`) !== undefined) keys++;
  }
  return {
    members: host.hilbert.size,
    keys,
    errors: host.lines.filter(({ level }) => level === "error").map(({ message }) => message),
    setAside: [...Deno.readDirSync(directory.path)].some(({ name }) => name.endsWith(".damaged-1")),
    ok: host.store.health().ok,
  };
}

/** Numbers from 0 to 2^32 - 1, the same for each seed (xorshift). */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  while (true) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    yield state;
  }
}

function assertNotSilent(outcome: Outcome, what: string): void {
  assert.equal(outcome.ok, true, `${what}: ${JSON.stringify(outcome)}`);
  if (outcome.members === MEMBER_COUNT && outcome.keys === MEMBER_COUNT) return;
  assert.equal(outcome.setAside, true, `${what}: ${JSON.stringify(outcome)}`);
  assert.notEqual(outcome.errors.length, 0, `${what}: ${JSON.stringify(outcome)}`);
}

Deno.test("Store never loses a row to a page of zeros without a word", () => {
  const sound = soundDatabase();
  const pages = sound.length / PAGE_BYTES;
  assert.ok(pages > 10);
  for (let page = 0; page < pages; page++) {
    const damaged = sound.slice();
    damaged.fill(0, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    assertNotSilent(startWith(damaged), `page ${page + 1}`);
  }
});

Deno.test("Store never loses a row to pages of noise without a word", () => {
  const sound = soundDatabase();
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = numbers(seed * 7_919);
    const damaged = sound.slice();
    for (let count = random.next().value % 3; count >= 0; count--) {
      const start = (random.next().value % (sound.length / PAGE_BYTES)) * PAGE_BYTES;
      for (let at = start; at < start + PAGE_BYTES; at++) damaged[at] = random.next().value & 0xff;
    }
    assertNotSilent(startWith(damaged), `seed ${seed}`);
  }
});
