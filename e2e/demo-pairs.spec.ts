import { readFileSync } from "node:fs";
import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import type { OracleStats } from "./float64-oracle.ts";

/** What the log says of one tensor: counts, and float64 figures that PyTorch found in the stored files. */
interface LoggedTensor {
  elements: number;
  unchanged: number;
  /** ‖Δ‖/‖A‖ */
  change: number;
  k: number;
  /** ‖B − k·A‖/‖A‖ */
  residual: number;
}

interface DemoLog {
  tensors: Map<string, LoggedTensor>;
  /** Elements that did not change, and elements, over all tensors. */
  unchanged: number;
  elements: number;
}

function readLog(name: string): DemoLog {
  const text = readFileSync(new URL(`../demo/${name}.log`, import.meta.url), "utf8");
  const rows = [...text.matchAll(/^tensor (\S+) (\d+) (\d+) (\S+) (\S+) (\S+)$/gm)];
  const [, unchanged, elements] = /^unchanged in all: (\d+) of (\d+)$/m.exec(text) ?? [];
  return {
    tensors: new Map(
      rows.map(([, tensor, ...numbers]) => {
        const [count, same, change, k, residual] = numbers.map(Number);
        return [tensor, { elements: count, unchanged: same, change, k, residual }];
      }),
    ),
    unchanged: Number(unchanged),
    elements: Number(elements),
  };
}

/** Opens a demo from the welcome screen, and gives its numbers by tensor. */
async function openDemo(auscult: AuscultPage, title: RegExp): Promise<Map<string, OracleStats>> {
  await auscult.open();
  await auscult.whenIdle();
  await auscult.button(title).click();
  await auscult.whenIdle();
  const { pairs, unpaired } = await auscult.comparison();
  expect(unpaired).toEqual([]);
  expect(pairs.filter(({ coverage }) => coverage !== 1)).toEqual([]);
  return new Map(pairs.map(({ name, stats }) => [name, stats as OracleStats]));
}

/** Where a tensor's numbers are not the log's: counts equal, the rest within what the contract allows the sums. */
function differences(found: Map<string, OracleStats>, { tensors }: DemoLog): string[] {
  const names = [...new Set([...found.keys(), ...tensors.keys()])];
  return names.filter((name) => {
    const [stats, logged] = [found.get(name), tensors.get(name)];
    if (!stats || !logged) return true;
    const rescale = stats.sumAD / stats.sumA2;
    const change2 = stats.sumD2 / stats.sumA2;
    // Sums within 1e-6, ΣAD within 1e-6·√(ΣA²·ΣD²); the log has ten places after the point.
    const near = (a: number, b: number, scale: number) => Math.abs(a - b) <= 1e-5 * scale + 1e-9;
    return !(
      stats.count === logged.elements &&
      stats.unchanged === logged.unchanged &&
      near(change2, logged.change ** 2, logged.change ** 2) &&
      near(1 + rescale, logged.k, logged.change) &&
      near(change2 - rescale ** 2, logged.residual ** 2, logged.change ** 2)
    );
  });
}

const isOutput = (name: string) => name.endsWith("self_attn.o_proj.weight");
const isMatrix = (name: string) => !name.includes("norm");

test("the rescaled demo is one click away, and every o_proj is 0.63 of the base's", async ({ auscult }) => {
  const found = await openDemo(auscult, /o_proj rescaled/);
  expect(new URL(auscult.page.url()).hash).toBe("#v=1&a=demo:base&b=demo:rescaled");
  const log = readLog("rescaled");
  expect(differences(found, log)).toEqual([]);
  const output = [...log.tensors].filter(([name]) => isOutput(name)).map(([, logged]) => logged);
  expect(output.length).toBe(8);
  for (const { k, residual } of output) {
    expect(Math.abs(k - 0.63)).toBeLessThan(0.02);
    expect(residual).toBeLessThan(0.17);
  }
  for (const [name, { k }] of log.tensors) if (!isOutput(name)) expect(Math.abs(k - 1), name).toBeLessThan(0.05);

  for (const [layer, { k }] of output.entries()) {
    await auscult.cell("o_proj", layer).click();
    await expect(auscult.number("rescale k")).toContainText(k.toFixed(3));
  }
});

test("the sparse demo is one click away, and the weights outside its mask are the base's", async ({ auscult }) => {
  const found = await openDemo(auscult, /few weights trained/);
  expect(new URL(auscult.page.url()).hash).toBe("#v=1&a=demo:base&b=demo:sparse");
  const log = readLog("sparse");
  expect(differences(found, log)).toEqual([]);
  const sum = (key: "count" | "unchanged") => [...found.values()].reduce((total, stats) => total + stats[key], 0);
  expect([sum("unchanged"), sum("count")]).toEqual([log.unchanged, log.elements]);
  for (const [name, { unchanged, elements }] of log.tensors) {
    // The mask is drawn element by element: 1 in 10, give or take; a norm is not in it.
    if (isMatrix(name)) expect(unchanged / elements, name).toBeGreaterThan(0.88);
    else expect(unchanged, name).toBe(elements);
  }
  await auscult.cell("q_proj", 3).click();
  const { unchanged, elements } = log.tensors.get("model.layers.3.self_attn.q_proj.weight") as LoggedTensor;
  const shown = Number.parseFloat((await auscult.number("unchanged weights").textContent()) ?? "");
  expect(Math.abs(shown - (100 * unchanged) / elements)).toBeLessThan(0.1);
});
