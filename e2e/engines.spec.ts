import { expect, test } from "./auscult-test.ts";
import { comparisonBreaches } from "./float64-oracle.ts";

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

test("unasked, a software adapter is passed over and the page says why", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned" });
  await auscult.whenIdle();
  expect((await auscult.comparison()).engine).toBe("wasm");
  expect(await auscult.engine()).toMatch(/WASM SIMD.*(?:only in software|no WebGPU|No )/);
});
