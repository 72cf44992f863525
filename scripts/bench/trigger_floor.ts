/**
 * The trigger service without anything but its send loop: everybody who ever spoke is sent two bytes
 * at each full second of a grid, one awaited send after the other.
 *
 * @module
 */

if (import.meta.main) {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });
  console.log((socket.addr as Deno.NetAddr).port);
  const clients = new Map<string, Deno.NetAddr>();
  void (async () => {
    const buffer = new Uint8Array(4);
    for (;;) {
      const [, from] = await socket.receive(buffer);
      const { hostname, port } = from as Deno.NetAddr;
      clients.set(`${hostname}:${port}`, { transport: "udp", hostname, port });
    }
  })();
  const payload = Uint8Array.of(0x75, 0x61);
  const start = performance.now();
  for (let tick = 1;; tick++) {
    const waitMs = start + tick * 1_000 - performance.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(waitMs, 0)));
    for (const client of clients.values()) await socket.send(payload, client);
  }
}
