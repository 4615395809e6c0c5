import { join } from "node:path";
import { ensureBrowser } from "../../scripts/browser.mjs";
import { serveFolder } from "../../scripts/serve.mjs";
import { startDataServer } from "./data-log.mjs";
import { modelPair, SMALL, USUAL } from "./model-pair.mjs";
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

/**
 * Everything that a measurement in the browser needs: the built page on one origin, the bare-fetch page on another, the
 * pair of models on a third from a process of its own, and a browser to be started as often as wanted.
 *
 * @param {{ quick: boolean }} options `quick` takes a small pair
 */
export async function openStage({ quick }) {
  const { path, version } = await ensureBrowser();
  const { chromium } = await import("@playwright/test");
  await buildPage();
  const model = modelPair(work, quick ? SMALL : USUAL);
  const page = await serveFolder({ root: pageFolder });
  const rival = await serveFolder({ root: join(import.meta.dirname, "../rivals/fetch") });
  const data = await startDataServer(model.folder);
  return {
    browserVersion: version ?? "unknown",
    launch: () => chromium.launch({ executablePath: path, headless: true, args: flags }),
    /** Address of the page; a hash goes behind it. */
    page: `${page.origin}/`,
    /** Address of the page that fetches and discards. */
    rival: `${rival.origin}/`,
    data,
    model,
    refs: { a: `${data.origin}/base/`, b: `${data.origin}/tuned/` },
    async close() {
      data.close();
      await Promise.all([page.close(), rival.close()]);
    },
  };
}
