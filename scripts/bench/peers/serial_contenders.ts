/**
 * Programs that pass a serial line on to TCP clients.
 *
 * @module
 */

import { startProgram } from "../../process.ts";
import type { Contender } from "./contest.ts";
import { Controller, FRAME, packetOfFrame } from "./controller.ts";
import { pause } from "./fan_out.ts";
import { fanOutContender } from "./fan_out_contender.ts";
import {
  isThere,
  type Server,
  skip,
  startProduct,
  startScript,
  withFile,
  writeConfig,
} from "./servers.ts";
import { lastingPort } from "../../../tests/support/lasting_port.ts";

/** The mark at the beginning of a frame. */
const FLAG_BYTES = 1;
const ACCEPT_MS = 5;
const SER2NET = "/usr/sbin/ser2net";
/** As a controller sends. */
const PACE = { perSecond: 50, seconds: 4 };

/** The product, ser2net and the floor, each with a line of its own. */
export function serialContenders(clients: number): Contender[] {
  const packet = packetOfFrame();
  return [
    contender({ name: "Pulsebox", kind: "product", clients }, packet, startHev),
    contender({ name: "ser2net", kind: "peer", clients }, FRAME, startSer2net),
    contender(
      { name: "bare relay", kind: "floor", clients },
      new Uint8Array(packet.length).fill(0x70),
      (path) => startScript("bare_serial_relay.ts", path, `${FRAME.length}`, `${packet.length}`),
    ),
  ];
}

/** Controllers by the process that has their line. */
const controllers = new Map<number, Controller>();

function contender(
  who: Pick<Contender, "name" | "kind"> & { readonly clients: number },
  received: Uint8Array<ArrayBuffer>,
  start: (path: string) => Promise<Server | undefined>,
): Contender {
  const silent = () => Promise.resolve();
  return fanOutContender({
    ...who,
    port: "tcp",
    pace: PACE,
    dialect: {
      name: "serial",
      published: FRAME,
      received,
      // Frames have numbers.
      ...(received === FRAME ? { sameBytes: FLAG_BYTES } : {}),
      publish: silent,
      // Nobody says hello, and ser2net lets no more than five wait for it.
      subscribe: () => pause(ACCEPT_MS),
      atOnce: 1,
    },
    source: ({ pid }) => {
      const controller = controllers.get(pid) as Controller;
      // The line stays while clients come and go.
      return Promise.resolve({
        send: (count) => controller.send(count),
        [Symbol.asyncDispose]: silent,
      });
    },
  }, async () => {
    const controller = await Controller.open();
    const server = await start(controller.path);
    if (server === undefined) {
      await controller[Symbol.asyncDispose]();
      return undefined;
    }
    controllers.set(server.pid, controller);
    return {
      pid: server.pid,
      ports: server.ports,
      async [Symbol.asyncDispose]() {
        controllers.delete(server.pid);
        await server[Symbol.asyncDispose]();
        await controller[Symbol.asyncDispose]();
      },
    };
  });
}

function startHev(path: string): Promise<Server> {
  return startProduct({ tcp: "tcp" }, [
    "--hev",
    `--hev-source=serial:${path}`,
    "--hev-web-port=0",
    "--hev-native-port=0",
    "--hev-query-port=0",
    "--hev-web-dialect=nul",
    "--hev-silence=1h",
  ]);
}

/** ser2net as Debian has it, told not to wait for more bytes before it sends. */
async function startSer2net(path: string): Promise<Server | undefined> {
  if (!isThere(SER2NET)) return skip("ser2net", "ser2net");
  const port = lastingPort();
  const config = await writeConfig([
    "connection: &line",
    `  accepter: tcp(nodelay),127.0.0.1,${port}`,
    `  connector: serialdev(nouucplock),${path},115200n81,local`,
    "  options:",
    "    max-connections: 10000",
    "    chardelay: false",
  ]);
  const program = await startProgram({
    command: "/bin/sh",
    // It says nothing when it is ready; it listens when its port can be reached.
    args: ["-c", `echo started >&2; exec ${SER2NET} -n -c "$0"`, config],
    speaks: "stderr",
    isReady: (text) => text !== "",
  });
  await reachable(port);
  return withFile(config, { ...program, ports: { tcp: port } });
}

async function reachable(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error("Cannot start ser2net: nobody listens on its port");
}
