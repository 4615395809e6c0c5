import { requireNode } from "./node-version.mjs";

requireNode();

// Loaded only now: an old Node could not parse some of it, and the packages may not be there yet.
const { mkdtempSync, readFileSync, rmSync } = await import("node:fs");
const { tmpdir } = await import("node:os");
const { join } = await import("node:path");
const { ensureBrowser } = await import("./browser.mjs");
const { installPackages, npm, packageScript, root } = await import("./install.mjs");
const { runStep } = await import("./run-step.mjs");
const { slowness } = await import("./slowness.mjs");

// A log is read as plain text; some of the tools would colour it wherever CI is set.
/** @type {Record<string, string>} */
const plain = process.stdout.isTTY ? {} : { NO_COLOR: "1" };

const reports = mkdtempSync(join(tmpdir(), "auscult-test-"));
const vitestReport = join(reports, "vitest.json");
const playwrightReport = join(reports, "playwright.json");
const total = { passed: 0, failed: 0 };

/**
 * A test runner's own JSON report, or undefined where it ended before it could write one.
 *
 * @template Report
 * @param {string} path
 * @returns {Report | undefined}
 */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** @typedef {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: unknown[] }[] }} VitestReport */

function countVitest() {
  /** @type {VitestReport | undefined} */
  const report = readReport(vitestReport);
  if (report === undefined) return;
  // A file that could not even be loaded has no tests to fail.
  const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests + unloaded.length;
}

/** @typedef {{ stats: { expected: number, unexpected: number, flaky: number }, errors: unknown[] }} PlaywrightReport */

function countPlaywright() {
  /** @type {PlaywrightReport | undefined} */
  const report = readReport(playwrightReport);
  if (report === undefined) return;
  total.passed += report.stats.expected;
  total.failed += report.stats.unexpected + report.stats.flaky + report.errors.length;
}

/** @param {string} path @param {string[]} args */
const script = (path, ...args) => ({ command: process.execPath, args: [path, ...args] });

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => Promise<void>} [run]
 * @property {() => Parameters<typeof runStep>[0]} [step]
 * @property {() => void} [count]
 */

/**
 * What is run, in order; called one by one, for the packages' scripts can be found only once they are installed.
 *
 * @type {Step[]}
 */
const steps = [
  { name: "packages", run: () => installPackages() },
  {
    name: "browser",
    run: async () => {
      process.env.AUSCULT_CHROMIUM = (await ensureBrowser()).path;
    },
  },
  { name: "generate", step: () => script(join(root, "scripts/generate.mjs")) },
  { name: "types", step: () => npm("run", "--silent", "types") },
  {
    name: "format and lint",
    step: () =>
      script(packageScript("@biomejs/biome", "biome"), "ci", ...(process.stdout.isTTY ? [] : ["--colors=off"]), "."),
  },
  {
    name: "unit tests",
    step: () => ({
      ...script(
        packageScript("vitest"),
        ...["run", "--allowOnly=false", "--reporter=default", "--reporter=json", `--outputFile.json=${vitestReport}`],
      ),
      env: plain,
    }),
    count: countVitest,
  },
  { name: "build", step: () => script(packageScript("vite"), "build", "--logLevel", "warn") },
  {
    name: "browser tests",
    step: () => ({
      ...script(packageScript("@playwright/test", "playwright"), "test", "--forbid-only"),
      env: { AUSCULT_PLAYWRIGHT_REPORT: playwrightReport },
    }),
    count: countPlaywright,
  },
];

/**
 * Runs one entry of `steps`; rejects with a sentence where it fails.
 *
 * @param {Step} entry
 */
async function runOne({ name, run, step, count }) {
  if (run !== undefined) return run();
  if (step === undefined) return;
  const { ok, reason } = await runStep({ cwd: root, ...step() });
  count?.();
  if (!ok) throw new Error(`The step "${name}" ${reason}.`);
}

const factor = await slowness();
if (factor > 1) console.log(`Work takes ${factor} times as long as usual here, and so may every test.`);
for (const step of steps) {
  const stepBegan = performance.now();
  console.log(`\n== ${step.name}`);
  try {
    await runOne(step);
    console.log(`== ${step.name}: done in ${((performance.now() - stepBegan) / 1000).toFixed(1)} s`);
  } catch (error) {
    console.log(`== ${step.name}: failed after ${((performance.now() - stepBegan) / 1000).toFixed(1)} s`);
    console.error(error instanceof Error ? error.message : error);
    // A step that fails without a failing test (a type error, a hang) counts as one.
    total.failed = Math.max(total.failed, 1);
    process.exitCode = process.exitCode || 1;
    break;
  }
}
rmSync(reports, { recursive: true, force: true });
console.log(`\n${total.passed} passed, ${total.failed} failed`);
