import { requireNode } from "./node-version.mjs";

requireNode();

// Loaded only now: an old Node could not parse some of it, and the packages may not be there yet.
const { join } = await import("node:path");
const { parseArgs } = await import("node:util");
const { installPackages, root } = await import("./install.mjs");
const { sentenceOf } = await import("./sentence-of.mjs");
const { kernels } = await import("../bench/measurements/kernels.mjs");
const { scan } = await import("../bench/measurements/scan.mjs");
const { commandLine } = await import("../bench/measurements/command-line.mjs");
const { paced } = await import("../bench/measurements/paced.mjs");
const { mainThread } = await import("../bench/measurements/main-thread.mjs");
const { memory } = await import("../bench/measurements/memory.mjs");
const { growth } = await import("../bench/measurements/growth.mjs");
const { manyPairs } = await import("../bench/measurements/many-pairs.mjs");
const { curves } = await import("../bench/measurements/curves.mjs");
const { versus } = await import("../bench/measurements/versus.mjs");
const { gpu } = await import("../bench/measurements/gpu.mjs");
const { commit, machine } = await import("../bench/report/machine.mjs");
const { writeResult } = await import("../bench/report/result-file.mjs");
const { table } = await import("../bench/report/table.mjs");
const { startTorch } = await import("../bench/rivals/torch.mjs");
const { repeater } = await import("../bench/stage/repeat.mjs");
const { openStage } = await import("../bench/stage/open-stage.mjs");
const { work } = await import("../bench/stage/workspace.mjs");

/**
 * @typedef {import("../bench/measurements/measurement.d.ts").Measurement} Measurement
 * @typedef {import("../bench/measurements/measurement.d.ts").Tools} Tools
 * @typedef {ReturnType<typeof readArguments>} Asked
 */

/** @type {Measurement[]} */
const measurements = [kernels, scan, commandLine, paced, mainThread, memory, growth, manyPairs, curves, gpu];
const usage = `npm run bench -- [${measurements.map(({ name }) => name).join("|")} … | versus OLD NEW] [--quick] [--runs N] [--patience SECONDS] [--engine wgsl|wasm|reference]`;

/**
 * The measurements that were named, or all that need no more than this repository; throws a sentence where one is unknown.
 *
 * @param {string[]} names
 */
function chosenOf([first, ...rest]) {
  if (first === undefined) return measurements;
  const [before, after, ...more] = rest;
  if (first === "versus") {
    if (before === undefined || after === undefined || more.length > 0)
      throw new Error(`versus takes two builds, each a commit or the folder of a built page: ${usage}`);
    return [versus({ old: before, new: after })];
  }
  const names = [first, ...rest];
  const unknown = names.filter((name) => !measurements.some((each) => each.name === name));
  if (unknown.length > 0) throw new Error(`There is no measurement called ${unknown.join(", ")}: ${usage}`);
  return measurements.filter(({ name }) => names.includes(name));
}

/** What was asked for; throws a sentence where that is not understood. */
function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean" },
      runs: { type: "string" },
      patience: { type: "string" },
      engine: { type: "string" },
    },
  });
  const quick = values.quick ?? false;
  const runs = Number(values.runs ?? (quick ? 1 : 7));
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs must be a whole number from 1: ${usage}`);
  const patience = Number(values.patience ?? 0);
  if (!(patience >= 0)) throw new Error(`--patience must be a number of seconds: ${usage}`);
  return { chosen: chosenOf(positionals), quick, runs, patience, engine: values.engine };
}

/**
 * Starts something when it is first asked for, once, and can end it.
 *
 * @template {{ close: () => void | Promise<void> } | null} Started
 * @param {() => Promise<Started>} start null: it is not to be had
 */
function once(start) {
  /** @type {Promise<Started> | undefined} */
  let started;
  return {
    get: () => {
      started ??= start();
      return started;
    },
    end: async () => (await started?.catch(() => null))?.close(),
  };
}

/**
 * What else the machine did meanwhile, in a sentence.
 *
 * @param {readonly { others?: number | null }[]} runs
 * @param {number} discarded
 */
function othersNote(runs, discarded) {
  const cores = runs.flatMap(({ others }) => others ?? []);
  if (cores.length === 0) return "What other programs did meanwhile was not looked at.";
  const again = discarded > 0 ? ` ${discarded} runs in which they took more were done again.` : "";
  return `Other programs kept up to ${Math.max(...cores).toFixed(2)} cores busy during these runs.${again}`;
}

/**
 * @param {Measurement} measurement
 * @param {Pick<Tools, "stage" | "torch">} tools
 * @param {Asked} asked
 */
async function measureOne(measurement, tools, { quick, runs, patience, engine }) {
  console.log(`\n${measurement.name}: ${measurement.about}`);
  const about = { date: new Date().toISOString(), commit: commit(), machine: machine() };
  const repetition = repeater({ runs, patience });
  const result = await measurement.measure({ repeat: repetition.repeat, runs, quick, engine, ...tools });
  if ("notMeasured" in result) return console.log(`not measured: ${result.notMeasured}`);
  console.log(`\n${table(measurement.name, result.rows)}\n`);
  console.log(othersNote(result.runs, repetition.discarded()));
  // A quick run shows that everything works; its figures are no one's, as are those of a card that is none.
  const folder = quick || result.isNoOnes ? join(work, "results") : join(root, "bench/results");
  const { facts, ...rest } = result;
  const options = { runs, quick, patience, discarded: repetition.discarded(), engine: engine ?? "the page's choice" };
  await writeResult(folder, measurement.name, { ...about, machine: { ...about.machine, ...facts }, options, ...rest });
}

async function main() {
  const asked = readArguments();
  await installPackages();
  const { cpu, cores, load, node } = machine();
  console.log(`${cores} cores (${cpu}), Node ${node}, ${asked.runs} runs, load ${load} before the start.`);
  if (load > 0.5) console.log("Something else is running on this machine: expect noise.");
  const torch = once(startTorch);
  const stage = once(() => openStage(asked));
  try {
    for (const measurement of asked.chosen) {
      try {
        await measureOne(measurement, { torch: torch.get, stage: stage.get }, asked);
      } catch (error) {
        console.error(`${measurement.name} could not be measured: ${sentenceOf(error)}`);
        process.exitCode = 1;
      }
    }
  } finally {
    await Promise.all([torch.end(), stage.end()]);
  }
}

try {
  await main();
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode = 1;
}
