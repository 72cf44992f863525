/**
 * jszmq doing what zmq_server.ts does, for comparison. Runs in a folder where it is installed.
 */

const { createRequire } = require("node:module");
const { createServer } = require("node:http");
const zmq = createRequire(`${process.cwd()}/here.js`)("jszmq");

const BATCH = 100;
const PAYLOAD = Buffer.alloc(100, 0x74);

const server = createServer();
const xpub = zmq.socket("xpub");
xpub.options.xpubVerbose = true;
const rep = zmq.socket("rep");
// The ports are not used: both share the server.
xpub.bind("ws://127.0.0.1:1/sub", server);
rep.bind("ws://127.0.0.1:1/req", server);
rep.on("message", (...message) => rep.send(message));
xpub.on("message", (mark) => {
  // The byte before the topic says that it is a subscription.
  const count = Number(/^go (\d+)$/.exec(mark.subarray(1).toString("latin1"))?.[1] ?? 0);
  publish(count);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));

function publish(count) {
  if (count <= 0) return;
  for (let index = 0; index < BATCH; index++) xpub.send([PAYLOAD]);
  setTimeout(() => publish(count - BATCH), 0);
}
