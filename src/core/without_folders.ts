/**
 * Takes the folders out of a sentence: where a host keeps its files is for its log, and nobody else
 * who can see the page, a badge or the health has to know it.
 *
 * @module
 */

/** A path in quotes, which may hold blanks. */
const QUOTED = /"\/[^"]*"/g;
/** A path of at least two parts, at the beginning of a word; a URL's path follows its host. */
const BARE = /(?<![^\s('=,;])\/(?:[^\s"'/:;,()]+\/)+[^\s"'/:;,()]*/g;

/** The sentence with the last part of each path in place of the path. */
export function withoutFolders(sentence: string): string {
  return sentence
    .replace(QUOTED, (path) => `"${lastPart(path.slice(1, -1))}"`)
    .replace(BARE, lastPart);
}

function lastPart(path: string): string {
  const whole = path.replace(/\/+$/, "");
  return whole.slice(whole.lastIndexOf("/") + 1);
}
