import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { npm, root, staleReason } from "../../scripts/install.mjs";
import { git } from "./git.mjs";
import { makeStep, work } from "./workspace.mjs";

/**
 * A build of the page in a folder, by the name that it was asked for; `commit` is null where it was a folder already.
 *
 * @typedef {{ name: string, commit: string | null, folder: string }} Build
 */

/** Packages as the copy's lock file has them: those of this repository where they are the same. @param {string} copy */
async function givePackages(copy) {
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");
  if (staleReason(copy) === undefined) return;
  rmSync(join(copy, "node_modules"));
  const env = { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1" };
  await makeStep("npm ci", { ...npm("ci", "--include=dev", "--no-audit", "--no-fund"), cwd: copy, env });
}

/** Builds a commit from a copy of its files, once, and returns the folder. @param {string} commit its whole hash */
async function buildCommit(commit) {
  const folder = join(work, "versus", commit);
  if (existsSync(folder)) return folder;
  const copy = `${folder}.draft`;
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  const archive = join(copy, "source.tar");
  await makeStep("git archive", { command: "git", args: ["archive", "--format=tar", "-o", archive, commit] });
  await makeStep("tar", { command: "tar", args: ["-xf", archive, "-C", copy] });
  await givePackages(copy);
  await makeStep(`The build of ${commit}`, {
    ...npm("run", "--silent", "build", "--", "--logLevel", "error"),
    cwd: copy,
  });
  // Renamed at the end: a folder of that name is whole.
  renameSync(join(copy, "dist"), folder);
  rmSync(copy, { recursive: true });
  return folder;
}

/**
 * A build of the page: of a commit, tag or branch of this repository, or what lies in a folder already.
 *
 * @param {string} name
 * @returns {Promise<Build>}
 * @throws {Error} with a sentence for the person, where it is neither or cannot be built
 */
export async function buildOf(name) {
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), name);
  const isCheckout = existsSync(join(folder, "package.json"));
  if (existsSync(join(folder, "index.html")) && !isCheckout) return { name, commit: null, folder };
  const commit = git("rev-parse", "--verify", "--quiet", `${name}^{commit}`);
  if (commit !== null) return { name, commit, folder: await buildCommit(commit) };
  if (isCheckout)
    throw new Error(`${name} holds sources, not a built page: run "npm run build" there and name its dist.`);
  throw new Error(
    `${name} is neither a commit of this repository nor a folder with a built page: name one of the two.`,
  );
}
