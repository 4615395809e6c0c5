import type { Finding, KindId } from "../../statistics/explain.ts";
import {
  formatFactor,
  formatFraction,
  formatNumber,
  formatPercent,
  formatSigned,
  listText,
  rangeText,
} from "../../statistics/format-number.ts";
import { type RescaleFinding, ROUNDING } from "../../statistics/kinds/rescale.ts";

/** What `explain` found in one layer of a module; null where not all of its weights were read, so that nothing is said. */
export interface LayerFindings {
  layer: number;
  findings: readonly Finding[] | null;
}

/** One kind of change over the layers of a module. */
export interface ModuleFinding {
  /** "none": read, and of no kind that says something of the change. */
  kind: KindId | "none";
  /** The layers it was found in, ascending. */
  layers: number[];
  /** Layers that were read in full. */
  of: number;
  /** A whole sentence that names the module, its layers, and the least and greatest of the numbers behind it. */
  sentence: string;
}

type NumbersOf = { [Kind in KindId]: Extract<Finding, { kind: Kind }>["numbers"] };

/** What a kind is called, and what the numbers of all its findings say. */
interface Wording<Kind extends KindId> {
  what: string;
  say(found: readonly NumbersOf[Kind][]): string;
}

const percents = (shares: readonly number[]): string => rangeText(shares, formatPercent, " %");
const most = (values: readonly number[]): number => values.reduce((high, value) => Math.max(high, value));

function rescaleWords(found: readonly RescaleFinding["numbers"][]): string {
  const factors = rangeText(
    found.map(({ k }) => k),
    formatFactor,
  );
  const shares = percents(found.map(({ share }) => share));
  const nothing = found.every(({ k, residual }) => residual <= ROUNDING * Math.hypot(k - 1, residual));
  const residuals = rangeText(
    found.map(({ residual }) => residual),
    formatNumber,
  );
  const modes = found.flatMap(({ mode }) => (mode === null ? [] : [mode]));
  const layers = modes.length === found.length ? "" : ` in ${modes.length} of them`;
  return (
    `${factors.includes(" to ") ? "k from" : "k ="} ${factors}, which explains ${shares} of ‖Δ‖² and leaves ` +
    (nothing ? "nothing measurable" : `${residuals} of ‖A‖`) +
    (modes.length === 0 ? "" : `; over a the changes have one mode${layers}, near ${rangeText(modes, formatSigned)}`)
  );
}

/** What says most comes first, as in `explain`. */
const WORDINGS: { [Kind in KindId]: Wording<Kind> } = {
  identical: { what: "identical", say: () => "every value is the same in A and B" },
  replaced: {
    what: "replaced rather than adjusted",
    say(found) {
      const cosines = found.map(({ cosine }) => cosine);
      return `the cosine between A and B is ${rangeText(cosines, formatSigned)}`;
    },
  },
  rescale: { what: "a rescale", say: rescaleWords },
  "sign-like": {
    what: "sign-like steps",
    say(found) {
      const modes = found.map(({ mode }) => mode);
      const kept = percents(found.map(({ energy }) => energy));
      return `two modes over a as over |a|, near ±${rangeText(modes, formatNumber)}, and steps of one size keep ${kept} of ‖Δ‖²`;
    },
  },
  mixture: {
    what: "groups of weights that moved differently",
    say(found) {
      const modes = found.map(({ modes }) => modes.length);
      const valleys = percents(found.map(({ valley }) => valley));
      return `${rangeText(modes, String)} modes over a, with valleys ${valleys} deep between them`;
    },
  },
  sparse: {
    what: "a sparse update",
    say: (found) =>
      `${percents(found.map(({ unchanged }) => unchanged))} of the weights are exactly the same in A and B`,
  },
  "format-limited": {
    what: "changes at the limit of the storage format",
    say(found) {
      const sizes = found.map(({ size }) => size);
      return `${percents(found.map(({ within }) => within))} of them are below ${rangeText(sizes, formatFraction)} of their weight`;
    },
  },
  "noise-like": {
    what: "noise-like",
    say: (found) =>
      `one mode at zero, at most ${formatPercent(most(found.map(({ share }) => share)))} of ‖Δ‖² along A, and within ` +
      `${formatPercent(most(found.map(({ distance }) => distance)))} of two independent Gaussians at every size`,
  },
  "clip-artefact": {
    what: "clipping would make a hump at ±1",
    say: (found) =>
      `${percents(found.map(({ beyond }) => beyond))} of the weights changed by about their own size or more`,
  },
};

const KINDS = Object.keys(WORDINGS) as KindId[];

/** `0–3, 5 and 7` of rising whole numbers. */
function layersText(layers: readonly number[]): string {
  const runs: [from: number, to: number][] = [];
  for (const layer of layers) {
    const last = runs.at(-1);
    if (last && layer === last[1] + 1) last[1] = layer;
    else runs.push([layer, layer]);
  }
  const words = runs.flatMap(([from, to]) => (to - from < 2 ? [...new Set([`${from}`, `${to}`])] : [`${from}–${to}`]));
  return listText(words);
}

/** "in 8 of 8 layers", which ones where it is not all of them. */
function where(layers: readonly number[], read: number, all: number): string {
  const unread = read < all ? ` read, of ${all} in all` : "";
  const which = layers.length === read ? "" : ` (${layers.length === 1 ? "layer" : "layers"} ${layersText(layers)})`;
  return `in ${layers.length} of ${read} ${read === 1 && unread === "" ? "layer" : "layers"}${unread}${which}`;
}

function sentenceOf<Kind extends KindId>(
  kind: Kind,
  module: string,
  findings: readonly Finding[],
  place: string,
): string {
  const { what, say }: Wording<Kind> = WORDINGS[kind];
  const numbers = findings.filter((one) => one.kind === kind).map((one) => one.numbers as NumbersOf[Kind]);
  return `${module}: ${what} ${place}, ${say(numbers)}.`;
}

/**
 * The findings of one module's layers as one sentence a kind, the most telling kind first. Only layers read in full are
 * spoken of, and each sentence says how many these are. Empty where none was read.
 */
export function findingsOfModule(module: string, layers: readonly LayerFindings[]): ModuleFinding[] {
  const read = layers
    .flatMap(({ layer, findings }) => (findings === null ? [] : [{ layer, findings }]))
    .sort((x, y) => x.layer - y.layer);
  const of = read.length;
  const found = KINDS.flatMap((kind): ModuleFinding[] => {
    const having = read.filter(({ findings }) => findings.some((one) => one.kind === kind));
    if (having.length === 0) return [];
    const at = having.map(({ layer }) => layer);
    const all = having.flatMap(({ findings }) => findings);
    return [{ kind, layers: at, of, sentence: sentenceOf(kind, module, all, where(at, of, layers.length)) }];
  });
  // A warning of a way to draw says nothing of the change.
  const none = read.filter(({ findings }) => findings.every(({ kind }) => kind === "clip-artefact"));
  if (none.length > 0) {
    const at = none.map(({ layer }) => layer);
    const place = where(at, of, layers.length);
    const sentence = `${module}: none of the kinds of change that are looked for fits ${place}.`;
    found.push({ kind: "none", layers: at, of, sentence });
  }
  return found;
}

/** Kinds that say what happened to a module, rather than how it was stored or drawn. */
const TELLING: readonly (KindId | "none")[] = ["replaced", "rescale", "sign-like", "mixture", "sparse"];

/**
 * The key of the module whose distribution says most: one of which at least half of the layers read show a telling kind,
 * the first such kind deciding, then the larger mean; else the one with the largest mean. Null where nothing was read.
 */
export function mostTelling(
  modules: readonly { key: string; findings: readonly ModuleFinding[]; mean: number | null }[],
): string | null {
  const rank = (findings: readonly ModuleFinding[]): number => {
    const common = findings.filter(({ layers, of }) => 2 * layers.length >= of);
    const ranks = common.map(({ kind }) => TELLING.indexOf(kind)).filter((at) => at >= 0);
    return Math.min(TELLING.length, ...ranks);
  };
  const known = modules.flatMap(({ key, findings, mean }) =>
    mean === null ? [] : [{ key, mean, rank: rank(findings) }],
  );
  return known.sort((x, y) => x.rank - y.rank || y.mean - x.mean)[0]?.key ?? null;
}
