import { existsSync } from "node:fs";
import { type FileHead, headOf } from "../src/comparing/file/comparison-file.ts";
import { SEGMENT_ELEMENTS } from "../src/reading/read-plan.ts";
import { segmentBytes } from "../src/reading/segment.ts";
import { BadInput } from "./bad-input.ts";
import { breachesOf, parseBar } from "./bar.ts";
import { putOut, type Streams } from "./comparison-output.ts";
import { cutByBytes } from "./cut-by-bytes.ts";
import { hubSettings } from "./hub-settings.ts";
import { Ledger } from "./ledger.ts";
import { type OpenComparison, openComparison } from "./open-comparison.ts";
import { partDifference } from "./part-difference.ts";
import { type PartHead, partText } from "./part-file.ts";
import type { ProgressLine } from "./progress-line.ts";
import type { CompareRequest } from "./read-arguments.ts";
import { readPart } from "./read-part.ts";
import { readSegments } from "./read-segments.ts";
import { Repeated } from "./repeated.ts";
import { startCrew } from "./start-crew.ts";
import { isPlainFile, requireWritable, writeFile } from "./write-file.ts";

export interface Surroundings extends Streams {
  environment: NodeJS.ProcessEnv;
  progress: ProgressLine;
  /** Ends the program; what was done is kept. */
  signal: AbortSignal;
  /** Folder of the demo models. */
  demo: string;
  /** The module that a thread runs. */
  thread: URL;
}

/**
 * Compares, or computes a part. Resolves with the status; rejects with an error whose message is the sentence for status 2,
 * or with the signal's reason, after what was done is kept where there is a file for it.
 */
export async function compare(request: CompareRequest, surroundings: Surroundings): Promise<number> {
  const { output, engine, part: wanted } = request;
  const { progress, signal, say, demo } = surroundings;
  const bars = request.failIf.map(parseBar);
  if (output !== null) await requireWritable(output);
  const settings = hubSettings(surroundings.environment, request.offline);
  const onWait = progress.wait.bind(progress);
  const opened = await openComparison(request, { ...settings, demo, signal, onWait });
  const { comparison, plan } = opened;
  for (const operand of [comparison.a, comparison.b, comparison.adapter])
    for (const note of operand?.notes ?? []) say(note);
  const ledger = new Ledger(comparison.pairs);
  // What a bar names is looked for now, not after hours.
  breachesOf(comparison, ledger.outcomes, bars);
  const { index, of } = wanted ?? { index: 1, of: 1 };
  const head = headOfPart(opened, index, of);
  if (output !== null) await goOn(output, ledger, { head: headOf(comparison, engine), part: head });

  const isKnown = (position: number) => {
    const { pair, slice } = plan.at(position);
    return ledger.has(pair, slice);
  };
  const mine = cutByBytes(plan, index, of);
  const isMine = (position: number) => position >= mine.from && position < mine.to;
  const positions = Array.from({ length: plan.length }, (_, position) => position);
  const wantedNow = positions.filter((position) => isMine(position) && !isKnown(position));
  const leftNow = () => wantedNow.filter((position) => !isKnown(position)).length;
  const putAside = (path: string) =>
    writeFile(path, partText(comparison, ledger, engine, { ...head, left: leftNow() }));

  if (wantedNow.length > 0) {
    const keep = output !== null && (await isPlainFile(output)) ? output : null;
    const why = await readAll(surroundings, keep === null ? null : () => putAside(keep));
    if (why) {
      if (keep !== null) {
        await putAside(keep);
        const done = wantedNow.length - leftNow();
        say(`${done} of ${wantedNow.length} segments are kept in ${keep}. The same command goes on from there.`);
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

  /** Reads what is wanted now. Resolves with the reason where it does not come to its end. */
  async function readAll({ thread }: Surroundings, keep: (() => Promise<void>) | null): Promise<Error | null> {
    const wantedBytes = wantedNow.reduce((sum, position) => sum + segmentBytes(plan.at(position)), 0);
    const isWanted = new Set(wantedNow);
    const unwritten = new AbortController();
    const crew = await startCrew(engine, request.threads, thread);
    const keeping = keep && new Repeated(keep, (error) => unwritten.abort(error));
    progress.begin(wantedBytes);
    try {
      return await readSegments({
        ...{ ...opened, pairs: comparison.pairs, ledger, crew },
        settled: positions.filter((position) => !isWanted.has(position)),
        signal: AbortSignal.any([signal, unwritten.signal]),
        onBytes: (bytes) => progress.note(bytes),
        onWait,
      });
    } finally {
      await Promise.all([keeping?.end(), crew.end()]);
    }
  }
}

function headOfPart({ plan, contents }: OpenComparison, index: number, of: number): PartHead {
  const { length: segments, bytes } = plan;
  return { index, of, left: segments, plan: { elements: SEGMENT_ELEMENTS, segments, bytes }, contents };
}

/** Takes over what an unfinished comparison at `path` knows. Rejects with `BadInput` where something else is there. */
async function goOn(path: string, ledger: Ledger, mine: { head: FileHead; part: PartHead }): Promise<void> {
  if (!existsSync(path) || !(await isPlainFile(path))) return;
  const found = await readPart(path);
  if (found.kind === "foreign")
    throw new BadInput(`${path} is there already and is no comparison saved by Auscult. Give another file with -o.`);
  if (found.kind !== "part") return;
  const { saved } = found;
  const { index, of } = saved.part;
  const isOther = index !== mine.part.index || of !== mine.part.of;
  const difference = isOther ? `is part ${index} of ${of}` : partDifference(saved, mine);
  if (difference)
    throw new BadInput(
      `${path} holds an unfinished comparison that ${difference}. Give another file with -o, or delete it.`,
    );
  ledger.take(saved.outcomes);
  for (const segment of saved.segments) ledger.add(segment);
}
