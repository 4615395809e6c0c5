import { join } from "node:path";
import { ensureBrowser } from "../../scripts/browser.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { modelPair, SMALL, USUAL } from "./model-pair.mjs";
import { startServerProcess } from "./server-process.mjs";
import { buildPage, pageFolder, work } from "./workspace.mjs";

/** As the browser tests have it: WebGPU in software where there is no other, and no calls home. */
const flags = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * @typedef {import("@playwright/test").Browser} Browser
 *
 * Everything that a measurement in the browser needs. `page` is the address of the page as this repository has it, built
 * when it is first asked for, and `rival` that of the page which fetches and discards; a hash goes behind either. `serve`
 * serves another folder as the page is served and resolves with its address. `files` is a pair on the disk, which torch can
 * read too; `generated` gives one of the MODEL_SHAPES. `launch` starts a browser of its own; `withBrowser` closes it, too.
 *
 * @typedef {{
 *   browserVersion: string,
 *   page: () => Promise<string>,
 *   rival: string,
 *   serve: (folder: string) => Promise<string>,
 *   files: import("./pair.mjs").FilePair,
 *   generated: (shape: string) => Promise<import("./pair.mjs").GeneratedPair>,
 *   launch: () => Promise<Browser>,
 *   withBrowser: <Found>(work: (browser: Browser) => Promise<Found>) => Promise<Found>,
 *   close: () => Promise<void>,
 * }} Stage
 */

/** @param {string} folder its address */
const refsAt = (folder) => ({ a: `${folder}/base/`, b: `${folder}/tuned/` });

/**
 * Sets up the servers, each on an origin of its own, those of the measured files in processes of their own.
 *
 * @param {{ quick: boolean }} options `quick` takes a small pair of files
 * @returns {Promise<Stage>}
 */
export async function openStage({ quick }) {
  const { path, version } = await ensureBrowser();
  const { chromium } = await import("@playwright/test");
  /** @type {{ close: () => Promise<void> | void }[]} */
  const servers = [];
  /** @param {string} folder */
  const serve = async (folder) => {
    const server = await serveFolder({ root: folder });
    servers.push(server);
    return `${server.origin}/`;
  };
  /** @type {typeof startServerProcess} */
  const start = async (script, args) => {
    const server = await startServerProcess(script, args);
    servers.push(server);
    return server;
  };
  const model = modelPair(work, quick ? SMALL : USUAL);
  const disk = await start("data-server.mjs", [model.folder]);
  /** @type {ReturnType<typeof startServerProcess> | undefined} */
  let generator;
  /** @type {Promise<string> | undefined} */
  let page;
  const launch = () => chromium.launch({ executablePath: path, headless: true, args: flags });
  return {
    browserVersion: version,
    page: () => {
      page ??= buildPage().then(() => serve(pageFolder));
      return page;
    },
    rival: await serve(join(import.meta.dirname, "../rivals/fetch")),
    serve,
    files: { ...model, refs: refsAt(disk.origin), server: disk },
    async generated(shape) {
      generator ??= start("generated-server.mjs");
      const server = await generator;
      const about = await server.ask("describe", shape);
      return { ...about, refs: refsAt(`${server.origin}/${encodeURIComponent(shape)}`), server };
    },
    launch,
    async withBrowser(use) {
      const browser = await launch();
      try {
        return await use(browser);
      } finally {
        await browser.close();
      }
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
