import { strict as assert } from "node:assert";
import { withoutFolders } from "../../src/core/without_folders.ts";

const CASES: readonly (readonly [text: string, shown: string])[] = [
  [
    'Cannot write to "/var/lib/pulse box/pulsebox.db": disk full',
    'Cannot write to "pulsebox.db": disk full',
  ],
  ['Cannot use "/srv" for data', 'Cannot use "srv" for data'],
  ['Cannot use "/srv/" for data', 'Cannot use "srv" for data'],
  ["exit status 127: sh: 1: /opt/acme/ring: not found", "exit status 127: sh: 1: ring: not found"],
  ["cannot open (/opt/acme/x.conf)", "cannot open (x.conf)"],
  ["Cannot open /dev/ttyACM0: no such device", "Cannot open ttyACM0: no such device"],
  ["see http://10.0.0.7/a/b and /healthz", "see http://10.0.0.7/a/b and /healthz"],
  ["1/2/3 of 4", "1/2/3 of 4"],
];

for (const [text, shown] of CASES) {
  Deno.test(`withoutFolders makes ${JSON.stringify(shown)}`, () => {
    assert.equal(withoutFolders(text), shown);
    assert.equal(withoutFolders(shown), shown);
  });
}
