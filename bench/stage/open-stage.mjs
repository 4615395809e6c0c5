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
 * @typedef {Awaited<ReturnType<typeof openStage>>} Stage
 */

const refsAt = (folder) => ({ a: `${folder}/base/`, b: `${folder}/tuned/` });

/**
 * Everything that a measurement in the browser needs: the built page on one origin, the bare-fetch page on another, pairs
 * of models on further ones from processes of their own, and a browser to be started as often as wanted.
 *
 * @param {{ quick: boolean }} options `quick` takes a small pair of files
 */
export async function openStage({ quick }) {
  const { path, version } = await ensureBrowser();
  const { chromium } = await import("@playwright/test");
  await buildPage();
  const servers = [];
  const serve = async (root) => {
    const server = await serveFolder({ root });
    servers.push(server);
    return `${server.origin}/`;
  };
  const start = async (...args) => {
    const server = await startServerProcess(...args);
    servers.push(server);
    return server;
  };
  const model = modelPair(work, quick ? SMALL : USUAL);
  const disk = await start("data-server.mjs", [model.folder]);
  let generator;
  return {
    browserVersion: version ?? "unknown",
    launch: () => chromium.launch({ executablePath: path, headless: true, args: flags }),
    /** Address of the page; a hash goes behind it. */
    page: await serve(pageFolder),
    /** Address of the page that fetches and discards. */
    rival: await serve(join(import.meta.dirname, "../rivals/fetch")),
    /** Serves another folder as the page is served; resolves with its address. */
    serve,
    /** @type {import("./pair.mjs").Pair & { folder: string }} the pair that lies on the disk, which torch can read too */
    files: { ...model, refs: refsAt(disk.origin), server: disk },
    /**
     * A pair of one of the MODEL_SHAPES whose bytes are made as they are asked for.
     *
     * @param {string} shape
     * @returns {Promise<import("./pair.mjs").Pair>}
     */
    async generated(shape) {
      generator ??= start("generated-server.mjs");
      const server = await generator;
      const about = await server.ask("describe", shape);
      return { ...about, refs: refsAt(`${server.origin}/${encodeURIComponent(shape)}`), server };
    },
    close: () => Promise.all(servers.map((server) => server.close())),
  };
}
