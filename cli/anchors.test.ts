import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildHouse } from "../e2e/fixtures/house.ts";
import type { FixtureTensor } from "../e2e/fixtures/write-safetensors.ts";
import { type OracleStats, oracleStats } from "../e2e/float64-oracle.ts";
import { type HubServer, startHub } from "../e2e/server/hub-server.ts";
import { ensureCli } from "../scripts/build-cli.mjs";
import { ownFolder } from "./testing/command-line.ts";

const command = fileURLToPath(new URL("../scripts/anchors.mjs", import.meta.url));

/** Runs the command to its end, whatever its exit status. */
const anchors = (...args: string[]): Promise<{ status: number; output: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code ?? 1) : 0, output: stdout + stderr }),
    );
  });

const house = buildHouse();
let hub: HubServer;
beforeAll(async () => {
  await ensureCli();
  hub = await startHub(house.options);
});
afterAll(() => hub.close());

type Row = [quantity: string, tensors: string, published: string];
interface Published {
  figures: Row[];
  /** Module, layers, mean, min, max. */
  norms: string[][];
}

const MODULES = ["q_proj", "k_proj", "v_proj", "o_proj"].map((name) => `self_attn.${name}.weight`);
const NORMS = ["model.norm.weight", "lm_head.weight", "input_layernorm.weight", "self_attn.v_proj.bias"];

/** What someone with both files and doubles would have published, in the way and with the digits of the real figures. */
function publishedOf(base: readonly FixtureTensor[], tuned: readonly FixtureTensor[]): Published {
  const all = base.map((a): [string, OracleStats] => {
    const b = tuned.find(({ name }) => name === a.name);
    if (!b) throw new Error(`The tuned model has no ${a.name}.`);
    return [a.name, oracleStats(a, b)];
  });
  const total = (key: "count" | "unchanged" | "above1e6" | "above1e5", part = "") =>
    all.reduce((sum, [name, stats]) => sum + (name.startsWith(part) ? stats[key] : 0), 0);
  const ratios = (module: string) =>
    all.filter(([name]) => name.endsWith(module)).map(([, { sumA2, sumD2 }]) => Math.sqrt(sumD2) / Math.sqrt(sumA2));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const share = (count: number) => ((100 * count) / total("count")).toFixed(2);
  const [name, { above1e6, maxAbsD }] = all[0];
  const figures: Row[] = [
    ["elements", "*", String(total("count"))],
    ["above1e6", "*", String(total("above1e6"))],
    ["above1e6", "model.layers.1.*", String(total("above1e6", "model.layers.1."))],
    ["above1e6", name, String(above1e6)],
    ["largest", name, maxAbsD.toFixed(5)],
    ["unchanged", "*", share(total("unchanged"))],
    ["within1e6", "*", share(total("count") - total("above1e6"))],
    ["within1e5", "*", share(total("count") - total("above1e5"))],
    ["oq", "*", (mean(ratios("o_proj.weight")) / mean(ratios("q_proj.weight"))).toFixed(3)],
  ];
  return {
    // Where nothing moved there is no ratio.
    figures: figures.filter(([, , published]) => published !== "NaN"),
    norms: [...MODULES, ...NORMS].map((module) => {
      const each = ratios(module).map((ratio) => ratio.toFixed(4));
      const rounded = mean(each.map(Number)).toFixed(5);
      return [module, String(each.length), rounded, [...each].sort()[0], [...each].sort().reverse()[0]];
    }),
  };
}

/** Writes the three tables for some pairs of repos into a folder. */
function publish(folder: string, pairs: Record<string, Published>): string {
  const write = (file: string, head: string, rows: string[]) =>
    writeFileSync(join(folder, file), [head, ...rows].join("\n"));
  const each = (rows: (published: Published) => string[]) =>
    Object.entries(pairs).flatMap(([repos, published]) => rows(published).map((row) => `${repos},${row}`));
  mkdirSync(folder, { recursive: true });
  write(
    "pairs.csv",
    "a,b,billions",
    Object.keys(pairs).map((repos) => `${repos},0.01`),
  );
  write(
    "figures.csv",
    "a,b,quantity,tensors,published,source",
    each(({ figures }) => figures.map((row) => `${row.join(",")},the oracle`)),
  );
  write(
    "relative-norms.csv",
    "a,b,module,layers,mean,min,max",
    each(({ norms }) => norms.map((row) => row.join(","))),
  );
  return folder;
}

/** One row of one tensor is one figure, the others are three. */
const countOf = ({ figures, norms }: Published) =>
  figures.length + norms.reduce((sum, [, layers]) => sum + (layers === "1" ? 1 : 3), 0);

test("figures that an oracle made agree, in every quantity", async () => {
  const { base, tuned } = house.models;
  const moved = publishedOf(base, tuned);
  // Files with one hash, which are not read at all.
  const same = publishedOf(base, base);
  const data = publish(join(ownFolder(), "anchors"), { "org/base,org/tuned": moved, "org/tuned,org/tuned": same });
  const { status, output } = await anchors("--data", data, "--hub", hub.origin);
  const figures = countOf(moved) + countOf(same);
  expect(output).toContain(`\n${figures} of ${figures} figures agree within their precision.\n`);
  expect(output).toContain(`Read at commits ${hub.commit("org/base")} and ${hub.commit("org/tuned")}`);
  expect(output).not.toContain("DIFFERS");
  expect(status).toBe(0);
});

test("a wrong figure is found, and a pair that is not there stops no other", async () => {
  const { base, tuned, tunedF16 } = house.models;
  const right = publishedOf(base, tuned);
  const [, [quantity, tensors, count], ...figures] = right.figures;
  const wrong: Published = { ...right, figures: [[quantity, tensors, String(Number(count) + 1)], ...figures] };
  const data = publish(join(ownFolder(), "anchors"), {
    "org/base,org/gone": right,
    "org/base,org/tuned": wrong,
    "org/base,org/tuned-f16": publishedOf(base, tunedF16),
  });
  const { status, output } = await anchors("--data", data, "--hub", hub.origin);
  expect(output).toMatch(/## org\/base → org\/gone .*\n\nCould not be read: .*org\/gone.*\.\n/);
  const differing = output.split("\n").filter((line) => line.includes("DIFFERS"));
  expect(differing).toEqual([expect.stringMatching(/all tensors +\| changed by more than 1e-6 .* -1 \| DIFFERS/)]);
  expect(output).toMatch(
    /\n(\d+) of \d+ figures agree within their precision\. Pairs that could not be read: 1 of 3\.\n$/,
  );
  expect(status).toBe(1);
});
