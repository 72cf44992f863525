/**
 * What a command is, and the steps that all of them share: arguments, settings, help, exit status.
 *
 * @module
 */

import { parseArguments } from "./arguments.ts";
import type { CommandFace } from "./command_face.ts";
import { STATUS_DONE, STATUS_WRONG_USE } from "./exit_status.ts";
import { type FlagTable, type FlagValues, HELP_FLAG } from "../appliance/settings/flag.ts";
import type { SettingSet, SettingSetName } from "./settings/setting_sets.ts";
import type { Environment, SettingSource } from "./settings/settings.ts";
import type { Terminal } from "./terminal.ts";

/** What a command is given of the world. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly environment: Environment;
  readTextFile(path: string): Promise<string>;
}

/** One call of a command, its arguments read and its settings resolved. */
export interface Invocation<T extends FlagTable, S extends SettingSetName | undefined>
  extends Surroundings {
  /** All commands, for those that tell of others. */
  readonly commands: readonly Command[];
  readonly values: FlagValues<T>;
  readonly positionals: readonly string[];
  /** Everything behind `--`. */
  readonly rest: readonly string[];
  readonly settings: S extends SettingSetName ? SettingSet<S> : undefined;
  readonly sources: ReadonlyMap<string, SettingSource>;
  /** Reads settings of the same command line and environment once more: files may have changed. */
  resolveAgain(): Promise<{
    readonly settings: SettingSet<"host"> | undefined;
    readonly sources: ReadonlyMap<string, SettingSource>;
    readonly problems: readonly string[];
  }>;
}

/** What the file of a command exports. */
export interface CommandModule<T extends FlagTable, S extends SettingSetName | undefined> {
  /** Does the command's work and gives its exit status. */
  run(invocation: Invocation<T, S>): Promise<number>;
}

/** A command that can be started. */
export interface Command extends CommandFace {
  /** Reads arguments, then runs; gives the exit status. */
  start(
    args: readonly string[],
    surroundings: Surroundings,
    commands: readonly Command[],
  ): Promise<number>;
}

/** How a command is declared. */
export interface CommandDeclaration<T extends FlagTable, S extends SettingSetName | undefined>
  extends CommandFace {
  readonly flags: T;
  readonly settings: S;
  readonly positionalsMin?: number;
  readonly positionalsMax?: number;
  /** Whether it takes arguments behind `--`. */
  readonly takesRest?: true;
  /** Reports wrong use in the command's own way; if not given, on standard error with status 2. */
  readonly refuse?: (problems: readonly string[], surroundings: Surroundings) => Promise<number>;
  /** Loads the code only when it is needed, so that each command starts fast. */
  load(): Promise<CommandModule<T, S>>;
}

/** Makes a command of its declaration. */
export function command<T extends FlagTable, S extends SettingSetName | undefined>(
  declaration: CommandDeclaration<T, S>,
): Command {
  return {
    ...declaration,
    start: (args, surroundings, commands) => start(declaration, args, surroundings, commands),
  };
}

async function start<T extends FlagTable, S extends SettingSetName | undefined>(
  declaration: CommandDeclaration<T, S>,
  args: readonly string[],
  surroundings: Surroundings,
  commands: readonly Command[],
): Promise<number> {
  const own: FlagTable = { ...HELP_FLAG, ...declaration.flags };
  const table = declaration.settings === undefined
    ? own
    : { ...await settingFlags(declaration.settings), ...own };
  const parsed = parseArguments(table, args);
  if (parsed.values["help"] === true) {
    const { commandHelp } = await import("./help.ts");
    await surroundings.terminal.write(
      commandHelp(declaration, surroundings.terminal.columns, commands),
    );
    return STATUS_DONE;
  }
  // If the command takes no command line after --, then -- only ends the options, so that
  // positionals may begin with a dash.
  const { rest = [] } = parsed;
  const positionals = declaration.takesRest ? parsed.positionals : [...parsed.positionals, ...rest];
  // Copy the environment: a host gives back the permission to read it.
  const known = { ...surroundings, environment: new KnownEnvironment(surroundings.environment) };
  const resolution = declaration.settings === undefined
    ? undefined
    : await resolve(declaration.settings, parsed.values, known);
  const problems = [
    ...parsed.problems,
    ...problemsOfPositionals(declaration, positionals),
    ...(resolution?.problems ?? []),
  ];
  if (problems.length > 0) {
    return await (declaration.refuse ?? complainOf(declaration.name))(problems, surroundings);
  }
  const { run } = await declaration.load();
  return await run({
    ...surroundings,
    commands,
    values: parsed.values as FlagValues<T>,
    positionals,
    rest: declaration.takesRest ? rest : [],
    // If there are no problems, there are settings of the requested set.
    settings: resolution?.settings as Invocation<T, S>["settings"],
    sources: resolution?.sources ?? new Map(),
    resolveAgain: () => resolve("host", parsed.values, known),
  });
}

/** Remembers what it was asked for. */
class KnownEnvironment implements Environment {
  readonly #environment: Environment;
  readonly #known = new Map<string, string | undefined>();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  get(name: string): string | undefined {
    if (!this.#known.has(name)) this.#known.set(name, this.#environment.get(name));
    return this.#known.get(name);
  }

  /**
   * Requests the permissions for variables that may be needed later. A refusal is reported where
   * the variable is needed.
   */
  learn(names: Iterable<string>): void {
    for (const name of names) {
      try {
        this.get(name);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotCapable)) throw error;
      }
    }
  }
}

async function settingFlags(name: SettingSetName): Promise<FlagTable> {
  const [{ SETTING_SETS }, { flagsOf }] = await Promise.all([
    import("./settings/setting_sets.ts"),
    import("./settings/settings.ts"),
  ]);
  return flagsOf(SETTING_SETS[name]);
}

async function resolve<N extends SettingSetName>(
  name: N,
  flags: Readonly<Record<string, unknown>>,
  { environment, readTextFile }: Surroundings & { readonly environment: KnownEnvironment },
) {
  const [{ SETTING_SETS }, { environmentNames, resolveSettings }] = await Promise.all([
    import("./settings/setting_sets.ts"),
    import("./settings/settings.ts"),
  ]);
  // The configuration file may turn on a role whose variables have not been read yet.
  environment.learn(environmentNames(SETTING_SETS[name]));
  return await resolveSettings(SETTING_SETS[name], { flags, environment, readTextFile });
}

function problemsOfPositionals(
  face: {
    readonly name: string;
    readonly usage: string;
    readonly positionalsMin?: number;
    readonly positionalsMax?: number;
  },
  positionals: readonly string[],
): string[] {
  const { positionalsMin = 0, positionalsMax = 0 } = face;
  const extra = positionals.slice(positionalsMax);
  if (positionals.length < positionalsMin) {
    return [`Too few arguments, write: pulsebox ${face.name} ${face.usage}`];
  }
  const hint = face.name === "serve" ? ": a command comes first, before its options" : "";
  return extra.map((word) => `Unexpected argument "${word}"${hint}`);
}

function complainOf(name: string) {
  return async (problems: readonly string[], { terminal }: Surroundings): Promise<number> => {
    await terminal.complain(problems.map((problem) => `pulsebox: ${problem}\n`).join(""));
    const topic = name === "serve" ? "" : ` ${name}`;
    await terminal.complain(`Try: pulsebox help${topic}\n`);
    return STATUS_WRONG_USE;
  };
}
