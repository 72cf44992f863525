/**
 * The protocols of Pulsebox as a library.
 *
 * An application of an exhibit tells that it is alive:
 *
 * ```ts
 * import { HilbertClient } from "@pulsebox/pulsebox";
 *
 * const environment = (name: string) => Deno.env.get(name);
 * await using client = new HilbertClient({ appId: "tetris", environment });
 * client.beat({ delayMs: 5_000 });
 * // … the application runs; heartbeats are sent until the end of this block
 * ```
 *
 * Each protocol is also an entrance of its own: `@pulsebox/pulsebox/heartbeat`, `/trigger`, `/hev`,
 * `/state` and `/zmq`. `/serial`, serial ports in the shape of Web Serial, is apart. All clients use the same words: `close()` and
 * `await using` end them, `isConnected` gives the present state, `onStatus` reports each change and
 * each failure, and what fails is a `ClientError` with a `kind` and a `cause`.
 *
 * @module
 */

export {
  Beat,
  ClientError,
  formatIdentity,
  HilbertClient,
  HilbertError,
  parseIdentity,
  parseList,
  parseStatus,
  parseWait,
} from "./lib/heartbeat.ts";
export type {
  BeatOptions,
  ClientStatus,
  ExchangeFailure,
  HilbertCallOptions,
  HilbertClientOptions,
  HilbertFailure,
  HilbertIdentity,
  HilbertSettings,
  StatusLine,
  StatusListener,
  StatusWord,
} from "./lib/heartbeat.ts";
export { CLIENT_STATES, GameClient, GameError } from "./lib/state.ts";
export type {
  ClientState,
  GameClientOptions,
  GameCommand,
  GameFailure,
  StateListener,
} from "./lib/state.ts";
export { HevClient, HevError } from "./lib/hev.ts";
export type {
  HevAlarm,
  HevClientOptions,
  HevFailure,
  HevPacket,
  HevPackets,
  HevValues,
  PacketAlarm,
} from "./lib/hev.ts";
export { Cadence, ListenError, TriggerClient, TriggerError } from "./lib/trigger.ts";
export type {
  CadenceFigures,
  ListenFailure,
  TriggerClientOptions,
  TriggerFailure,
  TriggerPing,
} from "./lib/trigger.ts";
export {
  Intermediary,
  ZmqDealer,
  ZmqError,
  ZmqPub,
  ZmqReq,
  ZmqRouter,
  ZmqServer,
  ZmqSub,
  ZmqXPub,
  ZmqXSub,
} from "./lib/zmq.ts";
export type {
  IntermediaryCounters,
  IntermediaryOptions,
  LastValueReply,
  ListenAddress,
  Mechanism,
  Peer,
  TcpServerLimits,
  TopicListener,
  ZmqBindable,
  ZmqConnectOptions,
  ZmqCounters,
  ZmqDealerOptions,
  ZmqFailure,
  ZmqInboxOptions,
  ZmqInboxPolicy,
  ZmqMessage,
  ZmqMessageLimits,
  ZmqOutgoing,
  ZmqOverflow,
  ZmqPeerInfo,
  ZmqPeerLimits,
  ZmqPublishResult,
  ZmqReconnectLimits,
  ZmqRemote,
  ZmqReply,
  ZmqRequestInfo,
  ZmqRequestOptions,
  ZmqRouterOptions,
  ZmqSendResult,
  ZmqServerOptions,
  ZmqSocketOptions,
  ZmqSubOptions,
  ZmqSubscriptionLimits,
  ZmqXPubOptions,
  ZmqXSubOptions,
} from "./lib/zmq.ts";
