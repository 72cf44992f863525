/** `pulsebox install --root`: what counts is what the other system says, not the running one. */

import { strict as assert } from "node:assert";
import { PLACES } from "../../../src/cli/commands/install/plan.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { runHere } from "../fake_terminal.ts";

const RESERVED = "net.ipv4.ip_local_reserved_ports";

/** Files of a system, and the list that an installation of HEV (54320 to 54322) writes there. */
const IMAGES: readonly {
  what: string;
  files: Readonly<Record<string, string>>;
  links?: Readonly<Record<string, string>>;
  list: string | undefined;
  isReplacedBy?: string;
}[] = [
  { what: "no list", files: {}, list: "54320-54322" },
  {
    what: "a list of its own",
    files: { "/usr/lib/sysctl.d/10-a.conf": `# comment\n ${RESERVED} = 8080,9000-9001\n` },
    list: "8080,9000-9001,54320-54322",
  },
  {
    what: "the last of several lists",
    files: {
      "/etc/sysctl.d/20-b.conf": `-${RESERVED}=8080`,
      "/usr/lib/sysctl.d/10-a.conf": `${RESERVED}=7000`,
    },
    list: "8080,54320-54322",
  },
  {
    what: "a file of the vendor that the administrator has replaced",
    files: {
      "/etc/sysctl.d/10-a.conf": "vm.swappiness=1",
      "/usr/lib/sysctl.d/10-a.conf": `${RESERVED}=7000`,
    },
    list: "54320-54322",
  },
  {
    what: "a name with slashes",
    files: { "/run/sysctl.d/x.conf": "net/ipv4/ip_local_reserved_ports = 8080" },
    list: "8080,54320-54322",
    isReplacedBy: "/run/sysctl.d/x.conf",
  },
  {
    what: "a link that is whole within the system",
    files: { "/etc/custom": `${RESERVED}=8080` },
    links: { "/etc/sysctl.d/50-link.conf": "/etc/custom" },
    list: "8080,54320-54322",
  },
  {
    what: "a file that is read after ours",
    files: { "/etc/sysctl.conf": `${RESERVED}=8080` },
    list: "8080,54320-54322",
    isReplacedBy: "/etc/sysctl.conf",
  },
  {
    what: "another range of outgoing ports",
    files: { "/etc/sysctl.d/10-a.conf": "net.ipv4.ip_local_port_range = 54321 60999" },
    list: "54321-54322",
  },
  {
    what: "a range without ours",
    files: { "/etc/sysctl.d/10-a.conf": "net.ipv4.ip_local_port_range = 60000 60999" },
    list: undefined,
  },
];

for (const { what, files, links = {}, list, isReplacedBy } of IMAGES) {
  Deno.test(`pulsebox install --root reserves ports in a system with ${what}`, async () => {
    using directory = temporaryDirectory();
    const root = directory.path;
    const makeFolder = (path: string) =>
      Deno.mkdir(root + path.slice(0, path.lastIndexOf("/")), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      await makeFolder(path);
      await Deno.writeTextFile(root + path, text);
    }
    for (const [path, target] of Object.entries(links)) {
      await makeFolder(path);
      await Deno.symlink(target, root + path);
    }
    // Twice: what the first has written is no list of others.
    for (let count = 0; count < 2; count++) {
      const words = ["install", "--hev", "--root", root, "--program", "/bin/sh"];
      const { status, stdout, stderr } = await runHere(words);
      assert.equal(status, 0, stderr);
      const written = await Deno.readTextFile(root + PLACES.ports).catch(() => "");
      assert.equal(new RegExp(`^${RESERVED}=(.*)$`, "m").exec(written)?.[1], list);
      const [, later] = /^(\S+) replaces the reserved ports/m.exec(stdout) ?? [];
      assert.equal(later, isReplacedBy === undefined ? undefined : root + isReplacedBy);
    }
  });
}
