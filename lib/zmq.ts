/**
 * ZeroMQ for Deno: SUB, PUB, REQ and DEALER that connect, XSUB, XPUB and ROUTER that wait, over TCP
 * (ZMTP 3.1 and 3.0) and WebSocket (ZWS 2.0), and a forwarder made of them.
 *
 * ```ts
 * import { ZmqServer, ZmqSub, ZmqXPub } from "@pulsebox/pulsebox/zmq";
 *
 * await using xpub = new ZmqXPub();
 * await using server = ZmqServer.listen("tcp://127.0.0.1:0", xpub);
 * await using sub = new ZmqSub(server.url, { topics: ["weather"] });
 * await sub.connected();
 * while (xpub.publish(["weather", "sunny"]) === 0) await new Promise((done) => setTimeout(done, 5));
 * const { value } = await sub[Symbol.asyncIterator]().next();
 * console.log(value?.length); // 2
 * ```
 *
 * @module
 */

export type { ListenAddress } from "../src/net/tcp/listening.ts";
export { Intermediary } from "../src/net/zmq/forwarder.ts";
export type {
  IntermediaryCounters,
  IntermediaryOptions,
  LastValueReply,
  TopicListener,
} from "../src/net/zmq/forwarder.ts";
export { ZmqDealer } from "../src/clients/zmq/dealer.ts";
export type { ZmqDealerOptions } from "../src/clients/zmq/dealer.ts";
export { ZmqError } from "../src/net/zmq/error.ts";
export type { ZmqFailure } from "../src/net/zmq/error.ts";
export type { ZmqOutgoing } from "../src/clients/zmq/frames.ts";
export type {
  InboxOptions as ZmqInboxOptions,
  InboxPolicy as ZmqInboxPolicy,
} from "../src/clients/inbox.ts";
export { ZmqPub } from "../src/clients/zmq/pub.ts";
export type { ZmqPublishResult } from "../src/clients/zmq/pub.ts";
export { ZmqReq } from "../src/clients/zmq/req.ts";
export type { ZmqRequestOptions } from "../src/clients/zmq/req.ts";
export { ZmqSub } from "../src/clients/zmq/sub.ts";
export type { ZmqSubOptions } from "../src/clients/zmq/sub.ts";
export type { ZmqConnectOptions, ZmqReconnectLimits } from "../src/net/zmq/link.ts";
export { ZmqRouter } from "../src/net/zmq/router.ts";
export type { ZmqReply, ZmqRequestInfo, ZmqRouterOptions } from "../src/net/zmq/router.ts";
export { ZmqServer } from "../src/net/zmq/server.ts";
export type { ZmqBindable, ZmqServerOptions } from "../src/net/zmq/server.ts";
export { ZmqXPub } from "../src/net/zmq/xpub.ts";
export type { ZmqSubscriptionLimits, ZmqXPubOptions } from "../src/net/zmq/xpub.ts";
export { ZmqXSub } from "../src/net/zmq/xsub.ts";
export type { ZmqXSubOptions } from "../src/net/zmq/xsub.ts";
export type { ZmqCounters, ZmqSocketOptions } from "../src/net/zmq/hub.ts";
export type { ZmqRemote, ZmqSendResult } from "../src/net/zmq/peer.ts";
export type { ZmqOverflow, ZmqPeerLimits } from "../src/net/zmq/peer_limits.ts";
export { ListenError } from "../src/net/listen_error.ts";
export type { ListenFailure } from "../src/net/listen_error.ts";
export { ClientError } from "../src/core/client_error.ts";
export type { ClientStatus, StatusListener } from "../src/net/client_status.ts";
export type { Peer } from "../src/net/address.ts";
export type { TcpServerLimits } from "../src/net/tcp/limits.ts";
export type { Mechanism, ZmqPeerInfo } from "../src/wire/zmq/handshake.ts";
export type { ZmqMessage, ZmqMessageLimits } from "../src/wire/zmq/message.ts";
