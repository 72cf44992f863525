import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { encodePing } from "../../../src/wire/tix/datagram.ts";
import { requirement } from "../../support/require.ts";
import { within } from "../../support/tcp.ts";

/** What a kernel without IPv6 says; the runtime asks for no other socket before. */
const WITHOUT_IPV6 = [
  "-f",
  "-qq",
  ...["--trace=socket", "--inject=socket:error=EAFNOSUPPORT:when=1"],
  ...["--output=/dev/null", "--"],
];

async function canTrace(): Promise<boolean> {
  try {
    const args = ["-qq", "--output=/dev/null", "--inject=socket:error=EAFNOSUPPORT", "--", "true"];
    return (await new Deno.Command("strace", { args, stderr: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

if (
  requirement("TriggerClient on a machine without IPv6", {
    name: "strace that may trace",
    available: await canTrace(),
    howToGet: "apt-get install strace, and the capability SYS_PTRACE in a container",
  })
) {
  Deno.test("TriggerClient is woken on a machine that does not know IPv6", async () => {
    using ending = new DisposableStack();
    const service = ending.adopt(
      Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 }),
      (socket) => socket.close(),
    );
    const { hostname, port } = service.addr as Deno.NetAddr;
    const child = fileURLToPath(new URL("one_family_child.ts", import.meta.url));
    const run = [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-all", child];
    const program = new Deno.Command("strace", {
      args: [...WITHOUT_IPV6, ...run, hostname, `${port}`],
      stdin: "null",
    }).output();
    const [, phone] = await within(service.receive(), "it registers", 30_000);
    await service.send(encodePing(), phone);
    const { code, stdout, stderr } = await within(program, "it ends", 30_000);
    const said = new TextDecoder().decode(stdout);
    assert.equal(code, 0, said + new TextDecoder().decode(stderr));
    assert.equal(said, "woken 1 time\n");
  });
}
