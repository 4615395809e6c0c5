import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { comparisonFile } from "../../comparing/file/comparison-file.ts";
import { scriptedPage } from "../../store/testing/scripted-page.ts";
import { DELTA } from "./instrument.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("its result is the comparison as a file has it, and nothing before there is one", async () => {
  const { compare, scripted, state } = scriptedPage({}, DELTA);
  expect(DELTA.result(state())).toBeNull();
  await compare("org/base", "org/tuned");
  await scripted.drain();
  const { comparison, results, engine } = state();
  if (!comparison) throw new Error("There is a comparison.");
  expect(DELTA.result(state())).toEqual(comparisonFile(comparison, results.list, engine.chosen));
  expect(DELTA.result(state())).toMatchObject({ format: "auscult-comparison", pairs: [{ coverage: 1 }, {}, {}] });
});
