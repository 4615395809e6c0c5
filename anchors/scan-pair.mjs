/** Milliseconds between two words about the progress of a long scan. */
const WORD = 30_000;

/** Buttons that stand between a link and its scan: another Hub than the usual one, and more than 2 GB to read. */
const DOORS = ["Connect", "Start the scan"];

/**
 * @typedef {import("@playwright/test").Page} Page
 *
 * @typedef {{
 *   engine: string | null,
 *   revisions: { a: string | null, b: string | null },
 *   tensors: import("./quantities.mjs").ScannedTensor[],
 * }} ScannedPair
 */

/**
 * What the page complains about, each sentence once and without the words of its buttons; "" where it is content.
 *
 * @param {Page} page
 */
const complaint = (page) =>
  page.evaluate(() => {
    const sentences = [...document.querySelectorAll("[role=alert]")].map((alert) => {
      const words = /** @type {Element} */ (alert.cloneNode(true));
      for (const button of words.querySelectorAll("button")) button.remove();
      return words.textContent.trim();
    });
    return [...new Set(sentences)].join(" ");
  });

/**
 * The comparison on the page without what no anchor needs: histograms would be most of it.
 *
 * @param {Page} page
 */
const found = (page) =>
  page.evaluate(() => {
    const comparison = window.auscult.comparison();
    if (!comparison) return null;
    const { a, b, engine, pairs } = comparison;
    const tensors = pairs.map(({ name, role, layer, shape, stats, coverage, identical }) => {
      // Files with one hash are not read: all that is known is that nothing changed.
      const size = shape.reduce((product, length) => product * length, 1);
      const same = { count: size, unchanged: size, above1e6: 0, above1e5: 0, maxAbsD: 0, sumA2: Number.NaN, sumD2: 0 };
      const { count: elements, unchanged, above1e6, above1e5, maxAbsD, sumA2, sumD2 } = stats ?? same;
      const isWhole = coverage === 1 || (stats === null && identical === true);
      return { name, role, layer, isWhole, elements, unchanged, above1e6, above1e5, maxAbsD, sumA2, sumD2 };
    });
    return { engine, revisions: { a: a.revision, b: b?.revision ?? null }, tensors };
  });

/** @param {Page} page */
async function untilDone(page) {
  await page.evaluate(() => window.auscult.whenIdle());
  for (const name of DOORS) {
    const door = page.getByRole("button", { name, exact: true });
    if (!(await door.isVisible())) continue;
    await door.click();
    await page.evaluate(() => window.auscult.whenIdle());
  }
}

/**
 * Compares two models on the page in a fresh tab, to the last element.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {string} address the page's
 * @param {{ a: string, b: string, hub?: string }} link
 * @param {(words: string) => void} [say] is told now and then how far it is
 * @returns {Promise<ScannedPair>}
 * @throws {Error} with the page's own sentence, where it could not open the models or not read them to their end
 */
export async function scanPair(browser, address, { a, b, hub }, say = () => {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  let words;
  try {
    const page = await context.newPage();
    const link = { v: "1", a, b, scan: "exact", ...(hub ? { hub } : {}) };
    const hash = new URLSearchParams(link).toString().replaceAll("+", "%20");
    await page.goto(`${address}#${hash}`);
    words = setInterval(async () => {
      const progress = page.getByRole("region", { name: "Progress" });
      const text = await progress.innerText({ timeout: 1000 }).catch(() => "");
      if (text) say(text.replace(/\s+/g, " "));
    }, WORD);
    await untilDone(page);
    const comparison = await found(page);
    const unread = comparison?.tensors.filter(({ isWhole }) => !isWhole).length;
    if (!comparison || unread) {
      const so = unread ? `${unread} of ${comparison?.tensors.length} tensors were not read to their end. ` : "";
      throw new Error(`${so}${(await complaint(page)) || "The page did not say why."}`);
    }
    return comparison;
  } finally {
    clearInterval(words);
    await context.close();
  }
}
