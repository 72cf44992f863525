/**
 * Our clients at servers that are sockets of libzmq.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { ZmqDealer } from "../../src/clients/zmq/dealer.ts";
import { ZmqPub } from "../../src/clients/zmq/pub.ts";
import { ZmqReq } from "../../src/clients/zmq/req.ts";
import { ZmqSub } from "../../src/clients/zmq/sub.ts";
import type { ZmqMessage } from "../../src/wire/zmq/message.ts";
import { textOf, within } from "../support/tcp.ts";
import type { LibzmqSocket } from "./libzmq.ts";
import { group, type ZmtpCase } from "./zmtp_case.ts";
import type { ZmtpWorld } from "./zmtp_world.ts";

const textsOf = (message: ZmqMessage) => message.map((frame) => textOf(frame));

async function next(messages: AsyncIterator<ZmqMessage>): Promise<string[]> {
  const { value, done } = await within(messages.next(), "a message comes");
  return done === true ? [] : textsOf(value);
}

/** Has a socket of libzmq send back what comes. */
async function echo(socket: LibzmqSocket): Promise<string[]> {
  const message = await socket.receive() ?? [];
  await socket.send(...message);
  return message;
}

async function hears(world: ZmtpWorld, kind: string): Promise<void> {
  const [pub, url] = await world.bound(kind);
  const sub = world.use(new ZmqSub(url, { topics: ["a"] }));
  const heard = sub[Symbol.asyncIterator]();
  let first: string[] | undefined;
  const hearing = next(heard).then((message) => first = message);
  // A PUB tells nobody when a subscription has come: say it until it arrives.
  if (kind === "XPUB") assert.deepEqual(await pub.receive(), ["\x01a"]);
  while (first === undefined) {
    await pub.send("b", "not this");
    await pub.send("abc", "", "\0\xff");
  }
  await hearing;
  assert.deepEqual(first, ["abc", "", "\0\xff"]);
}

async function tells(world: ZmtpWorld, kind: string): Promise<void> {
  const [sub, url] = await world.bound(kind);
  if (kind === "SUB") await sub.set("SUBSCRIBE", "a");
  const pub = world.use(new ZmqPub(url));
  if (kind === "XSUB") await sub.send("\x01a");
  // libzmq subscribes at a new peer only while its program calls it.
  const heard = sub.receive();
  await within(pub.subscribed("a"), "the subscription comes");
  pub.send(["b", "not this"]);
  pub.send(["abc", "", "x"]);
  assert.deepEqual(await heard, ["abc", "", "x"]);
}

async function asks(world: ZmtpWorld, kind: string): Promise<void> {
  const [server, url] = await world.bound(kind);
  const req = world.use(new ZmqReq(url));
  for (const body of [["one"], ["two", "", "three"]]) {
    const [seen, reply] = await Promise.all([echo(server), req.request(body)]);
    assert.deepEqual(textsOf(reply), body);
    if (kind === "ROUTER") assert.deepEqual(seen.slice(1), ["", ...body]);
    else assert.deepEqual(seen, body);
  }
}

async function deals(world: ZmtpWorld, kind: string): Promise<void> {
  const [server, url] = await world.bound(kind);
  const dealer = world.use(new ZmqDealer(url));
  const heard = dealer[Symbol.asyncIterator]();
  const envelope = kind === "REP" ? [""] : [];
  for (const text of ["one", "two", "three"]) dealer.send([...envelope, text]);
  for (const text of ["one", "two", "three"]) {
    await echo(server);
    assert.deepEqual(await next(heard), [...envelope, text]);
  }
}

const clients = group("our clients at libzmq's servers");

/** Our clients, and how they come back. */
export const CLIENT_CASES: readonly ZmtpCase[] = [
  ...["PUB", "XPUB"].map((kind) =>
    clients(`SUB at ${kind}`, "RFC 29", (world) => hears(world, kind))
  ),
  ...["SUB", "XSUB"].map((kind) =>
    clients(`PUB at ${kind}`, "RFC 29", (world) => tells(world, kind))
  ),
  ...["REP", "ROUTER"].map((kind) =>
    clients(`REQ at ${kind}`, "RFC 28", (world) => asks(world, kind))
  ),
  ...["REP", "ROUTER", "DEALER"].map((kind) =>
    clients(`DEALER at ${kind}`, "RFC 28", (world) => deals(world, kind))
  ),
  clients("SUB takes back a topic", "RFC 29", async (world) => {
    const [pub, url] = await world.bound("XPUB");
    const sub = world.use(new ZmqSub(url, { topics: ["a"] }));
    assert.deepEqual(await pub.receive(), ["\x01a"]);
    sub.subscribe("b");
    assert.deepEqual(await pub.receive(), ["\x01b"]);
    sub.unsubscribe("a");
    assert.deepEqual(await pub.receive(), ["\0a"]);
  }),
  clients("REQ tells its identity", "RFC 28", async (world) => {
    const [router, url] = await world.bound("ROUTER");
    const req = world.use(new ZmqReq(url, { routingId: "me" }));
    const [seen] = await Promise.all([echo(router), req.request(["x"])]);
    assert.equal(seen[0], "me");
  }),
  clients("a message of 1 MiB goes out and comes back", "RFC 37 2.3, RFC 45", async (world) => {
    const [rep, url] = await world.bound("REP");
    const req = world.use(new ZmqReq(url));
    const [, [reply]] = await Promise.all([echo(rep), req.request([new Uint8Array(1_048_576)])]);
    assert.equal(reply?.length, 1_048_576);
  }),
  clients("SUB is back after its publisher was away", "RFC 29", async (world) => {
    const [pub, url] = await world.bound("XPUB");
    const sub = world.use(new ZmqSub(url, { topics: ["a"], limits: { reconnectMs: 20 } }));
    assert.deepEqual(await pub.receive(), ["\x01a"]);
    await pub.close();
    const again = await world.socket("XPUB");
    await again.bind(url);
    assert.deepEqual(await again.receive(), ["\x01a"]);
    await again.send("a", "again");
    assert.deepEqual(await next(sub[Symbol.asyncIterator]()), ["a", "again"]);
  }),
];
