import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ReleasedCase, releasedCases, releasedText } from "../e2e/fixtures/released-cases.ts";
import { type HubServer, startHub } from "../e2e/server/hub-server.ts";
import { version } from "../package.json";
import { ensureCli } from "../scripts/build-cli.mjs";
import { endingAt, ownFolder, ran, textOf } from "./testing/command-line.ts";

beforeAll(ensureCli);

const WELL = { status: 0, out: "", said: "" };

/** Of these, parts are computed too, and the work is interrupted. */
const CUT = ["sharded", "experts", "adapter-over-base", "adapter-beside-tuned", "quantised-fp8", "whole-numbers"];

/** An order that is neither that of the parts nor its reverse. */
const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items.map((_, i) => items[(i * 2 + 1) % items.length]).filter((item, i, all) => all.indexOf(item) === i);

/** What a case is run against: a Hub of its own, and what the page saved. */
function stageOf({ name, repos }: ReleasedCase) {
  let hub: HubServer;
  beforeAll(async () => {
    hub = await startHub({ repos });
  });
  afterAll(() => hub.close());
  const expected = releasedText(name, `auscult ${version}`);
  return { expected, environment: () => ({ HF_ENDPOINT: hub.origin, HF_HOME: "/nowhere" }) };
}

const cases = releasedCases();

describe.each(cases)("$name", (released) => {
  const { words } = released;
  const { expected, environment } = stageOf(released);

  test.each([1, 3])("%d threads write what the released page saved, byte for byte", async (threads) => {
    const path = join(ownFolder(), "whole.auscult.json.gz");
    const whole = ["compare", ...words, "-o", path, "--threads", `${threads}`];
    expect(await ran(whole, { environment: environment() })).toEqual(WELL);
    expect(textOf(path) === expected).toBe(true);
  });
});

describe.each(cases.filter(({ name }) => CUT.includes(name)))("$name", (released) => {
  const { words } = released;
  const { expected, environment } = stageOf(released);

  test.each([1, 3, 7])("%d parts, merged in any order, are the same", async (of) => {
    const folder = ownFolder();
    const parts = Array.from({ length: of }, (_, i) => join(folder, `part-${i + 1}.json`));
    for (const [i, path] of shuffled([...parts.entries()])) {
      const part = ["part", `${i + 1}/${of}`, ...words, "-o", path, "--threads", "1"];
      expect(await ran(part, { environment: environment() })).toEqual(WELL);
    }
    const path = join(folder, "merged.json");
    expect(await ran(["merge", ...shuffled(parts), "-o", path])).toEqual(WELL);
    expect(textOf(path) === expected).toBe(true);
  });

  test("interrupted again and again, it goes on to the same", async () => {
    const path = join(ownFolder(), "whole.json");
    const whole = ["compare", ...words, "-o", path, "--threads", "1"];
    const left: number[] = [];
    for (const count of [1, 2]) {
      const stopped = await ran(whole, { environment: environment(), ...endingAt(count) });
      expect(stopped.status).toBe(2);
      expect(stopped.said).toMatch(
        /^\d+ of \d+ segments are kept in .*\. The same command goes on from there\.\nInterr/,
      );
      left.push(JSON.parse(textOf(path)).part.left);
    }
    expect(left[0]).toBeGreaterThan(0);
    expect(left[1]).toBeLessThanOrEqual(left[0]);
    expect(await ran(whole, { environment: environment() })).toEqual(WELL);
    expect(textOf(path) === expected).toBe(true);
    rmSync(path);
  });
});

/** But for the files' ETags: a page reads the demo models from a server, which has some. */
const withoutTags = (text: string): string => text.replace(/"hash":"\\"[^"]*\\""/g, '"hash":null');

describe("the demo pair", () => {
  test.each(["wasm", "reference"])("on the engine %s is what the page saved, whole and in parts", async (engine) => {
    const expected = withoutTags(releasedText(`demo-tuned-${engine}`, `auscult ${version}`));
    const folder = ownFolder();
    const [path, merged] = ["whole.json", "merged.json"].map((name) => join(folder, name));
    const words = ["demo:base", "demo:tuned", "--engine", engine];
    expect(await ran(["compare", ...words, "-o", path])).toEqual(WELL);
    expect(textOf(path) === expected).toBe(true);
    const parts = [1, 2, 3].map((i) => join(folder, `${i}.json`));
    for (const [i, part] of parts.entries())
      expect(await ran(["part", `${i + 1}/3`, ...words, "-o", part])).toEqual(WELL);
    expect(await ran(["merge", ...parts.reverse(), "-o", merged])).toEqual(WELL);
    expect(textOf(merged) === expected).toBe(true);
  });
});
