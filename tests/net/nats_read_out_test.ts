/**
 * Brokers send an answer to whatever subject a client names, its permissions or not: what was read out
 * of a stream is never taken for a message of whoever may write on that subject.
 */

import { strict as assert } from "node:assert";
import type { NatsLink } from "../../src/net/nats/link.ts";
import { makeStream, newestOf, nextOf, readStream } from "../../src/net/nats/streams.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { openLink } from "../support/nats_link.ts";
import { NATS_SERVER, NatsServer } from "../support/nats_server.ts";
import { requirement } from "../support/require.ts";

const STREAM = "HOSTS";
const [OWN, OTHERS, LATER] = ["host.thief", "host.victim", "host.honest"] as const;
const [FORGED, HONEST] = ["forged", "honest"] as const;

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

async function connect(port: number): Promise<NatsLink> {
  const { promise: up, resolve } = Promise.withResolvers<void>();
  const link = openLink(port, "test", { onUp: resolve });
  await up;
  return link;
}

if (requirement("answers on the subjects of others", NATS_SERVER)) {
  Deno.test("a stored message that is read out onto the subject of another host counts nowhere", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path, jetstream: true });
    await using link = await connect(broker.port);
    await makeStream(link, {
      name: STREAM,
      subjects: ["host.*"],
      storage: "memory",
      replicas: 1,
      perSubjectMax: 4,
      bytesMax: 1_000_000,
    });
    const heard: string[] = [];
    const { promise: isThrough, resolve } = Promise.withResolvers<void>();
    link.listen("host.*", (subject, bytes) => {
      heard.push(`${subject} ${textOf(bytes)}`);
      if (subject === LATER) resolve();
    });
    await link.request(OWN, bytesOf(FORGED));
    const question = `$JS.API.DIRECT.GET.${STREAM}.${OWN}`;
    const seen = link.connected().subscribe(OTHERS, { max: 1 });
    link.connected().publish(question, new Uint8Array(), { reply: OTHERS });
    for await (const { data } of seen) assert.equal(textOf(data), FORGED, "the broker forwards it");
    await link.request(LATER, bytesOf(HONEST));
    await isThrough;
    assert.deepEqual(heard, [`${OWN} ${FORGED}`, `${LATER} ${HONEST}`]);

    assert.equal(textOf(await newestOf(link, STREAM, OWN)), FORGED);
    assert.equal(await newestOf(link, STREAM, OTHERS), undefined);
    const next = await nextOf(link, STREAM, OTHERS, 1);
    assert.deepEqual([next?.subject, textOf(next?.bytes)], [OTHERS, ""], "its place is taken");
    for (const part of ["newest", { from: 1 }] as const) {
      const read: string[] = [];
      await readStream(link, STREAM, part, (subject, bytes) => {
        read.push(`${subject} ${textOf(bytes)}`);
      });
      assert.deepEqual(read, [`${OWN} ${FORGED}`, `${OTHERS} `, `${LATER} ${HONEST}`]);
    }
  });
}
