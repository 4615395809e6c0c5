import { parseArgs } from "node:util";
import { ENGINES, type EngineName } from "../src/kernels/engine.ts";
import { BadInput } from "./bad-input.ts";

export const USAGE = `auscult compare A [B] [-o FILE]      compares two checkpoints, or measures one alone
auscult part I/N A [B] -o FILE       reads the I-th of N parts of a comparison
auscult merge FILE… -o FILE          puts all parts of a comparison together

A and B: org/name[@revision][:folder], a Hub address, an https:// folder or file, demo:base,
or a folder, .safetensors file or index of this machine.

  --adapter C        an adapter over A whose change is compared with B's
  --rename RULE      rewrites B's names: 'pattern => replacement'
  -o, --output FILE  the comparison as .auscult.json, or .auscult.json.gz; an unfinished one is gone on with
  --modules          prints a line a module, as is done where no file is written
  --table            prints a line a tensor
  --fail-if BAR      status 1 where it holds anywhere, such as 'relative>0.05' or 'o_proj:rescale<0'; may be repeated
  --engine NAME      wasm (unless told), reference or wgsl
  --threads N        as many as there are cores, unless told
  --offline          asks nothing of the Hub: what is not in its cache is not there
  --help, --version

Environment: HF_TOKEN, HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_HUB_OFFLINE.
Status: 0; 1 where a --fail-if holds; 2 where something could not be read or written; 130 where it was interrupted.
`;

/** What is printed of a comparison. */
export interface Printing {
  table: boolean;
  modules: boolean;
  failIf: string[];
}

export interface CompareRequest extends Printing {
  command: "compare";
  a: string;
  b: string | null;
  adapter: string | null;
  rename: string;
  output: string | null;
  engine: EngineName;
  /** Null: as many as there are cores. */
  threads: number | null;
  offline: boolean;
  /** Which part of how many; null for all of it. */
  part: { index: number; of: number } | null;
}

export interface MergeRequest extends Printing {
  command: "merge";
  parts: string[];
  output: string | null;
}

export type Request = CompareRequest | MergeRequest | { command: "help" | "version" };

const OPTIONS = {
  adapter: { type: "string" },
  rename: { type: "string" },
  output: { type: "string", short: "o" },
  modules: { type: "boolean" },
  table: { type: "boolean" },
  "fail-if": { type: "string", multiple: true },
  engine: { type: "string" },
  threads: { type: "string" },
  offline: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parse>["values"];

const seeHelp = "See auscult --help.";

/** Reads a command line, without the program's name. Throws `BadInput`. */
export function readArguments(words: readonly string[]): Request {
  const { values, positionals } = parse(words);
  const [command, ...rest] = positionals;
  if (values.help || command === "help" || (command === undefined && !values.version)) return { command: "help" };
  if (values.version) return { command: "version" };
  switch (command) {
    case "compare":
      return compareRequest(rest, values, null);
    case "part":
      return compareRequest(rest.slice(1), values, partOf(rest[0], values));
    case "merge":
      return mergeRequest(rest, values);
    default:
      throw new BadInput(`There is no command ${command}: they are compare, part and merge. ${seeHelp}`);
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: OPTIONS });
  } catch (cause) {
    throw new BadInput(`${(cause as Error).message.replace(/\.? To specify.*$/s, "")}. ${seeHelp}`, { cause });
  }
}

const printingOf = (values: Values): Printing => ({
  table: values.table ?? false,
  modules: values.modules ?? (values.output === undefined && !values.table),
  failIf: values["fail-if"] ?? [],
});

function compareRequest(refs: readonly string[], values: Values, part: CompareRequest["part"]): CompareRequest {
  const [a, b, ...more] = refs;
  if (a === undefined) throw new BadInput(`Name one model or two. ${seeHelp}`);
  if (more.length > 0)
    throw new BadInput(
      `${refs.length} models are named: two can be compared, and an adapter with --adapter. ${seeHelp}`,
    );
  const { adapter = null, rename = "", output = null, offline = false } = values;
  if (adapter !== null && b === undefined)
    throw new BadInput("An adapter is compared with the change from A to B: name both, or the adapter as B.");
  return {
    command: "compare",
    ...{ a, b: b ?? null, adapter, rename: rename.trim(), output, offline, part },
    engine: engineOf(values.engine),
    threads: threadsOf(values.threads),
    ...printingOf(values),
  };
}

function mergeRequest(parts: string[], values: Values): MergeRequest {
  if (parts.length === 0) throw new BadInput(`Name the files of all parts. ${seeHelp}`);
  const other = (["adapter", "rename", "engine", "threads", "offline"] as const).find(
    (name) => values[name] !== undefined,
  );
  if (other) throw new BadInput(`--${other} says nothing to merge: the parts have their numbers. ${seeHelp}`);
  return { command: "merge", parts, output: values.output ?? null, ...printingOf(values) };
}

function partOf(text: string | undefined, { output, table, modules, "fail-if": bars }: Values): CompareRequest["part"] {
  const [, index = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(text ?? "") ?? []).map(Number);
  if (index < 1 || index > of)
    throw new BadInput(`"${text ?? ""}" is no part: write 1/8 for the first of eight. ${seeHelp}`);
  if (output === undefined) throw new BadInput(`Say where the part is to be written, with -o FILE. ${seeHelp}`);
  if (table || modules || bars)
    throw new BadInput("A part has no modules to print or judge yet: give --table, --modules and --fail-if to merge.");
  return { index, of };
}

function engineOf(text = "wasm"): EngineName {
  const engine = ENGINES.find((name) => name === text);
  if (engine) return engine;
  throw new BadInput(`There is no engine ${text}: they are ${ENGINES.join(", ")}.`);
}

function threadsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const threads = Number(text);
  if (Number.isSafeInteger(threads) && threads >= 1 && threads <= 1024) return threads;
  throw new BadInput(`--threads ${text} is no number of threads: give one from 1 to 1024.`);
}
