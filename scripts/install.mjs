import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runStep } from "./run-step.mjs";

/** The repository's root, with a final separator. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * What a lock file says of a package, by its folder.
 *
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockEntry
 */

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/**
 * Says why the packages in `folder` are not those of its package-lock.json, or nothing where they are. npm keeps a
 * second lock file inside node_modules that lists what it really installed; the two are compared entry by entry, and
 * entries for other platforms (optional ones) may be absent.
 *
 * @param {string} folder
 * @returns {string | undefined}
 */
export function staleReason(folder) {
  const installed = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return "no packages are installed yet";
  /** @type {Record<string, LockEntry>} */
  const wanted = readJson(join(folder, "package-lock.json")).packages;
  /** @type {Record<string, LockEntry | undefined>} */
  const found = readJson(installed).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "") continue;
    const has = found[path];
    if (has === undefined) {
      if (!entry.optional) return `${path} is missing`;
    } else if (has.version !== entry.version || has.integrity !== entry.integrity) {
      return `${path} is not the locked version`;
    } else if (!existsSync(join(folder, path))) {
      return `${path} was removed`;
    }
  }
  return undefined;
}

/**
 * How to start npm with these arguments: the one that started us, else the one on PATH.
 *
 * @param {string[]} args
 */
export function npm(...args) {
  const own = process.env.npm_execpath;
  if (own && /npm-cli\.[cm]?js$/.test(own)) return { command: process.execPath, args: [own, ...args] };
  return process.platform === "win32" ? { command: "cmd", args: ["/c", "npm", ...args] } : { command: "npm", args };
}

/**
 * Brings node_modules to what package-lock.json says, and does nothing where it is so already.
 *
 * @throws {Error} with a sentence for the person, where npm fails or hangs.
 */
export async function installPackages() {
  const why = staleReason(root);
  if (why === undefined) return;
  console.log(`Installing packages with npm ci (${why}).`);
  const step = await runStep({
    // Each request is a line, so that a slow network can be told from none.
    ...npm("ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=http"),
    cwd: root,
    // The browser is looked for, and if need be fetched, by browser.mjs.
    env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1" },
  });
  if (!step.ok)
    throw new Error(`npm ci ${step.reason}; its output above says why. Check the network and run this again.`);
}

/**
 * The script behind a package's command, to be run with this Node: no shell, no PATH, the same on every system.
 *
 * @param {string} name the package
 * @param {string} [bin] its command, where that is not the package's name
 */
export function packageScript(name, bin = name) {
  const folder = join(root, "node_modules", name);
  const declared = readJson(join(folder, "package.json")).bin;
  return join(folder, typeof declared === "string" ? declared : declared[bin]);
}
