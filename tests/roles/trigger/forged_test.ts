import { strict as assert } from "node:assert";
import { requirement } from "../../support/require.ts";
import { intervalsOf, Phone, startRole } from "./phone.ts";

/** Sends UDP datagrams of two bytes with any source: `python3 -c … PORT SOURCE SOURCEPORT COUNT`. */
const FORGE = `
import socket, struct, sys
port, source, source_port, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
udp = struct.pack('!HHHH', source_port, port, 10, 0) + b'ab'
head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 30, 0, 0, 64, 17, 0,
                   socket.inet_aton(source), socket.inet_aton('127.0.0.1'))
for _ in range(count):
    raw.sendto(head + udp, ('127.0.0.1', 0))
`;

function canForge(): boolean {
  try {
    const { success } = new Deno.Command("python3", {
      args: ["-c", "import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 255)"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return success;
  } catch {
    return false;
  }
}

async function forge(port: number, source: string, sourcePort: number, count: number) {
  const { success, stderr } = await new Deno.Command("python3", {
    args: ["-c", FORGE, String(port), source, String(sourcePort), String(count)],
    stdin: "null",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

const isAble = requirement("forged registrations", {
  name: "python3 and the right to send raw packets",
  available: canForge(),
  howToGet: "apt-get install python3, and run as root",
});

if (isAble) {
  Deno.test("TriggerRole is not silenced by forged datagrams with source port 0", async () => {
    const { role, port } = startRole();
    await using _ = role;
    using phone = Phone.open();
    await phone.say(port);
    await phone.hears(1);
    await forge(port, "127.0.0.1", 0, 40);
    await phone.hears(4);
    for (const interval of intervalsOf(phone.heard)) assert.ok(interval < 1_250, `${interval}`);
    assert.equal(role.service.counters.datagrams.refused_port, 40);
    assert.equal(role.service.counters.totals().sendErrors, 0);
  });

  Deno.test("TriggerRole never pings itself after a datagram forged with its own address", async () => {
    for (const ownPort of ["refuse", "take"] as const) {
      const { role, port } = startRole({ ownPort });
      await using _ = role;
      using phone = Phone.open();
      await phone.say(port);
      await phone.hears(1);
      await forge(port, "127.0.0.1", port, 1);
      await phone.hears(2);
      assert.equal(role.service.clients.size, 1);
      assert.equal(role.service.counters.datagrams.self, 1);
    }
  });

  Deno.test("TriggerRole lets no more forged clients of a victim in than its cap", async () => {
    const { role, port } = startRole({ clientsPerAddressMax: 1 });
    await using _ = role;
    using phone = Phone.open();
    await phone.say(port);
    await phone.hears(1);
    for (const sourcePort of [3_001, 3_002, 3_003]) await forge(port, "127.6.6.6", sourcePort, 5);
    await phone.hears(3);
    assert.equal(role.service.clients.sizeAt("127.6.6.6"), 1);
    assert.equal(role.service.counters.datagrams.refused_cap, 10);
  });
}
