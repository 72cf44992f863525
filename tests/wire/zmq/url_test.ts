import { strict as assert } from "node:assert";
import { formatZmqUrl, parseZmqUrl } from "../../../src/wire/zmq/url.ts";

Deno.test("parseZmqUrl reads both transports, and formatZmqUrl writes them back", () => {
  const cases = {
    "tcp://10.0.0.7:8765": {
      transport: "tcp",
      isTls: false,
      hostname: "10.0.0.7",
      port: 8765,
      target: "",
    },
    "tcp://[::1]:4321": { transport: "tcp", isTls: false, hostname: "::1", port: 4321, target: "" },
    "ws://station:6969/zmq/sub": {
      transport: "ws",
      isTls: false,
      hostname: "station",
      port: 6969,
      target: "/zmq/sub",
    },
    "tcp://[fe80::1%eth0]:4321": {
      transport: "tcp",
      isTls: false,
      hostname: "fe80::1%eth0",
      port: 4321,
      target: "",
    },
    "wss://station:6969/": {
      transport: "ws",
      isTls: true,
      hostname: "station",
      port: 6969,
      target: "/",
    },
    "ws://*:0/": { transport: "ws", isTls: false, hostname: "*", port: 0, target: "/" },
  };
  for (const [url, address] of Object.entries(cases)) {
    assert.deepEqual(parseZmqUrl(url), address);
    assert.equal(formatZmqUrl(parseZmqUrl(url)), url);
  }
  assert.equal(parseZmqUrl("ws://station:6969").target, "/");
});

Deno.test("parseZmqUrl takes schemes in any case", () => {
  assert.equal(formatZmqUrl(parseZmqUrl("TCP://a:1")), "tcp://a:1");
  assert.equal(formatZmqUrl(parseZmqUrl("WSS://a:1?b")), "wss://a:1/?b");
});

/** What is refused, and why. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  "": /must name a host/,
  "tcp://a": /must name a port/,
  "tcp://a:70000": /port number/,
  "tcp://a:1/x": /no path/,
  "ws://a:1/ä": /printable ASCII/,
  "a:1": /must be tcp/,
  "http://a:1": /must be tcp/,
  "tcp://user@h:1": /no user name/,
  "tcp://eth0;127.0.0.1:5": /semicolon/,
};

for (const [url, reason] of Object.entries(REFUSED)) {
  Deno.test(`parseZmqUrl refuses "${url}"`, () => {
    assert.throws(
      () => parseZmqUrl(url),
      (error) => error instanceof TypeError && reason.test(error.message),
    );
  });
}
