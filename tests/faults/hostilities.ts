/**
 * What peers do that mean no good: one table for every port.
 *
 * @module
 */

import { Resets } from "../../scripts/torture/resets.ts";
import type { Victim } from "./victims.ts";

/** Connections of one behaviour at each port, unless it says otherwise. */
const PEERS = 10;
/** Connections of a crowd. */
const CROWD = 2_000;
/** Connections of a crowd that are made before an honest client comes again. */
const CROWD_AT_ONCE = 250;
/** Connections of a crowd that come from one address. */
const CROWD_PER_ADDRESS = 400;
/** Connections that reset, at each port. */
const RESETS = 200;
/** Between the bytes of a peer that dawdles, in milliseconds. */
const DAWDLE_MS = 200;
const RANDOM_BYTES = 500;
const OVERSIZED_BYTES = 2_000_000;
/** How long a flood lasts, in milliseconds. */
const FLOOD_MS = 1_000;
const FLOOD_BYTES = 65_536;
/** Datagrams of a flood. */
const DATAGRAMS = 20_000;
const DATAGRAM_BYTES_MAX = 65_507;

/** One hostile end of a connection. */
export interface Offender {
  readonly read: (buffer: Uint8Array) => Promise<number | null>;
  readonly write: (bytes: Uint8Array) => Promise<number>;
  readonly closeWrite: () => Promise<void>;
  readonly close: () => void;
}

/** One behaviour. */
export interface Hostility {
  readonly name: string;
  /** Whether it is done to one port after the other, because it takes much of the machine. */
  readonly aloneAtEachPort?: true;
  /** Connections; 10 if not given. */
  readonly peers?: number;
  /** Whether a connection says more than fits into the systems' buffers. */
  readonly fills?: true;
  /** What a connection does. Ends when the host has ended it, or when it is told to stop. */
  readonly act?: (offender: Offender, victim: Victim, stop: AbortSignal) => Promise<unknown>;
  /**
   * Whose connections the host must end: everybody's; only of those who are to say something, since
   * who listens may be silent; nobody's.
   */
  readonly ends: "all" | "speakers" | "none";
  /** In place of `act`, for what is no single connection. */
  readonly attack?: (victim: Victim) => Promise<unknown> | void;
  /** What is done to a port for datagrams instead; nothing if not given. */
  readonly datagrams?: () => Iterable<Uint8Array>;
}

/** The behaviours. */
export const HOSTILITIES: readonly Hostility[] = [
  {
    name: "resets at once",
    ends: "none",
    attack: ({ port }) => {
      using resets = new Resets();
      for (let index = 0; index < RESETS; index++) resets.reset(port, 1 + index % 2);
    },
  },
  {
    name: "says nothing",
    ends: "speakers",
    act: hearAll,
    datagrams: () => new Array<Uint8Array>(100).fill(new Uint8Array(0)),
  },
  {
    name: "says half of something",
    ends: "speakers",
    act: async (offender, { half }) => {
      await sayAll(offender, half);
      await hearAll(offender);
    },
    datagrams: () => new Array<Uint8Array>(100).fill(new Uint8Array(1)),
  },
  {
    name: "says a byte now and then",
    ends: "speakers",
    act: async (offender, { half }, stop) => {
      const dawdle = async () => {
        for (let index = 0; !stop.aborted; index++) {
          await offender.write(Uint8Array.of(half[index % half.length] ?? 0x78));
          await pause(DAWDLE_MS, stop);
        }
      };
      await Promise.any([dawdle(), hearAll(offender)]);
    },
  },
  {
    name: "floods",
    fills: true,
    peers: 2,
    ends: "none",
    act: async (offender, { whole }) => {
      const words = repeated(whole, FLOOD_BYTES);
      const until = performance.now() + FLOOD_MS;
      const flood = async () => {
        while (performance.now() < until) await sayAll(offender, words);
      };
      const hearing = hearAll(offender);
      await flood().catch(() => {});
      offender.close();
      await hearing;
    },
    datagrams: function* () {
      for (let count = 0; count < DATAGRAMS; count++) {
        yield random(1 + count % 64);
      }
    },
  },
  {
    name: "never reads",
    fills: true,
    peers: 4,
    ends: "none",
    act: async (offender, { whole }, stop) => {
      const words = repeated(whole, FLOOD_BYTES);
      const flood = async () => {
        while (!stop.aborted) await sayAll(offender, words);
      };
      await Promise.race([flood().catch(() => {}), aborted(stop)]);
    },
  },
  {
    name: "says too much at once",
    fills: true,
    peers: 2,
    ends: "all",
    act: async (offender, { long }) => {
      const hearing = hearAll(offender);
      await sayAll(offender, repeated(long, OVERSIZED_BYTES)).catch(() => {});
      await hearing;
    },
    datagrams: () => new Array<Uint8Array>(50).fill(random(DATAGRAM_BYTES_MAX)),
  },
  {
    name: "says random bytes",
    ends: "speakers",
    act: async (offender) => {
      await sayAll(offender, random(RANDOM_BYTES));
      await hearAll(offender);
    },
    datagrams: function* () {
      for (let count = 0; count < 500; count++) yield random(1 + count);
    },
  },
  {
    name: "says half of something and that no more follows",
    ends: "speakers",
    act: async (offender, { half }) => {
      await sayAll(offender, half);
      await offender.closeWrite();
      await hearAll(offender);
    },
  },
  {
    name: "comes with two thousand connections",
    aloneAtEachPort: true,
    ends: "none",
    attack: async (victim) => {
      using crowd = new Resets();
      const open: number[] = [];
      try {
        for (let index = 0; index < CROWD; index++) {
          const made = crowd.open(victim.port, 1 + Math.floor(index / CROWD_PER_ADDRESS));
          if (made !== undefined) open.push(made);
          // Not more at once than may wait to be accepted.
          if (index % CROWD_AT_ONCE === 0) await victim.serves();
        }
        await victim.serves();
      } finally {
        for (const descriptor of open) crowd.close(descriptor);
      }
    },
  },
];

/** How many connections a behaviour has. */
export function peersOf({ peers = PEERS }: Hostility): number {
  return peers;
}

/** Hears until the host ends the connection, in whatever way. */
async function hearAll(offender: Offender): Promise<void> {
  const buffer = new Uint8Array(16_384);
  try {
    while (await offender.read(buffer) !== null);
  } catch {
    // Reset: that is an end, too.
  }
}

async function sayAll(offender: Offender, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await offender.write(rest));
}

function random(bytes: number): Uint8Array {
  const filled = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65_536) {
    crypto.getRandomValues(filled.subarray(at, at + 65_536));
  }
  return filled;
}

function repeated(bytes: Uint8Array, length: number): Uint8Array {
  const all = new Uint8Array(Math.ceil(length / bytes.length) * bytes.length);
  for (let at = 0; at < all.length; at += bytes.length) all.set(bytes, at);
  return all;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    stop.addEventListener("abort", done);
  });
}
