import { canMeasureMemory, memoryOf } from "../stage/process-memory.mjs";
import { scanOnce } from "../stage/scan-once.mjs";

const MIB = 2 ** 20;
/** Milliseconds that an empty page gets to come to rest. */
const SETTLE = 1500;
const LABEL = "peak of renderer and GPU process above an empty page (PSS)";

/** A browser of its own for each run: memory that an earlier page left behind is nobody's. */
async function runOnce(stage, engine) {
  const browser = await stage.launch();
  try {
    const memory = await memoryOf(browser);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const empty = await context.newPage();
    await empty.goto(`${stage.rival}empty.html`);
    await empty.waitForTimeout(SETTLE);
    const before = await memory.now();
    await context.close();
    const peak = await memory.peakWhile(scanOnce(browser, stage, { engine }));
    return { before, peak };
  } finally {
    await browser.close();
  }
}

function rowsOf(runs) {
  const above = (part) => runs.map(({ before, peak }) => (peak[part] - before[part]) / MIB);
  return [
    { label: LABEL, unit: "MiB", values: above("total"), goal: "≤ 600" },
    { label: "of that, renderer", unit: "MiB", values: above("renderer") },
    { label: "of that, GPU process", unit: "MiB", values: above("GPU") },
    { label: "the empty page itself", unit: "MiB", values: runs.map(({ before }) => before.total / MIB) },
  ];
}

/** What a scan costs in memory, whatever the browser calls it. */
export const memory = {
  name: "memory",
  about: "proportional memory of the page's renderer and the GPU process at the peak of a scan",
  async measure({ repeat, engine, stage: openStage }) {
    if (!canMeasureMemory()) {
      const note = "needs Linux (/proc/<pid>/smaps_rollup): skipped";
      return { runs: [], rows: [{ label: LABEL, unit: "MiB", values: [], note }] };
    }
    const stage = await openStage();
    const runs = await repeat(() => runOnce(stage, engine), { timed: false });
    return { facts: { browser: stage.browserVersion }, runs, rows: rowsOf(runs) };
  },
};
