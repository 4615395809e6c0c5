import type { Checkpoint } from "../hub/checkpoint.ts";
import type { LowRankUpdate, StoredIn } from "../tensors/low-rank-update.ts";
import { AdapterError } from "./adapter-error.ts";
import { type Config, scaleFor } from "./adapter-scale.ts";
import { targetOf, withoutPeft } from "./parse-target.ts";
import { type PartKind, type PartOfModule, partOfModule, type Spelling } from "./part-of-module.ts";
import { type Factors, updateOf } from "./read-update.ts";
import { type StackedUpdate, stackedUpdate } from "./stacked-update.ts";
import { kindByConfig, kindByName } from "./unknown-kind.ts";

/** A whole tensor that stands for the base's own: `modules_to_save`, a trained bias, an embedding that grew. */
export interface Replacement {
  /** As the adapter calls it. */
  name: string;
  /** What it may be called in the base, likeliest first. */
  names: readonly string[];
  stored: StoredIn;
}

/** An adapter, read from its names, shapes and configuration; no weights are read for it. */
export interface Adapter {
  updates: LowRankUpdate[];
  /** Updates of stacks of experts; absent where there are none. */
  stacked?: StackedUpdate[];
  replaced: Replacement[];
  /** What is not understood, by name, each with the sentence that says why. */
  left: { name: string; reason: string }[];
  /** Sentences about what is odd but not fatal. */
  notes: string[];
}

interface Module {
  spelling: Spelling | undefined;
  embedding: boolean;
  parts: Partial<Record<PartKind, StoredIn>>;
}

/** Of everything that reads a tensor: which kind of adapter this is when it is not a LoRA, and what its configuration says. */
interface Context {
  label: string;
  config: Config | undefined;
  otherKind: string | undefined;
}

const DOUBLE = "The file holds a second adapter for the same module. Only the first is read.";
/** Ways to begin that take what they put into the adapter out of the base's weights (PEFT, `init_lora_weights`). */
const CHANGES_BASE = /^(?:pissa|olora|corda|loftq|lora_ga)/i;

/** Whether a checkpoint is an adapter rather than a model: it has a configuration for one, or names that only one has. */
export const looksLikeAdapter = ({ adapter, tensors }: Pick<Checkpoint, "adapter" | "tensors">): boolean =>
  adapter !== undefined ||
  tensors.some(({ tensor: { name } }) => {
    const part = partOfModule(name);
    return part ? part.spelling !== undefined : kindByName(name) !== undefined;
  });

/**
 * Reads a checkpoint as an adapter: PEFT's, kohya's, diffusers', mlx-lm's or cloneofsimo's low-rank updates with their
 * scales, and the tensors it replaces as a whole. Kinds that are not LoRA or DoRA end in `left`. Throws `AdapterError` where
 * the configuration that gives the scale is missing, and where there is nothing of an adapter in it.
 */
export function readAdapter(checkpoint: Pick<Checkpoint, "label" | "tensors" | "adapter">): Adapter {
  const { adapter: config, label, tensors } = checkpoint;
  if (!looksLikeAdapter(checkpoint))
    throw new AdapterError(
      "NotAnAdapter",
      `${label} is not an adapter: no tensor in it is named as one of a LoRA is. Open it as a model instead.`,
    );
  const read: Adapter = { updates: [], replaced: [], left: [], notes: notesOn(config) };
  const configured = kindByConfig(config);
  const named = tensors.map(({ tensor }) => kindByName(tensor.name)).find((kind) => kind !== undefined);
  const context: Context = { label, config, otherKind: configured ?? named };
  const modules = new Map<string, Module>();
  const rest: StoredIn[] = [];
  for (const stored of tensors) {
    const { name } = stored.tensor;
    // The same words in another kind's file (AdaLoRA's `lora_A`) mean something else.
    const part = configured === undefined ? partOfModule(name) : undefined;
    if (!part) rest.push(stored);
    else if (!addPart(modules, part, stored)) read.left.push({ name, reason: DOUBLE });
  }
  for (const stored of rest) {
    // mlx calls DoRA's magnitude just `m`.
    const owner = modules.get(stored.tensor.name.replace(/\.m$/, ""));
    if (owner?.spelling === "mlx" && !owner.parts.magnitude) owner.parts.magnitude = stored;
    else readRest(read, stored, context);
  }
  for (const [name, module] of modules) readModule(read, name, module, context);
  return settleDoubles(read);
}

function addPart(modules: Map<string, Module>, part: PartOfModule, stored: StoredIn): boolean {
  const module = modules.get(part.module) ?? { spelling: undefined, embedding: false, parts: {} };
  modules.set(part.module, module);
  if (module.parts[part.part]) return false;
  module.parts[part.part] = stored;
  module.spelling ??= part.spelling;
  module.embedding ||= part.embedding ?? false;
  return true;
}

const ofKind = (kind: string): string =>
  `It belongs to an adapter of the kind ${kind}, which is not taken apart here. Only LoRA and DoRA are.`;

/** A tensor that is part of no low-rank update: a replacement where it is named like a parameter, else left. */
function readRest({ replaced, left }: Adapter, stored: StoredIn, { otherKind }: Context): void {
  const { name } = stored.tensor;
  const plain = withoutPeft(name);
  const own = kindByName(name) ?? (partOfModule(name) ? otherKind : undefined);
  if (/\.original_module\./.test(name))
    left.push({ name, reason: "The adapter keeps a copy of the base's own tensor here. It changes nothing." });
  else if (own === undefined && /\.(?:weight|bias)$/.test(plain)) replaced.push({ name, names: [plain], stored });
  else {
    const kind = own ?? otherKind;
    const unknown = "It is no part of a LoRA that is known here, nor a weight or bias of the model.";
    left.push({ name, reason: kind ? ofKind(kind) : unknown });
  }
}

function readModule(read: Adapter, name: string, module: Module, context: Context): void {
  const { bias, ...parts } = module.parts;
  if (bias) {
    const reason = "The update adds to the bias too (lora_bias), which is not computed here.";
    read.left.push({ name: bias.tensor.name, reason });
  }
  const update = readUpdate(name, { ...module, parts }, context);
  if (typeof update !== "string" && "experts" in update) read.stacked = [...(read.stacked ?? []), update];
  else if (typeof update !== "string") read.updates.push(update);
  else for (const stored of Object.values(parts)) read.left.push({ name: stored.tensor.name, reason: update });
}

/** The update of a module, or the sentence that says why there is none. */
function readUpdate(
  name: string,
  { spelling, embedding, parts }: Module,
  context: Context,
): LowRankUpdate | StackedUpdate | string {
  const { a, b, alpha, magnitude, mid } = parts;
  if (!a && !b && context.otherKind) return ofKind(context.otherKind);
  if (!a || !b || !spelling)
    return `The update of ${name} lacks one of its two matrices. The file may have been cut or edited.`;
  if (mid)
    return "The update has a third matrix between its two (Tucker decomposition), which is not taken apart here.";
  const config = configFor(name, context.config);
  const parameters = spelling === "peft" ? stackedParameters(name, config) : [];
  if (config?.use_dora === true && spelling === "peft" && !magnitude)
    return "The configuration says DoRA (use_dora), but the file holds no magnitude for this update. It may have been edited.";
  const factors: Factors = { name, spelling, embedding, a, b, ...(magnitude ? { magnitude } : {}) };
  const update = updateOf(factors, config);
  if ("reason" in update) return update.reason;
  const rank = parameters.length > 0 && typeof config?.r === "number" ? config.r : update.rank;
  const scale = scaleFor(name, spelling, rank, { ...(config ? { config } : {}), ...(alpha ? { alpha } : {}) });
  if (scale === "no config") throw noConfig(context.label);
  if ("reason" in scale) return scale.reason;
  const one = { ...update, ...scale, target: targetOf(name) };
  return parameters.length > 0 ? stackedUpdate(one, config?.r, parameters) : one;
}

function noConfig(label: string): AdapterError {
  return new AdapterError(
    "NoAdapterConfig",
    `${label} is an adapter without its adapter_config.json, which says how far its update is scaled. Give the folder or repo that holds both files.`,
  );
}

/** The configuration as it is for one module: diffusers keeps one per part of the pipeline, with its name before each key. */
function configFor(module: string, config: Config | undefined): Config | undefined {
  const [component] = module.split(".");
  const own = Object.entries(config ?? {}).filter(([key]) => key.startsWith(`${component}.`));
  if (own.length === 0) return config;
  return Object.fromEntries(own.map(([key, value]) => [key.slice(component.length + 1), value]));
}

/** The parameters that a module's update may mean, where it is not the module's own weight. */
function stackedParameters(module: string, config: Config | undefined): string[] {
  const listed = config?.target_parameters;
  const path = withoutPeft(module);
  const parameters = Array.isArray(listed) ? listed.filter((each) => typeof each === "string") : [];
  return parameters.flatMap((parameter) => {
    const [word] = parameter.split(".").slice(-1);
    const owner = parameter.slice(0, -word.length - 1);
    return owner !== "" && (path === owner || path.endsWith(`.${owner}`)) ? [`${path}.${word}`] : [];
  });
}

function notesOn(config: Config | undefined): string[] {
  const start = config?.init_lora_weights;
  if (typeof start !== "string" || !CHANGES_BASE.test(start)) return [];
  return [
    `The adapter began as ${start}, which takes a part out of the base's weights; what it adds here to the base as it is may not be the whole change.`,
  ];
}

/** Where the file replaces a weight and updates it as well, what comes out is neither alone. */
function settleDoubles(read: Adapter): Adapter {
  const updated = new Set(read.updates.flatMap(({ target }) => (target.kind === "named" ? target.names : [])));
  const doubles = new Set(read.replaced.filter(({ names }) => updated.has(names[0])).map(({ names }) => names[0]));
  if (doubles.size === 0) return read;
  const reason = "The adapter both replaces this weight and adds to it, which is not computed here.";
  const isDouble = (names: readonly string[]) => doubles.has(names[0]);
  const inUpdates = read.updates.filter(({ target }) => target.kind === "named" && isDouble(target.names));
  return {
    ...read,
    updates: read.updates.filter((update) => !inUpdates.includes(update)),
    replaced: read.replaced.filter(({ names }) => !isDouble(names)),
    left: [
      ...read.left,
      ...inUpdates.map(({ name }) => ({ name, reason })),
      ...read.replaced.filter(({ names }) => isDouble(names)).map(({ name }) => ({ name, reason })),
    ],
  };
}
