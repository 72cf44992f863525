/**
 * Completion for zsh.
 *
 * @module
 */

import type { CompletedCommand, CompletedFlag } from "./model.ts";

/** Writes the script; it works from `fpath` as `_pulsebox`, and when sourced after `compinit`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const named = commands.filter(({ name }) => name !== "serve");
  const serve = commands.find(({ name }) => name === "serve");
  return `#compdef pulsebox
# Completion of pulsebox for zsh.
_pulsebox() {
  local -a commands
  commands=(
${named.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}\n`).join("")}  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe 'command' commands
    return
  fi
  case $words[2] in
${named.map(commandCase).join("")}    *)
      _arguments -s -S${specs(serve?.flags ?? [])}
      ;;
  esac
}
if [[ $funcstack[1] == _pulsebox ]]; then
  _pulsebox "$@"
else
  compdef _pulsebox pulsebox
fi
`;
}

function commandCase({ name, flags, words }: CompletedCommand): string {
  const first = words.length === 0 ? "" : ` \\\n        ${quoted(`1:word:(${words.join(" ")})`)}`;
  const rest = name === "beat" ? ` \\\n        '*:::program:_normal'` : "";
  return `    ${name})
      shift words
      (( CURRENT-- ))
      _arguments -s${specs(flags)}${first}${rest}
      ;;
`;
}

function specs(flags: readonly CompletedFlag[]): string {
  return flags.map((flag) => ` \\\n        ${spec(flag)}`).join("");
}

function spec(flag: CompletedFlag): string {
  const text = `[${escaped(flag.help)}]${valueSpec(flag)}`;
  const equals = flag.argument === undefined ? "" : "=";
  const long = `${flag.long}${equals}`;
  if (flag.short === undefined) return quoted(`${long}${text}`);
  const exclusive = quoted(`(-${flag.short} ${flag.long})`);
  return `${exclusive}{-${flag.short},${long}}${quoted(text)}`;
}

function valueSpec({ argument, choices, completes }: CompletedFlag): string {
  if (argument === undefined) return "";
  const label = `:${escaped(argument)}:`;
  if (choices.length > 0) return `${label}(${choices.join(" ")})`;
  if (completes === "directory") return `${label}_files -/`;
  return completes === "file" ? `${label}_files` : label;
}

/** Brackets and colons have a meaning in a specification. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
