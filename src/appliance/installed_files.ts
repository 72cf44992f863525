/**
 * Files of an installed service, for the commands that install and remove it.
 *
 * @module
 */

export {
  copyProgram,
  type InstallFile,
  isThere,
  readIfThere,
  removeFolder,
  removeIfThere,
  restrict,
  writeWhole,
} from "../store/installed_files.ts";
export { readSysctlFiles, type SysctlFile } from "../store/sysctl_files.ts";
