/**
 * Groups of processes whose memory or processor time is limited, of either version of cgroups(7).
 *
 * @module
 */

/** What a group may use. */
export interface GroupLimits {
  readonly memoryBytes?: number;
  /** Share of one processor, 0 to 1. */
  readonly processor?: number;
}

const PERIOD_US = 100_000;
/** How hierarchies of the first version are mounted; the controller of processors is often paired. */
const MEMORY_V1 = ["memory"];
const PROCESSOR_V1 = ["cpu", "cpu,cpuacct"];

/** A group that exists until it is disposed of; its processes must have ended by then. */
export class ControlGroup implements Disposable {
  /** Where hierarchies are mounted for it: a network namespace hides the system's own. */
  readonly #mounts: string[] = [];
  readonly #folders: string[] = [];

  private constructor() {}

  /**
   * Makes a group.
   *
   * @throws {Error} if this machine does not let us.
   */
  static make(name: string, limits: GroupLimits): ControlGroup {
    const group = new ControlGroup();
    try {
      group.#make(name, limits);
      return group;
    } catch (error) {
      group[Symbol.dispose]();
      throw error;
    }
  }

  #make(name: string, { memoryBytes, processor }: GroupLimits): void {
    const quota = `${Math.round((processor ?? 1) * PERIOD_US)}`;
    const unified = this.#mount("cgroup2", [""]);
    if (hasControllers(unified)) {
      write(unified, "cgroup.subtree_control", "+memory +cpu");
      const folder = this.#open(`${unified}/${name}`);
      if (memoryBytes !== undefined) write(folder, "memory.max", `${memoryBytes}`);
      if (processor !== undefined) write(folder, "cpu.max", `${quota} ${PERIOD_US}`);
      return;
    }
    if (memoryBytes !== undefined) {
      const folder = this.#open(`${this.#mount("cgroup", MEMORY_V1)}/${name}`);
      write(folder, "memory.limit_in_bytes", `${memoryBytes}`);
    }
    if (processor !== undefined) {
      const folder = this.#open(`${this.#mount("cgroup", PROCESSOR_V1)}/${name}`);
      write(folder, "cpu.cfs_period_us", `${PERIOD_US}`);
      write(folder, "cpu.cfs_quota_us", quota);
    }
  }

  /** Words in front of a command that make it run in the group. */
  get words(): string[] {
    const script = 'for file in $GROUP_FILES; do echo $$ >"$file"; done; exec "$@"';
    const files = this.#folders.map((folder) => `${folder}/cgroup.procs`).join(" ");
    return ["env", `GROUP_FILES=${files}`, "sh", "-ec", script, "sh"];
  }

  /** Removes it. */
  [Symbol.dispose](): void {
    for (const folder of this.#folders) {
      try {
        Deno.removeSync(folder);
      } catch {
        // A process in it has not quite ended.
      }
    }
    for (const path of this.#mounts) {
      run("umount", "--lazy", path);
      Deno.removeSync(path);
    }
  }

  /** Mounts a hierarchy with the first options that the system takes. */
  #mount(type: string, choices: readonly string[]): string {
    const path = Deno.makeTempDirSync({ prefix: "pulsebox-group-" });
    for (const options of choices) {
      if (!run("mount", "-t", type, "-o", options || "defaults", "none", path)) continue;
      this.#mounts.push(path);
      return path;
    }
    Deno.removeSync(path);
    if (type === "cgroup2") return "";
    throw new Error(`Cannot mount control groups for ${choices[0]}`);
  }

  #open(folder: string): string {
    Deno.mkdirSync(folder);
    this.#folders.push(folder);
    return folder;
  }
}

/** Whether this machine lets a test have one. */
export function canLimit(): boolean {
  const limits = { memoryBytes: 1e9, processor: 0.5 };
  try {
    using _group = ControlGroup.make(`pulsebox-probe-${Deno.pid}`, limits);
    return true;
  } catch {
    return false;
  }
}

function write(folder: string, file: string, text: string): void {
  Deno.writeTextFileSync(`${folder}/${file}`, text, { create: false });
}

function run(program: string, ...args: string[]): boolean {
  return new Deno.Command(program, { args, stdout: "null", stderr: "null" }).outputSync().success;
}

function hasControllers(root: string): boolean {
  try {
    const words = Deno.readTextFileSync(`${root}/cgroup.controllers`).trim().split(" ");
    return words.includes("memory") && words.includes("cpu");
  } catch {
    return false;
  }
}
