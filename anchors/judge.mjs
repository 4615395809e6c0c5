import { QUANTITIES } from "./quantities.mjs";

/** A published 0.01562 may stand for 0.015625: ties, and the last bit of a decimal number, are nobody's disagreement. */
const SLACK = 1 + 1e-6;

/**
 * The tensors that an anchor is about: `*` is all of them, `model.layers.12.*` those whose names begin so, and anything
 * else is a whole name or its end from a dot on, so that `mlp.up_proj.weight` is one tensor of every layer.
 *
 * @param {readonly import("./quantities.mjs").ScannedTensor[]} tensors
 * @param {string} pattern
 */
export function tensorsOf(tensors, pattern) {
  if (pattern.endsWith("*")) return tensors.filter(({ name }) => name.startsWith(pattern.slice(0, -1)));
  return tensors.filter(({ name }) => name === pattern || name.endsWith(`.${pattern}`));
}

/**
 * @typedef {{ anchor: import("./read-anchors.mjs").Anchor, measured: number, difference: number, agrees: boolean, note: string }} Judgement
 */

/**
 * Holds one figure against what was scanned: it agrees where the measured number lies within the precision of the
 * published one and was made from as many tensors. Where it cannot be measured, `measured` is NaN and `note` says why.
 *
 * @param {import("./read-anchors.mjs").Anchor} anchor
 * @param {readonly import("./quantities.mjs").ScannedTensor[]} tensors all of a pair of models
 * @returns {Judgement}
 */
export function judge(anchor, tensors) {
  const meant = tensorsOf(tensors, anchor.tensors);
  const measured = meant.length > 0 ? QUANTITIES[anchor.quantity].of(meant) : Number.NaN;
  const difference = measured - Number(anchor.published);
  const isOther = anchor.layers !== undefined && anchor.layers !== meant.length;
  let note = "";
  if (meant.length === 0) note = "no such tensor in both models";
  else if (!Number.isFinite(measured)) note = "does not exist here";
  else if (isOther) note = `${meant.length} tensors, not ${anchor.layers}`;
  return {
    anchor,
    measured,
    difference,
    agrees: note === "" && Math.abs(difference) <= anchor.tolerance * SLACK,
    note,
  };
}
