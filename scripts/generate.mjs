import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ensureCli } from "./build-cli.mjs";
import { buildWasm } from "./build-wasm.mjs";
import { subsetFont } from "./subset-font.mjs";

/** Makes the files that the build and the tests import but the repository does not hold. */
export async function generate() {
  await buildWasm();
  await subsetFont();
  await ensureCli();
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await generate();
