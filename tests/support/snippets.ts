/**
 * The snippets of a markdown document.
 *
 * @module
 */

/** A fenced block. */
export interface Snippet {
  /** Line of its first fence, from 1. */
  line: number;
  /** What follows the fence: `sh`, `console`, `ts`, `json`, `text` … */
  language: string;
  text: string;
}

/** A command of a `console` block, and what it prints. */
export interface Exchange {
  command: string;
  /** Expected output; `…` stands for anything within a line. */
  output: string[];
}

/** Takes the fenced blocks out of a document. */
export function parseSnippets(markdown: string): Snippet[] {
  const snippets: Snippet[] = [];
  let open: Snippet | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    if (!line.startsWith("```")) {
      if (open !== undefined) open.text += `${line}\n`;
    } else if (open === undefined) {
      open = { line: index + 1, language: line.slice(3).trim(), text: "" };
    } else {
      snippets.push(open);
      open = undefined;
    }
  }
  return snippets;
}

/** Takes a `console` block apart: lines that begin with `$ ` are commands. */
export function parseExchanges(text: string): Exchange[] {
  const exchanges: Exchange[] = [];
  for (const line of text.replace(/\n$/, "").split("\n")) {
    if (line.startsWith("$ ")) exchanges.push({ command: line.slice(2), output: [] });
    else exchanges.at(-1)?.output.push(line);
  }
  return exchanges;
}

/** Whether a line of output is what the document promised. */
export function lineMatches(actual: string, expected: string): boolean {
  const pattern = expected.trimEnd().split("…").map((part) => RegExp.escape(part)).join(".*");
  return new RegExp(`^${pattern}$`).test(actual.trimEnd());
}
