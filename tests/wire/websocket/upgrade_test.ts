import { strict as assert } from "node:assert";
import {
  encodeAccepted,
  encodeUpgradeRequest,
  judgeUpgrade,
  keyOf,
  parseUpgradeReply,
  provenBytes,
  type UpgradeRequest,
} from "../../../src/wire/websocket/upgrade.ts";

const KEY = "aZg85FHcsPRKlOgqKR+Oow==";
const PROOF = "3rHGv98BAM4Yl1zwMrpTcpnmrvc=";
const FIELDS: Readonly<Record<string, string>> = {
  "upgrade": "websocket",
  "connection": "keep-alive, Upgrade",
  "sec-websocket-key": KEY,
  "sec-websocket-protocol": "ZWS2.0/NULL,ZWS2.0",
  "sec-websocket-version": "13",
};
const REQUEST: UpgradeRequest = {
  host: "127.0.0.1:6969",
  target: "/zmq/sub",
  nonce: Uint8Array.from({ length: 16 }, (_, index) => index),
  subprotocols: ["ZWS2.0/NULL", "ZWS2.0"],
};

function judge(changes: Readonly<Record<string, string>>, method = "GET") {
  const fields = { ...FIELDS, ...changes };
  return judgeUpgrade(method, (name) => fields[name] === "" ? undefined : fields[name]);
}

Deno.test("provenBytes are those of RFC 6455", () => {
  const text = new TextDecoder().decode(provenBytes("dGhlIHNhbXBsZSBub25jZQ=="));
  assert.equal(text, "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
  assert.equal(keyOf(REQUEST.nonce), "AAECAwQFBgcICQoLDA0ODw==");
});

Deno.test("judgeUpgrade takes what libzmq and browsers send", () => {
  const subprotocols = ["ZWS2.0/NULL", "ZWS2.0"];
  assert.deepEqual(judge({}), { key: KEY, subprotocols });
  assert.deepEqual(judge({ "sec-websocket-protocol": " ZWS2.0/NULL , ZWS2.0,," }), {
    key: KEY,
    subprotocols,
  });
  assert.deepEqual(judge({ "upgrade": "WebSocket", "sec-websocket-protocol": "" }), {
    key: KEY,
    subprotocols: [],
  });
});

Deno.test("judgeUpgrade refuses what is no handshake", () => {
  const statusOf = (judgement: ReturnType<typeof judge>) =>
    "status" in judgement ? judgement.status : undefined;
  assert.equal(statusOf(judge({}, "POST")), 400);
  assert.equal(statusOf(judge({ upgrade: "h2c" })), 400);
  assert.equal(statusOf(judge({ upgrade: "" })), 400);
  assert.equal(statusOf(judge({ "sec-websocket-version": "8" })), 426);
  assert.equal(statusOf(judge({ "sec-websocket-key": "short" })), 400);
  assert.equal(statusOf(judge({ "sec-websocket-key": "" })), 400);
});

Deno.test("encodeAccepted writes single values that libzmq can read", () => {
  const text = new TextDecoder().decode(encodeAccepted(PROOF, "ZWS2.0/NULL"));
  assert.match(text, /^HTTP\/1\.1 101 Switching Protocols\r\n/);
  assert.match(text, /\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n/);
  assert.match(text, /\r\nSec-WebSocket-Accept: 3rHGv98BAM4Yl1zwMrpTcpnmrvc=\r\n/);
  assert.match(text, /\r\nSec-WebSocket-Protocol: ZWS2\.0\/NULL\r\n\r\n$/);
});

Deno.test("a client's request and a server's answer fit", () => {
  const text = new TextDecoder().decode(encodeUpgradeRequest(REQUEST));
  assert.match(text, /^GET \/zmq\/sub HTTP\/1\.1\r\nHost: 127\.0\.0\.1:6969\r\n/);
  assert.match(text, /\r\nSec-WebSocket-Protocol: ZWS2\.0\/NULL,ZWS2\.0\r\n/);
  const answer = new TextDecoder().decode(encodeAccepted(PROOF, "ZWS2.0"));
  assert.deepEqual(parseUpgradeReply(answer.slice(0, -4), REQUEST, PROOF), {
    subprotocol: "ZWS2.0",
  });
});

Deno.test("parseUpgradeReply says what is wrong with an answer", () => {
  const good = new TextDecoder().decode(encodeAccepted(PROOF, "ZWS2.0")).slice(
    0,
    -4,
  );
  const faultOf = (head: string) => {
    const outcome = parseUpgradeReply(head, REQUEST, PROOF);
    return "fault" in outcome ? outcome.fault : "";
  };
  assert.match(faultOf("HTTP/1.1 404 Not Found"), /server answered "HTTP\/1\.1 404 Not Found"/);
  assert.match(faultOf(""), /must be 101/);
  assert.match(faultOf(good.replace("websocket", "h2c")), /something else/);
  assert.match(
    faultOf(good.replace("Connection: Upgrade", "Connection: close")),
    /no Connection: Upgrade/,
  );
  assert.match(faultOf(good.replace("Accept: ", "Accept: x")), /does not fit the key/);
  assert.match(faultOf(`${good}\r\nSec-WebSocket-Extensions: x`), /extension/);
  assert.match(faultOf(`${good}\r\nSec-WebSocket-Protocol: ZWS2.0`), /not offered/);
  assert.match(faultOf(good.replace("ZWS2.0", "ZWS1.0")), /"ZWS1\.0", which was not offered/);
});
