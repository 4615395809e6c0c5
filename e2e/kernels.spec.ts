import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test as base, expect, type Page } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";
import { buildWasm } from "../scripts/build-wasm.mjs";
import type { NarrowFloat } from "../src/kernels/narrow-float.ts";
import type { Tasks } from "./kernels/kernel-worker.ts";

const NARROW_FLOATS = ["BF16", "F16", "F32", "F8_E4M3", "F8_E5M2"] as const satisfies readonly NarrowFloat[];

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a task in one worker that lives as long as the test. */
type Run = <Name extends keyof Tasks>(task: Name, ...args: Parameters<Tasks[Name]>) => ReturnType<Tasks[Name]>;

/** Serves the sources, so that the kernels can be asked one by one; the built page only has the scan. */
async function serveSources(cacheDir: string): Promise<ViteDevServer> {
  const tfjs = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-webgpu/dist/base"];
  const server = await createServer({
    root,
    cacheDir,
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
    // Found later, a dependency would make Vite reload the page under the test.
    optimizeDeps: { include: tfjs, noDiscovery: true, entries: [] },
  });
  return server.listen();
}

async function startWorker(page: Page, url: string): Promise<Run> {
  await page.route("**/empty", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto(`${url}empty`);
  const worker = await page.evaluateHandle(
    () => new Worker("/e2e/kernels/kernel-worker.ts", { type: "module", name: "kernels" }),
  );
  return (task, ...args) =>
    worker.evaluate(
      (target, message) =>
        new Promise((resolve, reject) => {
          target.onerror = (event) => reject(new Error(`The worker did not start: ${event.message}`));
          target.onmessage = ({ data }) => ("error" in data ? reject(new Error(data.error)) : resolve(data.result));
          target.postMessage(message);
        }),
      { task, args },
    ) as ReturnType<Tasks[typeof task]>;
}

const test = base.extend<{ run: Run }, { sources: string }>({
  sources: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures used from the pattern.
    async ({}, use) => {
      await buildWasm();
      const cacheDir = await mkdtemp(join(tmpdir(), "auscult-kernels-"));
      const server = await serveSources(cacheDir);
      await use(server.resolvedUrls?.local[0] ?? "");
      await server.close();
      await rm(cacheDir, { recursive: true });
    },
    { scope: "worker" },
  ],
  run: async ({ page, sources }, use) => use(await startWorker(page, sources)),
});

// One server for all of them.
test.describe.configure({ mode: "default" });

for (const [seed, dtypeA] of NARROW_FLOATS.entries()) {
  test(`every engine counts what the integers count: ${dtypeA} against all`, async ({ run }) => {
    // WGSL must have computed the plain ones by itself, and have left to its fallback what its float32 may not hold.
    expect(await run("agree", dtypeA, seed, 40_000, "plain")).toEqual({ breaches: [], redone: [] });
    const wide = (dtype: string) => dtype === "BF16" || dtype === "F32";
    const redone = NARROW_FLOATS.filter((dtypeB) => wide(dtypeA) || wide(dtypeB));
    const extreme = await run("agree", dtypeA, seed, 13_000, "extreme");
    expect({ ...extreme, redone: extreme.redone.sort() }).toEqual({ breaches: [], redone: redone.sort() });
  });
}

test("WGSL takes any length and alignment and repeats itself to the bit", async ({ run }) => {
  expect(await run("lengths", [0, 1, 2, 3, 7, 255, 257, 2047, 2048, 2049, 8191, 8192, 8193])).toEqual([]);
  expect(await run("overlap", 4)).toEqual({ breaches: [], same: true });
});

for (const when of ["before", "between"] as const) {
  test(`a device lost ${when} its answers leaves the scan to the fallback and says so once`, async ({ run }) => {
    const { breaches, losses, redone } = await run("loss", when);
    expect(breaches).toEqual([]);
    expect(losses).toEqual([expect.stringMatching(/^The graphics device was lost.*“wasm”\.$/)]);
    // All eight, or those that were still under way.
    expect(redone).toBeGreaterThanOrEqual(when === "before" ? 8 : 7);
  });
}

for (const whose of ["own", "elsewhere"] as const) {
  test(`what the device refuses (${whose}) fails the calls under way and those that follow`, async ({ run }) => {
    const { failures, losses, redone } = await run("refusal", whose);
    expect(failures).toEqual(Array(4).fill(expect.stringMatching(/^GpuFailed: The graphics device refused a command/)));
    expect({ losses, redone }).toEqual({ losses: [], redone: 0 });
  });
}

test("a device that was closed or lost is not handed out again", async ({ run }) => {
  const { engine, losses, same } = await run("startAgain");
  expect(engine).toBe("wgsl");
  expect(losses).toEqual([expect.stringMatching(/^The graphics device was lost/)]);
  expect(same).toBe(false);
});

test("a software adapter serves only where it is asked for", async ({ run }) => {
  const { description } = await run("facts");
  const unasked = await run("start", false);
  expect(unasked).toEqual({
    engine: null,
    report: { available: true, isFallback: true, description, selfTest: null, pairsPerSecond: null },
  });
});

test("asked for, the device starts and tests itself", async ({ run }) => {
  const { engine, report } = await run("start", true);
  expect(engine).toBe("wgsl");
  expect(report).toMatchObject({ available: true, selfTest: { passed: true }, pairsPerSecond: null });
});

test("a browser without WebGPU gets a sentence", async ({ run }) => {
  const { failure, started } = await run("withoutGpu");
  expect(failure).toMatch(/^GpuUnavailable: This browser offers no WebGPU/);
  expect(started.engine).toBeNull();
  expect(started.report).toMatchObject({ available: false, description: expect.stringMatching(/no WebGPU/) });
});
