import { requireNode } from "./node-version.mjs";

requireNode();

// Loaded only now: an old Node could not parse some of it, and the packages may not be there yet.
const { spawnSync } = await import("node:child_process");
const { join } = await import("node:path");
const { pathToFileURL } = await import("node:url");
const { cliFolder, isCliFresh } = await import("./build-cli.mjs");

// Only the result goes to standard output: what installing and building say goes to where sentences are.
const isMade =
  isCliFresh() ||
  spawnSync(process.execPath, [join(import.meta.dirname, "build-cli.mjs")], { stdio: ["ignore", 2, 2] }).status === 0;
// npm runs this from the project's folder, and paths are meant from where the person is.
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
if (isMade) await import(pathToFileURL(join(cliFolder, "auscult.mjs")).href);
else process.exitCode = 2;
