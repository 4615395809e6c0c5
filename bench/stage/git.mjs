import { execFileSync } from "node:child_process";
import { root } from "../../scripts/install.mjs";

/**
 * What git says about this repository, trimmed; null where it fails, is not there, or there is no repository.
 *
 * @param {string[]} args
 */
export function git(...args) {
  try {
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return null;
  }
}
