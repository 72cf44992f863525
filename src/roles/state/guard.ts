/**
 * Decides who may operate the game, and who may publish what over ZeroMQ.
 *
 * @module
 */

import {
  type EntrancePolicy,
  type NeedName,
  provenanceOf,
  refusalOf,
} from "../../core/entrance.ts";
import type { AddressFilter } from "../../net/address_filter.ts";
import type { ZmqRemote } from "../../net/zmq/peer.ts";
import { isOnTopic, SERVER_SPEECH } from "../../wire/mlf/topics.ts";
import type { ZmqMessage } from "../../wire/zmq/message.ts";

/** The restrictions set by the host's operator; whatever is not restricted is open to all. */
export interface GameGuardOptions {
  /** Names of this host in lower case. */
  readonly names?: ReadonlySet<string>;
  /** Origins whose pages may operate the game, and use the channel. */
  readonly operatorOrigins?: readonly string[];
  /** Origins whose pages may use the channel. */
  readonly channelOrigins?: readonly string[];
  /**
   * Addresses that may operate the game without a token. An open filter grants nothing where tokens
   * are required.
   */
  readonly operators?: AddressFilter;
  /** Whether a token permits operating; not given on a host without tokens. */
  readonly isOperatorToken?: ((token: string) => boolean) | undefined;
  /** Counts a wrong token; true if its sender has tried too many. */
  readonly onWrongToken?: (address: string) => boolean;
  /** Addresses that may report states. */
  readonly publishers?: AddressFilter;
  /** Whether publishers may use the server's own topics. */
  readonly ownTopics?: "of the server only" | "of everybody";
}

const TOO_MANY: GameRefusal = {
  status: 429,
  detail: "Too many wrong tokens came from your address: try again in a minute, or with a write " +
    "token of --token-file",
};
const TOKEN_NEEDED =
  "An operator's call needs a write token of --token-file, or an address of --state-operators";

/** Why a request is refused. */
export interface GameRefusal {
  readonly status: 401 | 403 | 429;
  readonly detail: string;
}

/** Judges requests and publications. */
export class GameGuard {
  readonly #options: GameGuardOptions;
  readonly #policies: Readonly<Partial<Record<NeedName, EntrancePolicy>>>;
  readonly #names: ReadonlySet<string>;

  constructor(options: GameGuardOptions = {}) {
    this.#options = options;
    const { names = new Set(), operatorOrigins = [], channelOrigins = [] } = options;
    this.#names = names;
    this.#policies = {
      operate: { names, origins: new Set(operatorOrigins) },
      channel: { names, origins: new Set([...operatorOrigins, ...channelOrigins]) },
    };
  }

  /**
   * Why a web page is refused, as a sentence; programs other than browsers are never refused.
   */
  pageRefusal(
    need: NeedName,
    field: (name: string) => string | null | undefined,
  ): string | undefined {
    const policy = this.#policies[need] ?? { names: this.#names };
    return refusalOf(need, provenanceOf(field), policy);
  }

  /** Why a request is refused what it wants to do. */
  refusal(need: NeedName, headers: Headers, address: string): GameRefusal | undefined {
    const detail = this.pageRefusal(need, (name) => headers.get(name));
    if (detail !== undefined) return { status: 403, detail };
    return need === "operate" ? this.#strangerRefusal(headers, address) : undefined;
  }

  /** Why a publication is not passed on. */
  publicationRefusal([topic]: ZmqMessage, peer: ZmqRemote): string | undefined {
    if (topic === undefined) return "it is empty";
    if (isOnTopic(topic, ["SetClientState"])) {
      return this.mayReport(peer) ? undefined : `${peer.address} may not report states`;
    }
    if (this.#options.ownTopics === "of everybody" || !isOnTopic(topic, SERVER_SPEECH)) {
      return undefined;
    }
    return `${SERVER_SPEECH.join(", ")} are the server's own, ${peer.address} may not publish them`;
  }

  /** Whether a peer may report the states of clients. */
  mayReport({ address }: ZmqRemote): boolean {
    return this.#options.publishers?.admits(address) ?? true;
  }

  #strangerRefusal(headers: Headers, address: string): GameRefusal | undefined {
    const { operators, isOperatorToken, onWrongToken } = this.#options;
    const isListed = operators !== undefined && !operators.isOpen && operators.admits(address);
    if (isListed) return undefined;
    const token = /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1];
    if (isOperatorToken !== undefined) {
      if (token !== undefined) {
        if (isOperatorToken(token)) return undefined;
        if (onWrongToken?.(address)) return TOO_MANY;
      }
      return { status: 401, detail: TOKEN_NEEDED };
    }
    if (operators === undefined || operators.isOpen) return undefined;
    return {
      status: 403,
      detail: `${address} may not operate the game: --state-operators does not list it`,
    };
  }
}
