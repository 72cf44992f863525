/**
 * The HTTP side of the game server (mlf.md section 3).
 *
 * @module
 */

import type { NeedName } from "../../core/entrance.ts";
import type { ClientAction } from "../../core/client_state.ts";
import { messageOf } from "../../core/message_of.ts";
import type { Peer } from "../../net/address.ts";
import type { CalibrationFiles } from "../../store/calibration_files.ts";
import { parseClientId } from "../../wire/mlf/client_id.ts";
import type { MlfProblem } from "../../wire/mlf/fields.ts";
import { parseGameHeartbeat } from "../../wire/mlf/heartbeat.ts";
import { type OperatorCall, parseOperatorCall } from "../../wire/mlf/operator.ts";
import { GameGuard } from "./guard.ts";
import {
  empty,
  failed,
  forbidden,
  json,
  preflight,
  refused,
  upgradeRequired,
  wrongMethod,
} from "./replies.ts";
import type { ActionOutcome, GameService } from "./service.ts";
import { viewClient } from "./views.ts";

/** A request, taken apart. */
interface Call {
  readonly request: Request;
  readonly peer: Peer;
  readonly query: URLSearchParams;
  /** The rest of the path after the route, undecoded. */
  readonly rest: string | undefined;
}

interface Route {
  readonly method: "GET" | "POST";
  /** Whether the route is open to everybody, or only to operators. */
  readonly need: Extract<NeedName, "open" | "operate">;
  readonly answer: (call: Call) => Response | Promise<Response>;
}

const OPERATIONS: readonly [name: string, action: ClientAction | "force"][] = [
  ["lobby", "lobby"],
  ["start", "start"],
  ["emergency", "emergency"],
  ["forcestate", "force"],
];

/** Answers the requests of clients and operators. */
export class GameHttp {
  readonly #service: GameService;
  readonly #files: CalibrationFiles;
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #guard: GameGuard;
  readonly #hasDoor: (path: string) => boolean;

  /**
   * @param service Decides about clients.
   * @param files The calibration files.
   * @param guard Decides who may operate; everybody may if not given.
   * @param hasDoor Whether a path leads to a door for WebSocket; none does if not given.
   */
  constructor(
    service: GameService,
    files: CalibrationFiles,
    guard: GameGuard = new GameGuard(),
    hasDoor: (path: string) => boolean = () => false,
  ) {
    this.#guard = guard;
    this.#hasDoor = hasDoor;
    this.#service = service;
    this.#files = files;
    const routes = new Map<string, Route>([
      ["/heartbeat/update", post((call) => this.#hear(call))],
      ["/getclientid", get(() => json(200, this.#service.identities.next()))],
      ["/resetclientids", operator((call) => this.#resetIds(call))],
      ["/getjson", get((call) => this.#calibration(call))],
      ["/state/clients", get(() => this.#list())],
      ["/state/getclientstate", get((call) => this.#stateOf(call))],
      ["/calibrate", operator((call) => this.#calibrate(call))],
    ]);
    for (const [name, action] of OPERATIONS) {
      routes.set(`/state/${name}client`, operator((call) => this.#operate(call, action)));
      routes.set(`/state/${name}allclients`, operator((call) => this.#operateAll(call, action)));
    }
    this.#routes = routes;
  }

  /** The purpose of each path, by which {@linkcode answer} dispatches. */
  get needs(): ReadonlyMap<string, Route["need"]> {
    return new Map([...this.#routes].map(([path, { need }]) => [path, need]));
  }

  /** Answers a request. Paths are case-insensitive, with or without a trailing slash. */
  async answer(request: Request, peer: Peer): Promise<Response> {
    const url = new URL(request.url);
    const path = url.pathname.replace(/\/$/, "");
    const [, first = path, rest] = /^(\/getjson)\/(.+)$/i.exec(path) ?? [];
    const route = this.#routes.get(first.toLowerCase());
    if (route === undefined) {
      return this.#hasDoor(path) ? upgradeRequired() : failed(404, "Not Found");
    }
    if (request.method === "OPTIONS") {
      const refusal = this.#guard.pageRefusal(route.need, (name) => request.headers.get(name));
      return refusal === undefined ? preflight(route.method) : failed(403, refusal);
    }
    const method = request.method === "HEAD" ? "GET" : request.method;
    if (method !== route.method) return wrongMethod(route.method);
    const refusal = this.#guard.refusal(route.need, request.headers, peer.hostname);
    if (refusal !== undefined) return forbidden(refusal);
    return await route.answer({ request, peer, query: lowerCased(url.searchParams), rest });
  }

  async #hear({ request, peer }: Call): Promise<Response> {
    const heartbeat = parseGameHeartbeat(await request.bytes());
    if (!("clientId" in heartbeat)) {
      this.#service.counters.heartbeats.invalid++;
      return refused(heartbeat);
    }
    const outcome = this.#service.hear(heartbeat, peer.hostname);
    if ("retryAfterSeconds" in outcome) {
      const detail = "Too many new clients, try again later";
      return failed(429, detail, { "Retry-After": String(outcome.retryAfterSeconds) });
    }
    const { client, created } = outcome;
    const { timebombMs } = this.#service;
    return json(200, { clientID: client.id, state: client.state, created, timebombMs });
  }

  #resetIds({ query }: Call): Response {
    const { size } = this.#service.clients;
    if (size > 0 && query.get("force") !== "true") {
      return failed(
        409,
        `Cannot reset IDs: ${size} clients are connected, add ?force=true to do it`,
      );
    }
    this.#service.identities.reset();
    return json(200, null);
  }

  async #calibration({ request, query, rest }: Call): Promise<Response> {
    const asked = rest === undefined ? query.get("clientid") ?? undefined : decoded(rest);
    const clientId = parseClientId(asked);
    if (asked !== undefined && clientId === undefined) {
      return refused([{
        loc: ["query", "clientID"],
        msg: "Cannot read clientID: it is not an ID",
      }]);
    }
    try {
      const file = await this.#files.read(clientId);
      if (file === undefined) return failed(404, "There is no calibration file");
      const headers = {
        "ETag": file.etag,
        "X-Calibration": file.kind,
        "Cache-Control": "no-cache",
      };
      const known = request.headers.get("if-none-match")?.split(/\s*,\s*/) ?? [];
      const isKnown = known.some((tag) => tag === "*" || tag.replace(/^W\//, "") === file.etag);
      return isKnown ? empty(304, headers) : json(200, file.bytes, headers);
    } catch (error) {
      return failed(500, messageOf(error));
    }
  }

  #list(): Response {
    const now = this.#service.now();
    const clients = [...this.#service.clients.values()].map((client) => viewClient(client, now));
    return json(200, { clients });
  }

  #stateOf({ query }: Call): Response {
    const id = query.get("clientid");
    const clientId = parseClientId(id ?? undefined);
    if (clientId === undefined) {
      const msg = id === null ? "Cannot read clientID: it is missing" : "Cannot read clientID";
      return refused([{ loc: ["query", "clientID"], msg }]);
    }
    const client = this.#service.clients.get(clientId);
    if (client === undefined) return unknown(clientId);
    return json(200, viewClient(client, this.#service.now()));
  }

  async #calibrate({ request }: Call): Promise<Response> {
    const form = { names: "client-or-headset", state: "none" } as const;
    const call = parseOperatorCall(await request.bytes(), form);
    if (isRefused(call)) return refused(call);
    const { clientId, headset = "" } = call;
    const id = clientId ?? this.#service.wearer(headset);
    if (id === undefined) return failed(404, `There is no client with headset "${headset}"`);
    return this.#reply(id, this.#service.act(id, "calibrate"));
  }

  async #operate({ request }: Call, action: ClientAction | "force"): Promise<Response> {
    const state = action === "force" ? "required" : "none";
    const call = parseOperatorCall(await request.bytes(), { names: "client", state });
    if (isRefused(call)) return refused(call);
    const id = call.clientId ?? "";
    return this.#reply(id, this.#do(id, action, call));
  }

  async #operateAll({ request }: Call, action: ClientAction | "force"): Promise<Response> {
    const state = action === "force" ? "required" : "none";
    const call = parseOperatorCall(await request.bytes(), { names: "nobody", state });
    if (isRefused(call)) return refused(call);
    const ids = [...this.#service.clients.values()].map(({ id }) => id);
    const outcomes = ids.map((id) => ({ id, outcome: this.#do(id, action, call) }));
    const idsOf = (wanted: ActionOutcome) =>
      outcomes.filter(({ outcome }) => outcome === wanted).map(({ id }) => id);
    return json(200, { done: idsOf("done"), refused: idsOf("illegal") });
  }

  #do(id: string, action: ClientAction | "force", call: OperatorCall): ActionOutcome {
    if (action !== "force") return this.#service.act(id, action);
    return call.state === undefined ? "illegal" : this.#service.force(id, call.state);
  }

  #reply(id: string, outcome: ActionOutcome): Response {
    if (outcome === "unknown") return unknown(id);
    const state = this.#service.stateOf(id);
    if (outcome === "done") return json(200, { clientID: id, state });
    return failed(409, `Client "${id}" is ${state}, which does not allow that`);
  }
}

function get(answer: Route["answer"]): Route {
  return { method: "GET", need: "open", answer };
}

function post(answer: Route["answer"]): Route {
  return { method: "POST", need: "open", answer };
}

function operator(answer: Route["answer"]): Route {
  return { method: "POST", need: "operate", answer };
}

function isRefused(call: OperatorCall | readonly MlfProblem[]): call is readonly MlfProblem[] {
  return Array.isArray(call);
}

function unknown(id: string): Response {
  return failed(404, `There is no client "${id}"`);
}

function lowerCased(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...query].map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * Decodes a path segment; a segment with broken escapes is returned unchanged and matches no ID.
 */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
