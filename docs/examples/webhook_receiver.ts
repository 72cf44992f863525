/**
 * Receives notifications and prints the sentence of each. With a SECRET it believes only messages that
 * are signed with it.
 *
 * webhook_receiver.ts PORT [SECRET]
 */

import { createHmac, timingSafeEqual } from "node:crypto";
import { Buffer } from "node:buffer";

const [port = "9000", secret = ""] = Deno.args;
const TOO_OLD_SECONDS = 300;

function isGenuine(header: string, body: string): boolean {
  if (secret === "") return true;
  const [, time = "", mac = ""] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (Math.abs(Date.now() / 1000 - Number(time)) > TOO_OLD_SECONDS) return false;
  const expected = createHmac("sha256", secret).update(`${time}.${body}`).digest();
  return mac !== "" && timingSafeEqual(expected, Buffer.from(mac, "hex"));
}

Deno.serve({ hostname: "127.0.0.1", port: Number(port) }, async (request) => {
  const body = await request.text();
  const header = request.headers.get("pulsebox-signature") ?? "";
  if (!isGenuine(header, body)) return new Response(null, { status: 403 });
  console.log(JSON.parse(body).text);
  return new Response();
});
