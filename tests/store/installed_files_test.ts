/** What is written over a power cut. */

import { strict as assert } from "node:assert";
import { copyProgram, writeWhole } from "../../src/store/installed_files.ts";
import { canMountImages, MountedImage } from "../support/mounted_image.ts";
import { requirement } from "../support/require.ts";
import { temporaryDirectory } from "./virtual_host.ts";

/** Of several pages, so that its bytes do not fit beside its name. */
const OLD = "old\n".repeat(10_000);
const NEW = "new\n".repeat(20_000);

if (
  requirement("installed files after a power cut", {
    name: "root and file systems in files",
    available: Deno.uid() === 0 && await canMountImages(),
    howToGet: "sudo, and apt-get install e2fsprogs mount",
  })
) {
  for (const before of [undefined, OLD]) {
    const fate = before === undefined ? "made" : "replaced";
    Deno.test(`A file that was ${fate} is whole after a power cut`, async () => {
      using directory = temporaryDirectory();
      const source = `${directory.path}/program`;
      await Deno.writeTextFile(source, NEW);
      {
        await using disk = await MountedImage.create(`${directory.path}/disk`, 16 * 1_024 * 1_024);
        const paths = [`${disk.path}/text`, `${disk.path}/program`];
        for (const path of before === undefined ? [] : paths) {
          await Deno.writeTextFile(path, OLD);
        }
        await disk.commit();
        await writeWhole({ path: `${disk.path}/text`, text: NEW, mode: 0o600 });
        await disk.copyTo(`${directory.path}/after-text`);
        await copyProgram(source, `${disk.path}/program`);
        await disk.copyTo(`${directory.path}/after-program`);
      }
      for (const name of ["text", "program"]) {
        await using disk = await MountedImage.open(`${directory.path}/after-${name}`);
        const read = await Deno.readTextFile(`${disk.path}/${name}`);
        assert.ok(read === NEW, `${name} holds ${read.length} bytes`);
      }
    });
  }
}
