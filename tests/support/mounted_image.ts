/**
 * A file system in a file, whose bytes can be copied as a power cut would leave them.
 *
 * @module
 */

const IMAGE_BYTES = 384 * 1_024 * 1_024;

/** An image that is mounted until it is disposed of. */
export class MountedImage implements AsyncDisposable {
  /** Where it is mounted. */
  readonly path: string;
  readonly #image: string;

  private constructor(image: string) {
    this.#image = image;
    this.path = `${image}.mount`;
  }

  /** Makes an empty ext4 in a file and mounts it. */
  static async create(image: string, bytes = IMAGE_BYTES): Promise<MountedImage> {
    await Deno.writeFile(image, new Uint8Array());
    await Deno.truncate(image, bytes);
    await run("mkfs.ext4", "-q", image);
    return await new MountedImage(image).#mount();
  }

  /** Mounts an image as a machine does that lost its power: its journal is replayed first. */
  static async open(image: string): Promise<MountedImage> {
    return await new MountedImage(image).#mount();
  }

  /** Puts the journal on the disk, as the kernel does every 5 s; the bytes of other files stay in memory. */
  async commit(): Promise<void> {
    using file = await Deno.open(`${this.path}/other`, { write: true, create: true });
    await file.write(new Uint8Array(1));
    await file.sync();
  }

  /** Copies what has reached the disk by now. */
  async copyTo(image: string): Promise<void> {
    await run("cp", "--sparse=always", this.#image, image);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run("umount", this.path);
  }

  async #mount(): Promise<this> {
    await Deno.mkdir(this.path, { recursive: true });
    await run("mount", "-o", "loop", this.#image, this.path);
    return this;
  }
}

/** Whether this machine lets the test mount images. */
export async function canMountImages(): Promise<boolean> {
  const folder = await Deno.makeTempDir();
  try {
    await using _image = await MountedImage.create(`${folder}/probe`, 8 * 1_024 * 1_024);
    return true;
  } catch {
    return false;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
}
