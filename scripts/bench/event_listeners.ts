/**
 * Listeners of a console's events, run as a process of its own: `event_listeners.ts URL COUNT`.
 * Prints `ready` when all of them have their snapshot, and reads on until it is ended.
 *
 * @module
 */

async function listen(url: string): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const { body } = await fetch(url);
  if (body === null) throw new Error("Cannot listen: the answer has no body");
  const reader = body.getReader();
  await reader.read();
  return reader;
}

if (import.meta.main) {
  const [url = "", count = "1"] = Deno.args;
  const readers = await Promise.all(Array.from({ length: Number(count) }, () => listen(url)));
  console.log("ready");
  await Promise.all(readers.map(async (reader) => {
    while (!(await reader.read()).done);
  }));
}
