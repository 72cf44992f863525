/**
 * Panels of all roles, for tests that ask about each of them.
 *
 * @module
 */

import type { FleetHost, Panels } from "../../src/console/panels.ts";

const FOYER: FleetHost = {
  host: "foyer",
  label: "Ground floor",
  state: "lost",
  since: "2026-01-01T00:00:00.000Z",
  silentMs: 21_000,
  verdict: "well",
  headline: "All is well",
  counts: {
    emergency: 0,
    lost: 0,
    gone: 0,
    late: 0,
    unknown: 0,
    starting: 0,
    maintenance: 0,
    ok: 1,
  },
  url: null,
  version: "0.1.0",
};

/** One of everything: a game client, phones, a fleet of one host, an alarm. */
export const PANELS: Panels = {
  game: {
    clients: () => [{
      id: "1",
      state: "CALIBRATED",
      reportedState: "CALIBRATED",
      address: "127.0.0.1",
      silentMs: 12,
      emergency: false,
      emergencySince: null,
      emergencyReceivers: null,
    }],
    act: (id, action) => id !== "1" ? "unknown" : action === "lobby" ? "illegal" : "done",
    force: (id) => id === "1" ? "done" : "unknown",
  },
  trigger: {
    figures: () => ({
      clients: 2,
      addresses: 1,
      newest: { address: "10.0.0.7", registeredMs: 3_000 },
      pings: 9,
      sendErrors: 0,
      skippedTurns: 0,
      lateness: [{ seconds: 0.01, turns: 4 }, { seconds: null, turns: 5 }],
    }),
    phones: ({ address }) => ({
      phones: [{ address: address ?? "10.0.0.7", port: 9, registeredMs: 3_000, leftMs: 117_000 }],
      total: 1,
    }),
  },
  fleet: {
    status: () => ({
      fleet: "museum",
      host: "desk",
      verdict: "lost",
      headline: "Of 1 host: 1 lost",
      saying: { key: "fleet.of", values: { count: 1 }, parts: [] },
      deaf: false,
      heardMsAgo: 12,
      broker: { name: "pi1", version: "2.9.10", place: "pi1:4222" },
      hosts: { lost: 1, gone: 0, late: 0, unknown: 0, starting: 0, maintenance: 0, ok: 0 },
      warnings: [],
    }),
    hosts: () => [FOYER],
    host: (name) =>
      name === "foyer"
        ? {
          ...FOYER,
          members: [{
            id: "hilbert/tetris @ 127.0.0.1",
            name: "tetris",
            station: null,
            state: "unknown",
            forMs: 21_000,
            lastState: "ok",
            unknownSince: "2026-01-01T00:00:00.000Z",
          }],
          omitted: 0,
        }
        : undefined,
    *find() {
      yield;
      return {
        members: [{
          host: "foyer",
          url: null,
          id: "hilbert/a",
          name: "a",
          station: null,
          state: "ok",
          forMs: 1,
        }],
        total: 1,
      };
    },
    forget: (name) => name === "foyer",
    listen: () => ({ [Symbol.dispose]() {} }),
  },
  hev: {
    alarms: () => [{
      name: "APNEA",
      priority: "PRIORITY_HIGH",
      raisedAt: null,
      stampMs: 12,
      count: 2,
    }],
    acknowledge: (name) => name === "APNEA",
    listen: () => ({ [Symbol.dispose]() {} }),
  },
};
