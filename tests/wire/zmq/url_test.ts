import { strict as assert } from "node:assert";
import { formatZmqUrl, parseZmqUrl } from "../../../src/wire/zmq/url.ts";

Deno.test("parseZmqUrl reads both transports, and formatZmqUrl writes them back", () => {
  const cases = {
    "tcp://10.0.0.7:8765": { transport: "tcp", hostname: "10.0.0.7", port: 8765, target: "" },
    "tcp://[::1]:4321": { transport: "tcp", hostname: "::1", port: 4321, target: "" },
    "ws://station:6969/zmq/sub": {
      transport: "ws",
      hostname: "station",
      port: 6969,
      target: "/zmq/sub",
    },
    "ws://*:0/": { transport: "ws", hostname: "*", port: 0, target: "/" },
  };
  for (const [url, address] of Object.entries(cases)) {
    assert.deepEqual(parseZmqUrl(url), address);
    assert.equal(formatZmqUrl(parseZmqUrl(url)), url);
  }
  assert.equal(parseZmqUrl("ws://station:6969").target, "/");
});

Deno.test("parseZmqUrl refuses everything else", () => {
  for (
    const url of ["", "tcp://a", "tcp://a:70000", "tcp://a:1/x", "wss://a:1", "ws://a:1/ä", "a:1"]
  ) {
    assert.throws(() => parseZmqUrl(url), /^TypeError: Cannot use URL/);
  }
});
