import { requireNode } from "./node-version.mjs";

requireNode();

// Loaded only now: an old Node could not parse some of it, and the packages may not be there yet.
const { join } = await import("node:path");
const { parseArgs } = await import("node:util");
const { choosePairs, gigabytes } = await import("../anchors/choose-pairs.mjs");
const { judge } = await import("../anchors/judge.mjs");
const { judgementTable } = await import("../anchors/judgement-table.mjs");
const { readAnchors } = await import("../anchors/read-anchors.mjs");
const { scanPair } = await import("../anchors/scan-pair.mjs");
const { ensureCli } = await import("./build-cli.mjs");
const { installPackages, root } = await import("./install.mjs");
const { sentenceOf } = await import("./sentence-of.mjs");

/** @typedef {import("../anchors/read-anchors.mjs").AnchorPair} AnchorPair */

const usage = "npm run anchors -- [--list] [name …] [--hub URL] [--data FOLDER]";

/** What was asked for; throws a sentence where that is not understood. */
function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        list: { type: "boolean" },
        hub: { type: "string" },
        data: { type: "string" },
      },
    });
    return { ...values, names: positionals };
  } catch (error) {
    throw new Error(`The arguments are not understood: ${usage}`, { cause: error });
  }
}

/** @param {{ a: string, b: string }} pair */
const nameOf = ({ a, b }) => `${a} → ${b}`;

/** @param {readonly AnchorPair[]} pairs */
function printList(pairs) {
  const width = Math.max(...pairs.map((pair) => nameOf(pair).length));
  for (const pair of pairs) {
    const size = `${pair.billions.toFixed(2).padStart(6)} billion parameters`;
    console.log(`${nameOf(pair).padEnd(width)}  ${size}, ${String(pair.anchors.length).padStart(3)} figures`);
  }
}

/**
 * Scans one pair and prints its table. Returns how many of its figures agree; throws where it could not be read.
 *
 * @param {AnchorPair} pair
 * @param {string | undefined} hub
 */
async function checkPair(pair, hub) {
  const began = performance.now();
  console.log(`\n## ${nameOf(pair)} (${pair.billions.toFixed(2)} billion parameters on either side)\n`);
  const scanned = await scanPair({ ...pair, hub });
  const judgements = pair.anchors.map((anchor) => judge(anchor, scanned.tensors));
  const { a, b } = scanned.revisions;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${judgementTable(judgements)}\n`);
  console.log(`Read at commits ${a} and ${b}, engine ${scanned.engine}, ${seconds} s.`);
  return judgements.filter(({ agrees }) => agrees).length;
}

/**
 * Goes through the pairs; one that cannot be read gets its sentence and the others go on.
 *
 * @param {readonly AnchorPair[]} pairs
 * @param {string | undefined} hub
 */
async function checkAll(pairs, hub) {
  const total = { agree: 0, figures: 0, unread: 0 };
  for (const pair of pairs) {
    try {
      total.agree += await checkPair(pair, hub);
      total.figures += pair.anchors.length;
    } catch (error) {
      console.log(`Could not be read: ${sentenceOf(error)}`);
      total.unread++;
    }
  }
  return total;
}

async function main() {
  const { names, list, hub, data } = readArguments();
  const all = readAnchors(data ?? join(root, "anchors"));
  const pairs = list && names.length === 0 ? all : choosePairs(all, names);
  if (list) return printList(pairs);
  const size = gigabytes(pairs).toFixed(1);
  console.log(
    `${pairs.length} ${pairs.length === 1 ? "pair" : "pairs"}, about ${size} GB to read where an element has two bytes:`,
  );
  printList(pairs);
  console.log("Nobody published which commits the figures belong to; what is read is the default branch of today.");
  await installPackages();
  await ensureCli();
  const { agree, figures, unread } = await checkAll(pairs, hub);
  const others = unread > 0 ? ` Pairs that could not be read: ${unread} of ${pairs.length}.` : "";
  console.log(`\n${agree} of ${figures} figures agree within their precision.${others}`);
  if (agree < figures || unread > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode = 1;
}
