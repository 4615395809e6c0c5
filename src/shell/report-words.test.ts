import { describe, expect, test } from "vitest";
import type { Report, ReportCoverage } from "../comparing/report.ts";
import { coverageSentence, reportedFindings } from "./report-words.ts";

const ALL = { pairs: 75, exact: 75, partial: 0, identical: 0, seen: 1000, elements: 1000, engines: [] };
const RULE = " What is said of kinds of change and in the table is of layers read in full; the others may differ.";

describe("what a report rests on", () => {
  const CASES: [what: string, coverage: ReportCoverage, sentence: string][] = [
    ["all of it", ALL, "All 75 pairs of tensors, every one of their 1\u2009000 weights."],
    [
      "some of it by hash",
      { ...ALL, identical: 5 },
      "All 75 pairs of tensors. 5 of them are known to be the same, and were not downloaded.",
    ],
    [
      "a part",
      { ...ALL, exact: 40, partial: 1, seen: 500 },
      `A partial scan: 40 of 75 pairs of tensors in full, 50.0 % of the weights. 1 more was read in part.${RULE}`,
    ],
  ];
  test.each(CASES)("%s", (_, coverage, sentence) => {
    expect(coverageSentence(coverage)).toBe(sentence);
  });
});

test("the warning of a way to draw is given once, for all modules", () => {
  const finding = (kind: string, sentence: string) => ({ kind, sentence, layers: [0, 1], of: 3 });
  const modules = [
    { exact: 3, findings: [finding("rescale", "o: a rescale."), finding("clip-artefact", "o: clipping.")] },
    { exact: 3, findings: [finding("clip-artefact", "q: clipping."), finding("none", "q: none.")] },
  ];
  expect(reportedFindings({ modules } as unknown as Report)).toEqual([
    "o: a rescale.",
    "q: none.",
    "Drawn with larger changes piled up at ±1, 4 of 6 distributions would get a hump there that is not in the data.",
  ]);
});
