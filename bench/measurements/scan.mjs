import { join } from "node:path";
import { fetchOnce } from "../rivals/fetch-once.mjs";
import { NO_TORCH } from "../rivals/torch.mjs";
import { dropOnce } from "../stage/drop-once.mjs";
import { inTurn } from "../stage/in-turn.mjs";
import { dataBytesOf } from "../stage/pair.mjs";
import { scanOnce } from "../stage/scan-once.mjs";

/**
 * How far torch's ΣD² may be from the page's: it only has to show that both read the same numbers. Its norm adds up in
 * float32 and is 2e-3 off for a matrix of 20 M elements; the page's is right to 1e-8.
 */
const AGREEMENT = 1e-2;

async function torchOnce(torch, { folder }, relative = false) {
  const files = ["base", "tuned"].map((side) => join(folder, side, "model.safetensors"));
  return torch.ask({ files, relative });
}

function checkAgreement(scan, other) {
  if (Math.abs(scan.sumD2 / other.sumD2 - 1) > AGREEMENT)
    throw new Error(`The scan's ΣD² is ${scan.sumD2}, its rival's ${other.sumD2}: they did not read the same numbers.`);
}

function rowsOf(runs, { pair, torch }) {
  const bytes = dataBytesOf(pair);
  const values = (value) => runs.map(value);
  const rows = [
    { label: "scan", unit: "s", values: values(({ scan }) => scan.seconds) },
    { label: "scan, both sides together", unit: "GB/s", values: values(({ scan }) => bytes / scan.seconds / 1e9) },
    { label: "bare fetch-and-discard", unit: "s", values: values(({ fetch }) => fetch.seconds) },
    {
      label: "scan / bare fetch, loopback",
      unit: "×",
      values: values(({ scan, fetch }) => scan.seconds / fetch.seconds),
      goal: "≤ 1.35",
    },
  ];
  rows.push({ label: "scan of local files", unit: "s", values: values(({ dropped }) => dropped.seconds) });
  const ratio = { label: "torch from disk / scan over HTTP", unit: "×", goal: "≥ 1.3" };
  const local = { label: "torch from disk / scan of local files", unit: "×", goal: "≥ 2" };
  if (!torch) return [...rows, ...[ratio, local].map((row) => ({ ...row, values: [], note: NO_TORCH }))];
  return [
    ...rows,
    { label: "torch script from disk", unit: "s", values: values(({ torch: other }) => other.seconds) },
    { ...ratio, values: values(({ scan, torch: other }) => other.seconds / scan.seconds) },
    { ...local, values: values(({ dropped, torch: other }) => other.seconds / dropped.seconds) },
    { label: "torch script, relative change", unit: "s", values: values(({ relative }) => relative.seconds) },
    {
      label: "the same / scan over HTTP",
      unit: "×",
      values: values(({ scan, relative }) => relative.seconds / scan.seconds),
    },
    {
      label: "the same / scan of local files",
      unit: "×",
      values: values(({ dropped, relative }) => relative.seconds / dropped.seconds),
    },
  ];
}

/** The whole way, from the first data request to the picture, against what bounds it and against the usual script. */
export const scan = {
  name: "scan",
  about: "a scan in Chromium from loopback, bare fetch-and-discard of the same bytes, torch on the same files",
  async measure({ repeat, engine, stage: openStage, torch: startTorch }) {
    const stage = await openStage();
    const torch = await startTorch();
    const browser = await stage.launch();
    const pair = stage.files;
    const scanPair = () => scanOnce(browser, stage.page, pair, { engine });
    try {
      // Once unmeasured: the disk, the compilers and the connections are warm for everyone afterwards.
      const first = await scanPair();
      const fetchPair = () => fetchOnce(browser, stage.rival, pair, first.workers);
      const dropPair = () => dropOnce(browser, stage.page, pair, { engine });
      const contestants = [
        ["scan", scanPair],
        ["fetch", fetchPair],
        ["dropped", dropPair],
        ...(torch
          ? [
              ["torch", () => torchOnce(torch, pair)],
              ["relative", () => torchOnce(torch, pair, true)],
            ]
          : []),
      ];
      await fetchPair();
      checkAgreement(first, await dropPair());
      if (torch) checkAgreement(first, await torchOnce(torch, pair));
      const runs = await repeat((index) => inTurn(contestants, index));
      const facts = {
        browser: stage.browserVersion,
        engine: first.engine,
        workers: first.workers,
        ...(torch ? { torch: torch.version, torchThreads: torch.threads } : {}),
        fileBytes: pair.files[0].bytes,
        tensors: pair.tensors,
      };
      return { facts, runs, rows: rowsOf(runs, { pair, torch }) };
    } finally {
      await browser.close();
    }
  },
};
