/**
 * Peers made of jszmq and of zeromq.js for the tests: one JSON argument in, lines of JSON out. Runs in
 * a folder where both packages are installed.
 */

const { createRequire } = require("node:module");
const { createInterface } = require("node:readline");
const load = createRequire(`${process.cwd()}/here.js`);

const plan = JSON.parse(process.argv[2]);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const texts = (message) => message.map((frame) => frame.toString("latin1"));
const frames = (message) => message.map((text) => Buffer.from(text, "latin1"));
const lines = (take) =>
  createInterface({ input: process.stdin }).on("line", (line) => take(JSON.parse(line)));

const acts = {
  jszmq_sub() {
    const socket = load("jszmq").socket("sub");
    socket.connect(plan.url);
    for (const topic of plan.topics) socket.subscribe(topic);
    socket.on("message", (...message) => say({ message: texts(message) }));
  },
  jszmq_pub() {
    const socket = load("jszmq").socket("pub");
    socket.connect(plan.url);
    lines((message) => socket.send(frames(message)));
    say({ ready: true });
  },
  jszmq_request() {
    const socket = load("jszmq").socket(plan.kind);
    socket.connect(plan.url);
    socket.on("message", (...message) => say({ message: texts(message) }));
    lines((message) => socket.send(frames(message)));
  },
  async zeromq_sub() {
    const { Subscriber } = load("zeromq");
    const socket = new Subscriber(plan.options);
    socket.connect(plan.url);
    socket.subscribe(...plan.topics);
    for await (const message of socket) say({ message: texts(message) });
  },
  zeromq_pub() {
    const { Publisher } = load("zeromq");
    const socket = new Publisher(plan.options);
    socket.connect(plan.url);
    lines((message) => socket.send(frames(message)));
    say({ ready: true });
  },
  zeromq_request() {
    const { Request, Dealer } = load("zeromq");
    const socket = plan.kind === "req" ? new Request(plan.options) : new Dealer(plan.options);
    socket.connect(plan.url);
    lines(async (message) => {
      await socket.send(frames(message));
      say({ message: texts(await socket.receive()) });
    });
  },
};

acts[plan.act]();
