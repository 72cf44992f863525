/**
 * Seeing that `pulsebox watch` tells what happens.
 *
 * @module
 */

import { eventually } from "../support/eventually.ts";
import { PulseboxProcess } from "./pulsebox_process.ts";

/**
 * Sends beats of new names until `watch` tells of one: each is news, and the first may come before
 * anybody listens.
 *
 * @param args The words of `pulsebox watch`.
 * @param ping Sends a beat of an application.
 */
export async function hearsNews(
  args: readonly string[],
  ping: (appId: string) => Promise<unknown>,
  env: Record<string, string> = {},
): Promise<void> {
  await using watch = new PulseboxProcess(args, env);
  const heard = watch.stdoutHas(/member-registered/).then(() => true);
  let count = 0;
  await eventually("news in watch", async () => {
    await ping(`new${count++}`);
    return await Promise.race([heard, Promise.resolve(false)]);
  });
}
