import { partOf } from "../tensors/part-of.ts";
import type { View } from "../tensors/view.ts";
import { type Match, type Placed, sameShape } from "./match.ts";
import { wrapperFreeName } from "./wrapper-free-name.ts";

/** What a fused matrix holds, one below the other (rows of an `nn.Linear`, [out, in]). */
const FUSED: Record<string, readonly string[]> = {
  "attn.qkv": ["attn.q", "attn.k", "attn.v"],
  "ffn.gate_up": ["ffn.gate", "ffn.up"],
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
 * Words of layouts in which the rows of q, k and v alternate by head (GPT-NeoX, BLOOM, Falcon, ChatGLM, InternLM 2). Taken for
 * thirds they would give wrong numbers, so they are left alone.
 */
const INTERLEAVED = /(?:^|\.)(?:query_key_value|wqkv)(?:\.|$)/;

export const isInterleaved = (name: string): boolean => INTERLEAVED.test(name);

interface Layer {
  byRole: Map<string, Placed>;
  experts: Map<number, Map<string, Placed>>;
}

const withoutBias = (role: string): string => role.replace(/\.bias$/, "");
const layerKey = ({ place }: Placed): string => `${wrapperFreeName(`${place.stack}.`)}${place.layer}`;

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
  let row = 0;
  const found: [View, Placed][] = [];
  const length = fused.shape[at === undefined ? 0 : 1] ?? 0;
  for (const own of parts) {
    if (!own) return null;
    const end = row + (own.view.shape[0] ?? 0);
    if (end > length) return null;
    const whole = row === 0 && end === length;
    const part = partOf(fused, {
      ...(at === undefined ? {} : { at }),
      ...(whole ? {} : { rows: [row, end] as const }),
    });
    if (!sameShape(part, own.view)) return null;
    found.push([part, own]);
    row = end;
  }
  return row === length ? found : null;
}

function partsOf(fused: Placed, layer: Layer): [part: View, own: Placed][] | null {
  const { view, place } = fused;
  const suffix = place.role.endsWith(".bias") ? ".bias" : "";
  const role = withoutBias(place.role);
  if (isInterleaved(view.name)) return null;
  const parts = FUSED[role];
  if (parts)
    return cut(
      view,
      parts.map((each) => layer.byRole.get(each + suffix)),
    );
  const perExpert = STACKED[role];
  if (!perExpert || place.expert !== undefined) return null;
  const all: [View, Placed][] = [];
  for (let expert = 0; expert < (view.shape[0] ?? 0); expert++) {
    const own = layer.experts.get(expert);
    const found =
      own &&
      cut(
        view,
        perExpert.map((each) => own.get(each + suffix)),
        expert,
      );
    if (!found) return null;
    all.push(...found);
  }
  return all;
}

/**
 * Matches fused and stacked tensors of one side with the separate ones of the other: qkv, gate and up, stacks of experts.
 * Layers are matched by their stack and number, tensors by role; all parts must be there and their rows add up. The pair
 * stands where its separate half stands.
 */
export function matchFused(a: readonly Placed[], b: readonly Placed[]): Match[] {
  const matches: Match[] = [];
  const from = (fusedSide: "a" | "b", own: readonly Placed[], others: Map<string, Layer>) => {
    for (const fused of own) {
      const layer = others.get(layerKey(fused));
      for (const [part, separate] of (layer && partsOf(fused, layer)) ?? []) {
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
