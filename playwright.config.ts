import { defineConfig } from "@playwright/test";
import { findBrowser } from "./scripts/browser.mjs";

// `npm test` names a file here to count the tests from.
const report = process.env.AUSCULT_PLAYWRIGHT_REPORT;

export default defineConfig({
  testDir: "e2e",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  retries: 0,
  timeout: 60_000,
  reporter: report ? [["list"], ["json", { outputFile: report }]] : [["list"]],
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: findBrowser()?.path,
      // WebGPU without a graphics card runs on SwiftShader; the rest keeps the browser from calling home during a test.
      args: [
        "--no-sandbox",
        "--enable-unsafe-webgpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [{ name: "chromium", use: { browserName: "chromium", headless: true } }],
});
