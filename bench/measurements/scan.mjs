import { join } from "node:path";
import { fetchOnce } from "../rivals/fetch-once.mjs";
import { NO_TORCH } from "../rivals/torch.mjs";
import { checkAgreement } from "../stage/check-agreement.mjs";
import { dropOnce } from "../stage/drop-once.mjs";
import { inTurn } from "../stage/in-turn.mjs";
import { dataBytesOf } from "../stage/pair.mjs";
import { scanOnce } from "../stage/scan-once.mjs";

/**
 * How far torch's ΣD² may be from the page's: it only has to show that both read the same numbers. Its norm adds up in
 * float32 and is 2e-3 off for a matrix of 20 M elements; the page's is right to 1e-8.
 */
const AGREEMENT = 1e-2;

/**
 * @typedef {{ seconds: number }} Timed
 * @typedef {import("../rivals/torch.mjs").Torch} Torch
 * @typedef {import("../report/table.mjs").Row} Row
 *
 * What was scanned on the page, fetched bare, given to the page from the disk, and read by torch's script in both its ways.
 *
 * @typedef {{ scan: Timed, fetch: Timed, dropped: Timed, torch?: Timed, relative?: Timed }} Run
 */

/** @type {(torch: Torch, pair: import("../stage/pair.mjs").FilePair, relative?: boolean) => ReturnType<Torch["ask"]>} */
async function torchOnce(torch, { folder }, relative = false) {
  const files = ["base", "tuned"].map((side) => join(folder, side, "model.safetensors"));
  return torch.ask({ files, relative });
}

/**
 * @param {readonly Run[]} runs
 * @param {number} bytes of both files together
 * @param {boolean} hasTorch
 * @returns {Row[]}
 */
function rowsOf(runs, bytes, hasTorch) {
  /** @param {keyof Run} name */
  const seconds = (name) => runs.map((run) => run[name]?.seconds ?? Number.NaN);
  /** @type {(over: keyof Run, under: keyof Run) => number[]} */
  const ratio = (over, under) => seconds(over).map((value, i) => value / seconds(under)[i]);
  /** @param {number[]} values */
  const ofTorch = (values) => (hasTorch ? { values } : { values: [], note: NO_TORCH });
  return [
    { label: "scan", unit: "s", values: seconds("scan") },
    { label: "scan, both sides together", unit: "GB/s", values: seconds("scan").map((value) => bytes / value / 1e9) },
    { label: "bare fetch-and-discard", unit: "s", values: seconds("fetch") },
    { label: "scan / bare fetch, loopback", unit: "×", values: ratio("scan", "fetch"), goal: "≤ 1.35" },
    { label: "scan of local files", unit: "s", values: seconds("dropped") },
    { label: "torch script from disk", unit: "s", ...ofTorch(seconds("torch")) },
    { label: "torch from disk / scan over HTTP", unit: "×", ...ofTorch(ratio("torch", "scan")), goal: "≥ 1.3" },
    { label: "torch from disk / scan of local files", unit: "×", ...ofTorch(ratio("torch", "dropped")), goal: "≥ 2" },
    { label: "torch script, relative change", unit: "s", ...ofTorch(seconds("relative")) },
    { label: "the same / scan over HTTP", unit: "×", ...ofTorch(ratio("relative", "scan")) },
    { label: "the same / scan of local files", unit: "×", ...ofTorch(ratio("relative", "dropped")) },
  ];
}

/**
 * The whole way, from the first data request to the picture, against what bounds it and against the usual script.
 *
 * @type {import("./measurement.d.ts").Measurement}
 */
export const scan = {
  name: "scan",
  about: "a scan in Chromium from loopback, bare fetch-and-discard of the same bytes, torch on the same files",
  async measure({ repeat, engine, stage: openStage, torch: startTorch }) {
    const stage = await openStage();
    const torch = await startTorch();
    const page = await stage.page();
    const pair = stage.files;
    return stage.withBrowser(async (browser) => {
      const scanPair = () => scanOnce(browser, page, pair, { engine });
      // Once unmeasured: the disk, the compilers and the connections are warm for everyone afterwards.
      const first = await scanPair();
      const fetchPair = () => fetchOnce(browser, stage.rival, pair, first.workers);
      const dropPair = () => dropOnce(browser, page, pair, { engine });
      await fetchPair();
      checkAgreement(first, await dropPair(), AGREEMENT);
      const contestants = { scan: scanPair, fetch: fetchPair, dropped: dropPair };
      const scripts = torch && { torch: () => torchOnce(torch, pair), relative: () => torchOnce(torch, pair, true) };
      if (scripts) checkAgreement(first, await scripts.torch(), AGREEMENT);
      /** @type {(Run & { others: number | null })[]} */
      const runs = await repeat((index) => inTurn({ ...contestants, ...scripts }, index));
      const facts = {
        browser: stage.browserVersion,
        engine: first.engine,
        workers: first.workers,
        ...(torch ? { torch: torch.version, torchThreads: torch.threads } : {}),
        fileBytes: pair.files[0].bytes,
        tensors: pair.tensors,
      };
      return { facts, runs, rows: rowsOf(runs, dataBytesOf(pair), torch !== null) };
    });
  },
};
