import { existsSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Where the command line's bundle is. */
export const cliFolder = join(root, "dist-cli");

/** What it is made of. */
const SOURCES = ["cli", "src", "package.json", "scripts/build-cli.mjs", "scripts/build-wasm.mjs"];

/** When the newest file below a path was last written, in milliseconds. The kernel is made of what is looked at itself. */
function newest(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return path.endsWith(".wasm") ? 0 : found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether the command line is built, and newer than all that it is made of. */
export function isCliFresh() {
  const made = join(cliFolder, "auscult.mjs");
  return existsSync(made) && Math.max(...SOURCES.map((path) => newest(join(root, path)))) < statSync(made).mtimeMs;
}

/**
 * Bundles the command line and the thread that it starts as two modules and what they share, with all that they need in
 * them, the kernel included.
 */
async function bundle(folder) {
  const { build } = await import("vite");
  await build({
    root,
    configFile: false,
    logLevel: "error",
    // Optional, with a binary of its own: whoever has a card adds it.
    ssr: { noExternal: true, external: ["webgpu"] },
    build: {
      ssr: true,
      target: "node20",
      outDir: folder,
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
  await chmod(join(folder, "auscult.mjs"), 0o755);
}

/** Builds the command line where that has not been done, or its sources are newer. */
export async function ensureCli() {
  if (isCliFresh()) return;
  const { buildWasm } = await import("./build-wasm.mjs");
  await buildWasm();
  const [draft, old] = [`${cliFolder}.${process.pid}`, `${cliFolder}.${process.pid}.old`];
  await bundle(draft);
  // Renamed into place: whoever starts it at this moment finds a whole one, old or new.
  if (existsSync(cliFolder)) renameSync(cliFolder, old);
  renameSync(draft, cliFolder);
  rmSync(old, { recursive: true, force: true });
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { installPackages } = await import("./install.mjs");
  await installPackages();
  await ensureCli();
}
