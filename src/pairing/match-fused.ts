import type { HeadLayout } from "../tensors/head-layout.ts";
import { partOf } from "../tensors/part-of.ts";
import { everySecondRow, rowsOfGroups, transposed } from "../tensors/rearranged.ts";
import type { View } from "../tensors/view.ts";
import { type Match, type Placed, sameShape } from "./match.ts";
import { fitsMemory } from "./orient.ts";
import { wrapperFreeName } from "./wrapper-free-name.ts";

/** What a fused matrix holds, one below the other (rows of an `nn.Linear`, [out, in]). */
const FUSED: Record<string, readonly string[]> = {
  "attn.qkv": ["attn.q", "attn.k", "attn.v"],
  "ffn.gate_up": ["ffn.gate", "ffn.up"],
  // ChatGLM's gated `dense_h_to_4h`: a matrix that is twice as long as the other side's `up` is both.
  "ffn.up": ["ffn.gate", "ffn.up"],
  "moe.shared.gate_up": ["moe.shared.gate", "moe.shared.up"],
};

/** What one entry of a stack of experts holds, [experts, out, in]. */
const STACKED: Record<string, readonly string[]> = {
  "moe.expert.gate_up": ["moe.expert.gate", "moe.expert.up"],
  "moe.expert.gate": ["moe.expert.gate"],
  "moe.expert.up": ["moe.expert.up"],
  "moe.expert.down": ["moe.expert.down"],
};

/**
 * Words of layouts in which the rows of q, k and v alternate by head (GPT-NeoX, BLOOM, Falcon, InternLM 2; of ChatGLM some).
 * Taken for thirds they would give wrong numbers: they are only taken apart where `config.json` says how.
 */
const INTERLEAVED = /(?:^|\.)(?:query_key_value|wqkv)(?:\.|$)/;

export const isInterleaved = (name: string): boolean => INTERLEAVED.test(name);

interface Layer {
  byRole: Map<string, Placed>;
  experts: Map<number, Map<string, Placed>>;
}

const withoutBias = (role: string): string => role.replace(/\.bias$/, "");
/** ChatGLM calls its only stack an encoder. */
const stackOf = (stack: string): string => (stack === "transformer.encoder.layers" ? "layers" : stack);
const layerKey = ({ place }: Placed): string => `${wrapperFreeName(`${stackOf(place.stack)}.`)}${place.layer}`;

function layersOf(side: readonly Placed[]): Map<string, Layer> {
  const layers = new Map<string, Layer>();
  for (const placed of side) {
    const key = layerKey(placed);
    const layer: Layer = layers.get(key) ?? { byRole: new Map(), experts: new Map() };
    layers.set(key, layer);
    const { role, expert } = placed.place;
    if (expert === undefined) layer.byRole.set(role, placed);
    else layer.experts.set(expert, (layer.experts.get(expert) ?? new Map<string, Placed>()).set(role, placed));
  }
  return layers;
}

/** The parts of `fused` that stand in `parts`, one after the other; null where their rows do not add up to it. */
function cut(fused: View, parts: readonly (Placed | undefined)[], at?: number): [part: View, own: Placed][] | null {
  const turned = fused.inputMajor ? transposed(at === undefined ? fused : partOf(fused, { at })) : null;
  const [source, entry] = turned ? [turned, undefined] : [fused, at];
  const length = source.shape[entry === undefined ? 0 : 1] ?? 0;
  let row = 0;
  const found: [View, Placed][] = [];
  for (const own of parts) {
    if (!own) return null;
    const end = row + (own.view.shape[0] ?? 0);
    if (end > length) return null;
    const whole = row === 0 && end === length;
    const part = partOf(source, {
      ...(entry === undefined ? {} : { at: entry }),
      ...(whole ? {} : { rows: [row, end] as const }),
    });
    if (!sameShape(part, own.view) || !fitsMemory(part, own.view)) return null;
    found.push([part, own]);
    row = end;
  }
  return row === length ? found : null;
}

/** The parts of `fused` of which each is made by `take`; null where one is missing or has another shape. */
function pick(
  parts: readonly (Placed | undefined)[],
  take: (index: number) => View | null,
): [part: View, own: Placed][] | null {
  const found = parts.map((own, index): [View, Placed] | null => {
    const part = own ? take(index) : null;
    return own && part && sameShape(part, own.view) && fitsMemory(part, own.view) ? [part, own] : null;
  });
  return found.every((each) => each !== null) ? found.flatMap((each) => (each ? [each] : [])) : null;
}

/** q, k and v out of rows that alternate by head. */
function byHead(view: View, parts: readonly (Placed | undefined)[], { groups, queries, size }: HeadLayout) {
  if (groups === 1) return cut(view, parts);
  const of = (queries + 2) * size;
  const places = [
    { of, from: 0, size: queries * size },
    { of, from: queries * size, size },
    { of, from: (queries + 1) * size, size },
  ];
  return view.shape[0] === groups * of ? pick(parts, (index) => rowsOfGroups(view, places[index])) : null;
}

/**
 * A fused matrix and its parts, where either does not tell its shape (bitsandbytes): rows are as long on both sides, which
 * the other side says.
 */
function shaped(
  fused: View,
  parts: readonly (Placed | undefined)[] | undefined,
): { view: View; parts: readonly (Placed | undefined)[] | undefined } {
  const told = (fused.unshaped ? parts?.find((part) => part && !part.view.unshaped)?.view : fused)?.shape[1];
  if (told === undefined) return { view: fused, parts };
  const inRows = (view: View): View => {
    const { unshaped, ...rest } = view;
    return unshaped && view.count % told === 0 ? { ...rest, shape: [view.count / told, told] } : view;
  };
  return { view: inRows(fused), parts: parts?.map((part) => part && { ...part, view: inRows(part.view) }) };
}

function partsOf(fused: Placed, layer: Layer, heads: HeadLayout | null): [part: View, own: Placed][] | null {
  const { place } = fused;
  const suffix = place.role.endsWith(".bias") ? ".bias" : "";
  const role = withoutBias(place.role);
  const { view, parts } = shaped(
    fused.view,
    FUSED[role]?.map((each) => layer.byRole.get(each + suffix)),
  );
  if (isInterleaved(view.name)) return parts && heads ? byHead(view, parts, heads) : null;
  if (parts) return cut(view, parts);
  const perExpert = STACKED[role];
  if (!perExpert || place.expert !== undefined) return null;
  const all: [View, Placed][] = [];
  for (let expert = 0; expert < (view.shape[0] ?? 0); expert++) {
    const roles = layer.experts.get(expert);
    const own = perExpert.map((each) => roles?.get(each + suffix));
    const found = view.alternating ? alternating(view, own, expert) : cut(view, own, expert);
    if (!found) return null;
    all.push(...found);
  }
  return all;
}

/** gate and up of one expert out of outputs that are the one and the other by turns. */
function alternating(view: View, parts: readonly (Placed | undefined)[], at: number) {
  const entry = partOf(view, { at });
  const outputs = view.inputMajor ? transposed(entry) : entry;
  return outputs && pick(parts, (index) => everySecondRow(outputs, index === 0 ? 0 : 1));
}

/**
 * Matches fused and stacked tensors of one side with the separate ones of the other: qkv, gate and up, stacks of experts.
 * Layers are matched by their stack and number, tensors by role; all parts must be there and their rows add up. The pair
 * stands where its separate half stands.
 */
export function matchFused(
  a: readonly Placed[],
  b: readonly Placed[],
  heads: Record<"a" | "b", HeadLayout | null>,
): Match[] {
  const matches: Match[] = [];
  const from = (fusedSide: "a" | "b", own: readonly Placed[], others: Map<string, Layer>) => {
    for (const fused of own) {
      const layer = others.get(layerKey(fused));
      for (const [part, separate] of (layer && partsOf(fused, layer, heads[fusedSide])) ?? []) {
        const names = { a: separate.view.name, b: separate.view.name, [fusedSide]: fused.view.name };
        const views = { a: separate.view, b: separate.view, [fusedSide]: part };
        matches.push({ name: views.a.name, a: views.a, b: views.b, place: separate.place, from: names, surplus: [] });
      }
    }
  };
  from("a", a, layersOf(b));
  from("b", b, layersOf(a));
  return matches;
}
