import { join } from "node:path";
import { ensureCli } from "../../scripts/build-cli.mjs";
import { NO_TORCH } from "../rivals/torch.mjs";
import { checkAgreement } from "../stage/check-agreement.mjs";
import { commandLineOnce } from "../stage/command-line-once.mjs";
import { inTurn } from "../stage/in-turn.mjs";
import { dataBytesOf } from "../stage/pair.mjs";
import { scanOnce } from "../stage/scan-once.mjs";

/** As far as torch's ΣD², which adds up in float32, may be from ours. */
const AGREEMENT = 1e-2;

/**
 * @typedef {{ seconds: number }} Timed
 * @typedef {{ disk: Timed, http: Timed, page: Timed, torch?: Timed }} Run
 */

/**
 * @param {readonly Run[]} runs
 * @param {number} bytes of both files together
 * @param {boolean} hasTorch
 * @returns {import("../report/table.mjs").Row[]}
 */
function rowsOf(runs, bytes, hasTorch) {
  /** @param {keyof Run} name */
  const seconds = (name) => runs.map((run) => run[name]?.seconds ?? Number.NaN);
  /** @type {(over: keyof Run, under: keyof Run) => number[]} */
  const ratio = (over, under) => seconds(over).map((value, i) => value / seconds(under)[i]);
  /** @param {number[]} values */
  const ofTorch = (values) => (hasTorch ? { values } : { values: [], note: NO_TORCH });
  return [
    { label: "command line from disk", unit: "s", values: seconds("disk") },
    {
      label: "the same, both sides together",
      unit: "GB/s",
      values: seconds("disk").map((value) => bytes / value / 1e9),
    },
    { label: "torch script from disk", unit: "s", ...ofTorch(seconds("torch")) },
    { label: "torch / command line, from disk", unit: "×", ...ofTorch(ratio("torch", "disk")), goal: "≥ 2.5" },
    { label: "command line over HTTP", unit: "s", values: seconds("http") },
    { label: "page over HTTP", unit: "s", values: seconds("page") },
    { label: "page / command line, over HTTP", unit: "×", values: ratio("page", "http"), goal: "≥ 1" },
  ];
}

/**
 * The command line from its start to its end, beside torch's script, which is started before, and beside the page, which is
 * open before: both have a start of their own that is not counted.
 *
 * @type {import("./measurement.d.ts").Measurement}
 */
export const commandLine = {
  name: "command-line",
  about: "auscult compare from disk and over loopback, torch and the page on the same files",
  async measure({ repeat, engine, stage: openStage, torch: startTorch }) {
    const stage = await openStage();
    const torch = await startTorch();
    const page = await stage.page();
    await ensureCli();
    const pair = stage.files;
    const onDisk = ["base", "tuned"].map((side) => join(pair.folder, side));
    return stage.withBrowser(async (browser) => {
      const contestants = {
        disk: () => commandLineOnce([onDisk[0], onDisk[1]], { engine }),
        http: () => commandLineOnce([pair.refs.a, pair.refs.b], { engine }),
        page: () => scanOnce(browser, page, pair, { engine }),
      };
      const files = onDisk.map((folder) => join(folder, "model.safetensors"));
      const scripts = torch && { torch: () => torch.ask({ files, relative: false }) };
      // Once unmeasured: disk, compilers and connections are warm for everyone afterwards.
      const first = await inTurn({ ...contestants, ...scripts }, 0);
      checkAgreement(first.disk, first.http, 1e-12);
      checkAgreement(first.disk, first.page, 1e-12);
      if (first.torch) checkAgreement(first.disk, first.torch, AGREEMENT);
      const runs = await repeat((index) => inTurn({ ...contestants, ...scripts }, index));
      const facts = {
        browser: stage.browserVersion,
        engine: first.page.engine,
        ...(torch ? { torch: torch.version, torchThreads: torch.threads } : {}),
        fileBytes: pair.files[0].bytes,
      };
      return { facts, runs, rows: rowsOf(runs, dataBytesOf(pair), torch !== null) };
    });
  },
};
