import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { type FileHead, headOf } from "../src/comparing/file/comparison-file.ts";
import { SEGMENT_ELEMENTS } from "../src/reading/read-plan.ts";
import { BadInput } from "./bad-input.ts";
import { breachesOf, parseBar } from "./bar.ts";
import { putOut, type Streams } from "./comparison-output.ts";
import { Crew } from "./crew.ts";
import { hubSettings } from "./hub-settings.ts";
import { Ledger } from "./ledger.ts";
import { type OpenComparison, openComparison } from "./open-comparison.ts";
import { partDifference } from "./part-difference.ts";
import { type PartHead, partText } from "./part-file.ts";
import { cutByBytes, PlanPart } from "./plan-part.ts";
import type { ProgressLine } from "./progress-line.ts";
import type { CompareRequest } from "./read-arguments.ts";
import { readPart } from "./read-part.ts";
import { readSegments } from "./read-segments.ts";
import { isPlainFile, requireWritable, writeFile } from "./write-file.ts";

/** Milliseconds between two times that what is known is put aside, at least; and how many times as long as that takes. */
const PUT_ASIDE_EVERY = 15_000;
const PUT_ASIDE_SHARE = 20;

/** The person, or the system, ends the program. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

export interface Surroundings extends Streams {
  environment: NodeJS.ProcessEnv;
  progress: ProgressLine;
  /** Aborts with `Interrupted`. */
  signal: AbortSignal;
}

/** The package's folder: above the bundle's, where a checkout has its demo models. */
const DEMO = fileURLToPath(new URL("../public/demo", import.meta.url));
const THREAD = new URL("./thread.mjs", import.meta.url);

/**
 * Compares, or computes a part. Resolves with the status; rejects with an error whose message is the sentence for status 2,
 * after what was done is kept where there is a file for it.
 */
export async function compare(request: CompareRequest, surroundings: Surroundings): Promise<number> {
  const { output, part: wanted, threads } = request;
  const { progress, signal, say } = surroundings;
  if (request.engine === "wgsl")
    throw new BadInput("The engine wgsl is not available on the command line. Take wasm, or the page.");
  const engine = request.engine;
  const bars = request.failIf.map(parseBar);
  if (output !== null) await requireWritable(output);
  const onWait = progress.wait.bind(progress);
  const settings = hubSettings(surroundings.environment, request.offline);
  const opened = await openComparison(request, { ...settings, demo: DEMO, signal, onWait });
  const { comparison, plan } = opened;
  for (const note of [comparison.a, comparison.b, comparison.adapter].flatMap((operand) => operand?.notes ?? []))
    say(note);
  const ledger = new Ledger(comparison.pairs);
  // What a bar names is looked for now, not after hours.
  breachesOf(comparison, ledger.outcomes, bars);
  const { index, of } = wanted ?? { index: 1, of: 1 };
  const head = partHead(opened, index, of);
  const fileHead = headOf(comparison, engine);
  if (output !== null) await goOn(output, ledger, { head: fileHead, part: head }, wanted !== null);
  const { from, to } = cutByBytes(plan, index, of);
  const positions = Uint32Array.from({ length: to - from }, (_, i) => from + i).filter((position) => {
    const { pair, slice } = plan.at(position);
    return !ledger.has(pair, slice);
  });
  const left = new PlanPart(plan, positions);
  const leftOf = () => positions.reduce((count, position) => count + (isKnown(position) ? 0 : 1), 0);
  const isKnown = (position: number) => {
    const { pair, slice } = plan.at(position);
    return ledger.has(pair, slice);
  };
  const putAside = (path: string) => writeFile(path, partText(comparison, ledger, engine, { ...head, left: leftOf() }));

  if (left.length > 0) {
    const keep = output !== null && (await isPlainFile(output)) ? output : null;
    const why = await readAll(
      { ...opened, left, ledger, engine, threads },
      surroundings,
      keep === null ? null : () => putAside(keep),
    );
    if (why) {
      progress.clear();
      if (keep !== null) {
        await putAside(keep);
        say(
          `${positions.length - leftOf()} of ${positions.length} segments are kept in ${keep}; the same command goes on from there.`,
        );
      }
      throw why;
    }
  }
  progress.clear();
  if (wanted && output !== null) {
    await putAside(output);
    return 0;
  }
  return putOut({ comparison, outcomes: ledger.outcomes, engine }, request, bars, surroundings);
}

function partHead({ plan, contents }: OpenComparison, index: number, of: number): PartHead {
  const { length: segments, bytes } = plan;
  return { index, of, left: segments, plan: { elements: SEGMENT_ELEMENTS, segments, bytes }, contents };
}

/** Takes over what an unfinished comparison at `path` knows. Rejects with `BadInput` where another one is there. */
async function goOn(
  path: string,
  ledger: Ledger,
  mine: { head: FileHead; part: PartHead },
  isPart: boolean,
): Promise<void> {
  if (!existsSync(path) || !(await isPlainFile(path))) return;
  const found = await readPart(path);
  if (found.kind === "foreign")
    throw new BadInput(`${path} is there already and is no comparison saved by Auscult. Give another file with -o.`);
  if (found.kind !== "part") return;
  const { saved } = found;
  const { index, of } = saved.part;
  const other = index !== mine.part.index || of !== mine.part.of ? `is part ${index} of ${of}` : null;
  const difference = other ?? partDifference(saved, mine);
  if (difference)
    throw new BadInput(
      `${path} holds ${isPart ? "a part" : "an unfinished comparison"} that ${difference}. Give another file with -o, or delete it.`,
    );
  ledger.take(saved.outcomes);
  for (const segment of saved.segments) ledger.add(segment);
}

type Work = OpenComparison & { left: PlanPart; ledger: Ledger; engine: "wasm" | "reference"; threads: number | null };

/** Reads all that is left. Resolves with the reason where it does not come to its end. */
async function readAll(
  { comparison, left, locations, relocate, ledger, engine, threads }: Work,
  { progress, signal }: Surroundings,
  putAside: (() => Promise<void>) | null,
): Promise<Error | null> {
  // Two at least, so that one fetches while the other computes.
  const crew = new Crew(threads ?? Math.max(2, availableParallelism()), engine, THREAD);
  const failed = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let writing = Promise.resolve();
  const write = () => {
    const began = performance.now();
    writing = (putAside?.() ?? Promise.resolve()).catch((error: unknown) => failed.abort(error));
    void writing.then(() => plan(PUT_ASIDE_SHARE * (performance.now() - began)));
  };
  const plan = (pause: number) => {
    if (putAside && !signal.aborted) timer = setTimeout(write, Math.max(PUT_ASIDE_EVERY, pause)).unref();
  };
  plan(0);
  progress.begin(left.bytes);
  try {
    return await readSegments({
      ...{ pairs: comparison.pairs, plan: left, locations, relocate, ledger, crew },
      signal: AbortSignal.any([signal, failed.signal]),
      onBytes: (bytes) => progress.note(bytes),
      onWait: (wait) => progress.wait(wait),
    });
  } finally {
    putAside = null;
    if (timer) clearTimeout(timer);
    await Promise.all([writing, crew.end()]);
  }
}
