import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Bundles sources of the page as modules that Node can load, so that neither a test runner nor a loader stands between.
 *
 * @param {Record<string, string>} sources paths from the project's folder, by the name of the module that each becomes
 * @param {string} folder is emptied first
 * @returns {Promise<(name: string) => Promise<unknown>>} imports one of the modules; the caller knows its type
 */
export async function bundleForNode(sources, folder) {
  const { build } = await import("vite");
  const input = Object.fromEntries(Object.entries(sources).map(([name, path]) => [name, `${root}${path}`]));
  await build({
    root,
    configFile: false,
    logLevel: "error",
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      copyPublicDir: false,
      rolldownOptions: { input, output: { entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" } },
    },
  });
  return bundled(folder);
}

/**
 * Imports modules that `bundleForNode` left in a folder.
 *
 * @type {(folder: string) => (name: string) => Promise<unknown>}
 */
export const bundled = (folder) => (name) => import(`${pathToFileURL(folder).href}/${name}.mjs`);
