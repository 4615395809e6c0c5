import { defineConfig } from "@playwright/test";
import { findBrowser } from "./scripts/browser.mjs";
import { slowness } from "./scripts/slowness.mjs";

// `npm test` names a file here to count the tests from.
const report = process.env.AUSCULT_PLAYWRIGHT_REPORT;
// Limits catch what hangs; on a slow machine everything may take longer.
const factor = await slowness();

/** Specs that need a graphics device, if only one in software; the others' browser has none, as many people's. */
const GRAPHICS = /(?:build|engines|kernels)\.spec\.ts$/;

// WebGPU without a graphics card runs on SwiftShader; the rest keeps the browser from calling home during a test.
const args = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const launchOptions = { executablePath: findBrowser()?.path };

export default defineConfig({
  testDir: "e2e",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  retries: 0,
  timeout: 120_000 * factor,
  expect: { timeout: 30_000 * factor },
  reporter: report ? [["list"], ["json", { outputFile: report }]] : [["list"]],
  use: {
    browserName: "chromium",
    headless: true,
    viewport: { width: 1280, height: 800 },
    // A tab is emptied between two tests, which is as good as a new one and half as dear.
    reuseContext: true,
    // What moves is waited for; permalink.spec.ts has the page as it comes.
    contextOptions: { reducedMotion: "reduce" },
  },
  projects: [
    { name: "chromium", testIgnore: GRAPHICS, use: { launchOptions: { ...launchOptions, args } } },
    {
      name: "graphics",
      testMatch: GRAPHICS,
      use: { launchOptions: { ...launchOptions, args: [...args, "--enable-unsafe-webgpu"] } },
    },
  ],
});
