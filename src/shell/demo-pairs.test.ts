import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { FIRST_DEMO, PLANTED_DEMOS } from "./demo-pairs.ts";

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url));
const logs: Record<string, string> = {
  base: "train.log",
  tuned: "train.log",
  rescaled: "rescaled.log",
  sparse: "sparse.log",
};

it("the demos on the welcome screen are the models that came with the page, all of them", () => {
  const named = new Set([FIRST_DEMO, ...PLANTED_DEMOS].flatMap(({ a, b }) => [a, b]));
  const there = readdirSync(new URL("../../public/demo", import.meta.url)).map((name) => `demo:${name}`);
  expect([...named].sort()).toEqual(there.sort());
});

it.each(Object.entries(logs))("the files of demo:%s are those that its log speaks of", (name, log) => {
  const lines = file(`demo/${log}`).toString().split("\n");
  for (const path of [`${name}/model.safetensors`, `${name}/config.json`]) {
    const bytes = file(`public/demo/${path}`);
    const hash = createHash("sha256").update(bytes).digest("hex");
    expect(lines).toContain(`${path}  ${bytes.length} bytes  sha256 ${hash}`);
  }
});

it("says the factor that the script used", () => {
  const factor = /^RESCALE_FACTOR = (\S+)$/m.exec(file("demo/variants.py").toString())?.[1];
  expect(PLANTED_DEMOS.find(({ b }) => b === "demo:rescaled")?.why).toContain(`multiplied by ${factor},`);
});
