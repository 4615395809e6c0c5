import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Where the command line's bundle is. */
export const cliFolder = join(root, "dist-cli");

/** What it is made of. */
const SOURCES = ["cli", "src", "package.json", "scripts/build-cli.mjs", "scripts/build-wasm.mjs"];

/** When the newest file below a path was last written, in milliseconds. */
function newest(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Builds the command line where that has not been done, or its sources are newer. */
export async function ensureCli() {
  const made = join(cliFolder, "auscult.mjs");
  const isFresh =
    existsSync(made) && Math.max(...SOURCES.map((path) => newest(join(root, path)))) < statSync(made).mtimeMs;
  if (!isFresh) await buildCli();
}

/**
 * Bundles the command line and the thread that it starts as two modules and what they share, with all that they need in
 * them, the kernel included.
 */
export async function buildCli() {
  const { buildWasm } = await import("./build-wasm.mjs");
  await buildWasm();
  const { build } = await import("vite");
  await build({
    root,
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true, external: ["webgpu"] },
    build: {
      ssr: true,
      target: "node20",
      outDir: cliFolder,
      emptyOutDir: true,
      copyPublicDir: false,
      minify: true,
      // The kernel travels in the bundle: there is no server that it could be fetched from.
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      rolldownOptions: {
        input: { auscult: join(root, "cli/auscult.ts"), thread: join(root, "cli/thread.ts") },
        output: {
          entryFileNames: "[name].mjs",
          chunkFileNames: "[name]-[hash].mjs",
          banner: (chunk) => (chunk.name === "auscult" && chunk.isEntry ? "#!/usr/bin/env node" : ""),
        },
      },
    },
  });
  await chmod(join(cliFolder, "auscult.mjs"), 0o755);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await buildCli();
