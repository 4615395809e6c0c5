import type { Page } from "@playwright/test";
import { expect, test } from "./auscult-test.ts";
import { releasedText } from "./fixtures/released-cases.ts";
import { breaches, comparisonBreaches, type OracleStats } from "./float64-oracle.ts";

const ENGINES = [
  { engine: "wasm", shown: /WASM SIMD.*WebAssembly was asked for/ },
  { engine: "reference", shown: /reference.*The reference engine was asked for/ },
  { engine: "wgsl", shown: /WebGPU.*WebGPU was asked for \(.+\)/ },
];

for (const { engine, shown } of ENGINES) {
  test(`engine=${engine}: the counts are the oracle's, and the page says who computed`, async ({
    auscult,
    hub,
    house,
  }) => {
    const { base, tuned, wideBase, wideTuned } = house.models;
    await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned", engine });
    await auscult.whenIdle();
    const comparison = await auscult.comparison();
    expect(comparison.engine).toBe(engine);
    // Only a pair that another engine computed names it.
    expect(comparison.pairs.filter((pair) => pair.engine !== undefined)).toEqual([]);
    expect(comparisonBreaches(comparison.pairs, base, tuned)).toEqual([]);
    expect(await auscult.engine()).toMatch(shown);
    expect(new URL(auscult.page.url()).hash).toContain(`engine=${engine}`);

    await auscult.typeRefs("org/wide-base", "org/wide-tuned");
    await auscult.compare();
    await auscult.whenIdle();
    expect(comparisonBreaches((await auscult.comparison()).pairs, wideBase, wideTuned)).toEqual([]);
  });
}

test("the demo by WebGPU has the counts that the released page saved by its reference, and its sums to 1e-6", async ({
  auscult,
}) => {
  await auscult.open({ a: "demo:base", b: "demo:tuned", engine: "wgsl" });
  await auscult.whenIdle();
  const shown = await auscult.comparison();
  const released: { pairs: { name: string; stats: OracleStats | null }[] } = JSON.parse(
    releasedText("demo-tuned-reference", shown.app),
  );
  expect(shown.engine).toBe("wgsl");
  expect(shown.pairs.map(({ name }) => name)).toEqual(released.pairs.map(({ name }) => name));
  const found = shown.pairs.flatMap(({ stats }, i) => {
    const before = released.pairs[i].stats;
    if (!stats || !before) return stats === before ? [] : [`${released.pairs[i].name}: one of the two has no numbers`];
    return "relative" in stats ? breaches(stats, before) : ["no histograms"];
  });
  expect(found).toEqual([]);
});

test("unasked, a software adapter is passed over and the page says why", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned" });
  await auscult.whenIdle();
  expect((await auscult.comparison()).engine).toBe("wasm");
  expect(await auscult.engine()).toMatch(/WASM SIMD.*(?:only in software|no WebGPU|No )/);
});

/**
 * Lays `mishap` before the device worker, to be run with the device at the third dispatch after the page's call of what
 * this resolves to.
 */
async function prepareMishap(page: Page, mishap: (device: GPUDevice) => void): Promise<() => Promise<void>> {
  const patch = (mishap: (device: GPUDevice) => void) => {
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (descriptor) {
      const device = await requestDevice.call(this, descriptor);
      const submit = device.queue.submit.bind(device.queue);
      let left = Number.POSITIVE_INFINITY;
      device.queue.submit = (commands) => {
        submit(commands);
        if (--left === 0) mishap(device);
      };
      const channel = new BroadcastChannel("mishap");
      channel.onmessage = () => {
        left = 3;
        channel.postMessage("ready");
      };
      return device;
    };
  };
  await page.route("**/device-worker-*.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `(${patch})(${mishap});\n${await response.text()}` });
  });
  return () =>
    page.evaluate(
      () =>
        new Promise((resolve) => {
          const channel = new BroadcastChannel("mishap");
          channel.onmessage = () => resolve();
          channel.postMessage("soon");
        }),
    );
}

test("a device that goes in the middle of a scan costs one notice and no number", async ({ auscult, hub, house }) => {
  const { base, tuned, tunedF16 } = house.models;
  const soon = await prepareMishap(auscult.page, (device) => device.destroy());
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned", engine: "wgsl" });
  await auscult.whenIdle();
  expect(comparisonBreaches((await auscult.comparison()).pairs, base, tuned)).toEqual([]);
  await expect(auscult.notices.getByText(/graphics device/)).toHaveCount(0);

  await soon();
  await auscult.typeRefs("org/base", "org/tuned-f16");
  await auscult.compare();
  await auscult.whenIdle();
  expect(comparisonBreaches((await auscult.comparison()).pairs, base, tunedF16)).toEqual([]);
  await expect(auscult.notices.getByText(/^The graphics device was lost.*“wasm”\./)).toHaveCount(1);
});

test("what the device refuses in the middle of a scan is the scan's error", async ({ auscult, hub }) => {
  const soon = await prepareMishap(auscult.page, (device) => {
    device.createBuffer({ size: 16, usage: 0 });
  });
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned", engine: "wgsl" });
  await auscult.whenIdle();
  await soon();
  await auscult.typeRefs("org/base", "org/tuned-f16");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(
    auscult.page.getByText(/The graphics device refused a command .* Choose the engine “wasm” instead\./),
  ).toBeVisible();
});
