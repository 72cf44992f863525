/**
 * The commands of docs/fleet.md that start a broker and clear it, with Debian's package: as the user of
 * its service, in a folder that stands for the root.
 */

import { strict as assert } from "node:assert";
import { runProcess } from "../cli/pulsebox_process.ts";
import { NATS_SERVER } from "../support/nats_server.ts";
import { requirement } from "../support/require.ts";
import { parseSnippets } from "../support/snippets.ts";
import { within } from "../support/tcp.ts";
import { lastingPort } from "../support/lasting_port.ts";

const GUIDE = new URL("../../docs/fleet.md", import.meta.url);
const UNIT = "/lib/systemd/system/nats-server.service";
const ROOT = {
  name: "root, and the user of Debian's nats-server",
  available: Deno.uid() === 0 && /^nats:/m.test(Deno.readTextFileSync("/etc/passwd")),
  howToGet: "run the tests as root, and apt-get install nats-server",
};

/** What the unit says after a name. */
function unitLine(name: string): string {
  return new RegExp(`^${name}=(.+)$`, "m").exec(Deno.readTextFileSync(UNIT))?.[1] ?? "";
}

/** The machine `pi1` of the guide. */
class Machine implements AsyncDisposable {
  #broker: Deno.ChildProcess | undefined;

  private constructor(readonly folder: string, readonly port: number) {}

  static async start(): Promise<Machine> {
    const folder = await Deno.makeTempDir();
    // The user of the service has to pass.
    await Deno.chmod(folder, 0o755);
    await Deno.mkdir(`${folder}/etc`);
    await Deno.mkdir(`${folder}/var/lib`, { recursive: true });
    return new Machine(folder, lastingPort());
  }

  /** A text of the guide, with the paths of this machine. */
  localize(text: string): string {
    return text.replaceAll(/(?<![\w/])\/(?=etc\/nats|var\/lib\/nats)/g, `${this.folder}/`)
      .replace("0.0.0.0:4222", `127.0.0.1:${this.port}`);
  }

  /** Runs a command of the guide; the broker's service is started and stopped as its unit says. */
  async run(command: string): Promise<void> {
    const [, service] = /^sudo systemctl (\w+) nats-server$/.exec(command) ?? [];
    if (service !== undefined) {
      await this.#stop();
      if (service === "restart") this.#start();
      return;
    }
    const { success, stderr } = await new Deno.Command("bash", {
      args: ["-c", this.localize(command.replace(/^sudo /, ""))],
      cwd: this.folder,
    }).output();
    assert(success, `${command}: ${new TextDecoder().decode(stderr)}`);
  }

  #start(): void {
    const user = unitLine("User");
    const words = this.localize(unitLine("ExecStart")).split(" ");
    this.#broker = new Deno.Command("setpriv", {
      args: [`--reuid=${user}`, `--regid=${unitLine("Group")}`, "--clear-groups", ...words],
      cwd: "/",
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  async #stop(): Promise<void> {
    const broker = this.#broker;
    this.#broker = undefined;
    if (broker === undefined) return;
    try {
      broker.kill("SIGINT");
    } catch {
      // It has ended by itself.
    }
    await within(broker.status, "the broker ends");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
    await Deno.remove(this.folder, { recursive: true });
  }
}

if (
  requirement("a broker of Debian's package", NATS_SERVER) &&
  requirement("a broker of Debian's package", ROOT)
) {
  Deno.test("the guide's commands start Debian's broker as its user, and clear it for a cluster", async () => {
    const commands = parseSnippets(await Deno.readTextFile(GUIDE))
      .filter(({ language }) => language === "sh")
      .flatMap(({ text }) => text.trim().split("\n"))
      .filter((line) => !line.startsWith("pulsebox "));
    const clearing = commands.findIndex((line) => line.includes("systemctl stop"));
    assert(clearing > 0, "the guide clears the old broker");

    await using machine = await Machine.start();
    const { folder, port } = machine;
    const names = ["--brokers=pi1", "--hosts=foyer", "--consoles=desk", `--out=${folder}/fleet`];
    const planned = await runProcess(["fleet", "plan", ...names]);
    assert.equal(planned.status, 0, planned.stderr);
    const config = machine.localize(await Deno.readTextFile(`${folder}/fleet/nats-pi1.conf`));
    await Deno.writeTextFile(`${folder}/nats-pi1.conf`, config);
    const init = () =>
      runProcess([
        "fleet",
        "init",
        `--fleet=nats://127.0.0.1:${port}`,
        `--fleet-key=${folder}/fleet/keys/operator.nk`,
      ]);

    for (const command of commands.slice(0, clearing)) await machine.run(command);
    const first = await init();
    assert.match(first.stdout, /PULSEBOX_museum_HOSTS: made/, first.stderr);
    assert.match((await init()).stdout, /PULSEBOX_museum_HOSTS: as planned/);

    for (const command of commands.slice(clearing)) await machine.run(command);
    for (const command of commands.slice(0, clearing)) await machine.run(command);
    assert.match((await init()).stdout, /PULSEBOX_museum_HOSTS: made/, "nothing is left");
  });
}
