/**
 * Which ports Linux gives to outgoing connections, for the commands that keep ours out of it.
 *
 * @module
 */

export {
  OUTGOING_DEFAULT,
  type PortRanges,
  readPortRanges as portRanges,
} from "../net/libc/kernel_facts.ts";
