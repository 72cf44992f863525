/**
 * Completion for bash.
 *
 * @module
 */

import type { CompletedCommand, CompletedFlag } from "./model.ts";

/** Writes the script; it needs nothing but bash itself, version 4 or later. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const named = commands.filter(({ name }) => name !== "serve");
  const words = named.map(({ name }) => name).join(" ");
  return `# Completion of pulsebox for bash: source <(pulsebox completions bash)
_pulsebox() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} options= words= index
  # Bash takes the = of --option=value for a word of its own.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ \${COMP_WORDS[index]} == -- ]]; then
      COMPREPLY=($(compgen -c -- "$cur"))
      return
    fi
  done
  case $prev in
${valueCases(commands)}  esac
  case \${COMP_WORDS[1]} in
${named.map(commandCase).join("")}    *)
      options="${optionWords(commands.find(({ name }) => name === "serve"))}"
      ((COMP_CWORD == 1)) && words="${words}"
      ;;
  esac
  if ((COMP_CWORD == 1)) && [[ $cur != -* ]]; then
    words="${words}"
  fi
  [[ $cur == -* ]] && words=$options
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _pulsebox pulsebox
`;
}

function commandCase({ name, words, flags }: CompletedCommand): string {
  return `    ${name})
      options="${optionWords({ flags })}"
      words="${words.join(" ")}"
      ;;
`;
}

function optionWords(command: { readonly flags: readonly CompletedFlag[] } | undefined): string {
  return (command?.flags ?? []).map(({ long }) => long).join(" ");
}

/** What may follow an option that takes a value. */
function valueCases(commands: readonly CompletedCommand[]): string {
  const flags = new Map(
    commands.flatMap((command) => command.flags).map((flag) => [flag.long, flag]),
  );
  return [...flags.values()].filter(({ argument }) => argument !== undefined).map((flag) => {
    const pattern = flag.short === undefined ? flag.long : `${flag.long}|-${flag.short}`;
    return `    ${pattern}) ${valueReply(flag)}return ;;\n`;
  }).join("");
}

function valueReply({ choices, completes }: CompletedFlag): string {
  if (choices.length > 0) return `COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$cur")); `;
  if (completes === "directory") return `COMPREPLY=($(compgen -d -- "$cur")); `;
  if (completes === "file") return `COMPREPLY=($(compgen -f -- "$cur")); `;
  return "";
}
