import { gzipSync } from "node:zlib";
import { openQuietTab } from "./quiet-tab.mjs";

/** Runs in the page before its own scripts. */
function install() {
  globalThis.firstScreen = new Promise((resolve) => {
    const drawn = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    const look = () => {
      if (window.auscult) window.auscult.whenIdle().then(drawn);
      else setTimeout(look);
    };
    look();
  });
}

/**
 * Opens the page without a hash in a fresh tab, with nothing in any cache.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {string} address the page's
 * @returns {Promise<number>} milliseconds from navigation until the page had come to rest (`whenIdle`) and the next frame
 *   was drawn
 */
export async function firstScreen(browser, address) {
  const page = await openQuietTab(browser);
  try {
    await page.addInitScript(install);
    await page.goto(address);
    return await page.evaluate(() => globalThis.firstScreen);
  } finally {
    await page.close();
  }
}

/**
 * What the page asks of its own host until nothing more comes, opened without a hash.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {string} address the page's
 * @returns {Promise<{ files: number, bytes: number }>} `bytes` as a host sends them: gzipped where that makes them fewer
 */
export async function firstLoad(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  /** @type {Set<string>} */
  const asked = new Set();
  try {
    const page = await context.newPage();
    page.on("request", (request) => {
      if (request.url().startsWith(address)) asked.add(request.url());
    });
    await page.goto(address);
    await page.evaluate(() => window.auscult.whenIdle());
    await page.evaluate(() => document.fonts.ready.then(() => true));
    await page.waitForLoadState("networkidle");
  } finally {
    await context.close();
  }
  let bytes = 0;
  for (const url of asked) {
    const plain = Buffer.from(await (await fetch(url)).arrayBuffer());
    // A font or a picture is compressed already, and hosts send it as it is.
    bytes += Math.min(plain.length, gzipSync(plain).length);
  }
  return { files: asked.size, bytes };
}
