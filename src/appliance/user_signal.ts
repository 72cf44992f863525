/**
 * SIGUSR1, for the program and its commands.
 *
 * @module
 */

export { blockUserSignal, ignoreUserSignal, onUserSignal } from "../net/user_signal.ts";
