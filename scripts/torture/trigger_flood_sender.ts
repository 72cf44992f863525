/**
 * Sends registrations, each from a source of its own: `trigger_flood_sender.ts PORT FROM TO`.
 *
 * @module
 */

const REGISTRATION = Uint8Array.of(0, 0);
/** Below the ports that the system gives out, of which some are taken. */
const FIRST_PORT = 10_000;
const PORTS = 20_000;

/** The service refuses its own port number as a source. */
function portOf(index: number, servicePort: number): number {
  const port = FIRST_PORT + index % PORTS;
  return port === servicePort ? FIRST_PORT + PORTS : port;
}

async function flood(port: number, from: number, to: number): Promise<void> {
  const target: Deno.NetAddr = { transport: "udp", hostname: "127.0.0.1", port };
  for (let index = from; index < to; index++) {
    const host = index % 65_536;
    const socket = Deno.listenDatagram({
      transport: "udp",
      hostname: `127.${64 + Math.floor(index / 65_536)}.${host >> 8}.${host & 255}`,
      port: portOf(index, port),
      reuseAddress: true,
    });
    await socket.send(REGISTRATION, target);
    socket.close();
  }
}

if (import.meta.main) {
  const [port = 0, from = 0, to = 0] = Deno.args.map(Number);
  await flood(port, from, to);
}
