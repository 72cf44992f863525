/**
 * A ZeroMQ forwarder of one's own: publishers on one port, subscribers on another.
 *
 *     deno run --allow-net forwarder.ts
 */

import { Intermediary, ZmqPub, ZmqSub } from "@pulsebox/pulsebox/zmq";

const loopback = [{ hostname: "127.0.0.1", port: 0 }];
await using forwarder = Intermediary.start({ publishers: loopback, subscribers: loopback });
const [publishers] = forwarder.publisherAddresses;
const [subscribers] = forwarder.subscriberAddresses;

await using sub = new ZmqSub(`tcp://127.0.0.1:${subscribers?.port}`, { topics: ["weather"] });
await using pub = new ZmqPub(`tcp://127.0.0.1:${publishers?.port}`);
await sub.connected();
await pub.subscribed("weather");
// The subscription may still be on its way to the forwarder: say it until it is heard.
const timer = setInterval(() => pub.send(["weather", "sunny"]), 20);
for await (const [topic, word] of sub) {
  const decoder = new TextDecoder();
  console.log(`${decoder.decode(topic)}: ${decoder.decode(word)}`);
  break;
}
clearInterval(timer);
