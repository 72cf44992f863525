/**
 * Programs whom the rights of files bind: they bind everybody but root, and root too without two
 * capabilities.
 *
 * @module
 */

/** Words in front of a command that make it obey; none are needed for other users than root. */
export const OBEYING_WORDS: readonly string[] = Deno.uid() === 0
  ? [
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
  ]
  : [];
