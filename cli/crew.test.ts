import { beforeAll, expect, test } from "vitest";
import { ensureCli } from "../scripts/build-cli.mjs";
import { comparisonText } from "../src/comparing/file/comparison-file.ts";
import { ThreadCrew } from "./crew.ts";
import { Ledger } from "./ledger.ts";
import { openComparison } from "./open-comparison.ts";
import { type CompareRequest, readArguments } from "./read-arguments.ts";
import { readSegments } from "./read-segments.ts";
import { DEMO, ownFolder, THREAD } from "./testing/command-line.ts";

beforeAll(ensureCli);

/** Scans the demo pair with three threads, of which `killed` are ended when the first bytes are heard of. */
async function scanWith(killed: number) {
  const signal = new AbortController().signal;
  const onWait = () => () => {};
  const context = { hub: "http://127.0.0.1:1", cache: ownFolder(), offline: true, demo: DEMO, signal, onWait };
  const request = readArguments(["compare", "demo:base", "demo:tuned"]) as CompareRequest;
  const opened = await openComparison(request, context);
  const { pairs } = opened.comparison;
  const ledger = new Ledger(pairs);
  const crew = new ThreadCrew(3, "wasm", THREAD);
  let ended = 0;
  const why = await readSegments({
    ...{ ...opened, pairs, settled: [], ledger, crew, signal, onWait },
    onBytes: () => {
      for (; ended < killed; ended++) void crew.workers[ended].terminate();
    },
  });
  await crew.end();
  return { why, ended, text: [...comparisonText(opened.comparison, ledger.outcomes, "wasm")].join("") };
}

test("the work of threads that end is given to one that is left, and comes out the same", async () => {
  const [whole, short] = [await scanWith(0), await scanWith(2)];
  expect([whole.why, short.why]).toEqual([null, null]);
  expect([whole.ended, short.ended]).toEqual([0, 2]);
  expect(whole.text).not.toContain('"stats":null');
  expect(short.text === whole.text).toBe(true);
});

test("when none is left, that is said", async () => {
  const { why, ended } = await scanWith(3);
  expect(ended).toBe(3);
  expect(why?.message).toMatch(/^All threads ended, perhaps for want of memory\. Run it again with fewer/);
});
