/**
 * A proxy that hands answers on late.
 *
 * @module
 */

/**
 * `for ever`: until an answer is complete, which an endless one never is, as proxies do that pack or
 * scan. `longer and longer`: as a line does that is too slow for what is sent.
 */
export const HOLDS = ["for ever", "longer and longer"] as const;
/** By how much the delay grows in each second, and how far, in milliseconds. */
const GROWTH_MS = 500;
const HOLD_MS_MAX = 12_000;

/** A running proxy. */
export interface HoldingProxy extends AsyncDisposable {
  readonly url: string;
}

/** Starts one on loopback in front of a host. */
export function startHoldingProxy(upstream: string, hold: typeof HOLDS[number]): HoldingProxy {
  const abort = new AbortController();
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      onListen() {},
      signal: abort.signal,
      // What was being handed on when the proxy ended.
      onError: () => new Response(null, { status: 502 }),
    },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const reply = await fetch(new URL(pathname + search, upstream), {
        headers: { accept: request.headers.get("accept") ?? "*/*" },
        signal: abort.signal,
      });
      const { status } = reply;
      const headers = { "content-type": reply.headers.get("content-type") ?? "" };
      if (!pathname.endsWith("/events")) {
        return new Response(await reply.bytes(), { status, headers });
      }
      if (hold === "for ever") return await new Promise<Response>(() => {});
      const beganAt = performance.now();
      const late = new TransformStream<Uint8Array, { bytes: Uint8Array; at: number }>(
        {
          transform(bytes, controller) {
            const now = performance.now();
            const holdMs = Math.min(HOLD_MS_MAX, GROWTH_MS * (now - beganAt) / 1_000);
            controller.enqueue({ bytes, at: now + holdMs });
          },
        },
        undefined,
        { highWaterMark: 1_000 },
      );
      const waited = new TransformStream<{ bytes: Uint8Array; at: number }, Uint8Array>({
        async transform({ bytes, at }, controller) {
          await new Promise((done) => setTimeout(done, Math.max(0, at - performance.now())));
          controller.enqueue(bytes);
        },
      });
      const body = reply.body?.pipeThrough(late).pipeThrough(waited);
      return new Response(body as BodyInit, { status, headers });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    async [Symbol.asyncDispose]() {
      abort.abort();
      await server.finished;
    },
  };
}
