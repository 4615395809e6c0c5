import { binCount, type Histogram } from "../bin-axis.ts";
import { type DistributionOptions, drawDistribution } from "../distribution.ts";
import type { DistributionOverlays } from "../distribution-overlays.ts";
import { drawThumbnail } from "../distribution-thumbnail.ts";
import { drawRidgeline, type RidgelineData, type RidgelineOptions } from "../ridgeline.ts";
import type { GalleryCase } from "./gallery-case.ts";
import { seeded } from "./seeded.ts";

const draws = 40_000;

/** Relative changes of made-up weights: a rescale by k with noise, over |a| or over a. */
function rescale(k: number, noise: number, over: "|a|" | "a", seed: number): () => number {
  const normal = seeded(seed);
  return () => {
    const a = normal();
    return ((k - 1) * a + noise * normal()) / (over === "a" ? a : Math.abs(a));
  };
}

function histogram(draw: () => number, count = draws): Histogram {
  const bins = new Float64Array(binCount);
  const made = { bins, below: 0, above: 0, total: count };
  for (let i = 0; i < count; i++) {
    const bin = Math.round(draw() * 128) + 128;
    if (bin < 0) made.below++;
    else if (bin >= binCount) made.above++;
    else bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return made;
}

const none: Histogram = { bins: new Float64Array(binCount), below: 0, above: 0, total: 0 };

/** Most weights did not move at all. */
function spiked(seed: number): Histogram {
  const made = histogram(rescale(1, 0.02, "|a|", seed), draws / 4);
  made.bins[128] = (made.bins[128] ?? 0) + 25 * draws;
  return { ...made, total: made.total + 25 * draws };
}

/** Nearly everything lies beyond ±1. */
const heavy = histogram(rescale(1, 6, "|a|", 5));

const ridges = (layers: number[], make: (layer: number, i: number) => Histogram): RidgelineData => ({
  ridges: layers.map((layer, i) => ({ key: `o_proj/${layer}`, label: `${layer}`, ...make(layer, i) })),
});

const every3 = [0, 3, 6, 9, 12, 15, 18, 21, 24, 27];

function ridgeline(
  name: string,
  note: string,
  data: RidgelineData,
  change: Partial<RidgelineOptions> = {},
): GalleryCase {
  return {
    name,
    note,
    draw: (root, width) =>
      drawRidgeline(root, data, {
        width: Math.min(width, 412),
        height: 300,
        log: false,
        selected: null,
        showBeyond: false,
        xTitle: "Δ / |a|",
        normalise: "own",
        onSelect: () => {},
        ...change,
      }),
  };
}

function distribution(
  name: string,
  note: string,
  data: Histogram,
  change: Partial<DistributionOptions> = {},
  most = 332,
): GalleryCase {
  return {
    name,
    note,
    draw: (root, width) =>
      drawDistribution(root, data, {
        width: Math.min(width, most),
        height: 180,
        log: false,
        showBeyond: true,
        xTitle: "Δ / |a|",
        yTitle: "weights per bin",
        format: (count) => count.toLocaleString("en").replaceAll(",", "\u202f"),
        onHover: () => {},
        ...change,
      }),
  };
}

const humps = histogram(rescale(1.36, 0.06, "|a|", 2), 4 * draws);

/** What the ratio of two independent Gaussians would give, a Cauchy distribution of this scale. */
function cauchy(scale: number, count: number): NonNullable<DistributionOverlays["model"]> {
  const upTo = (t: number) => count * (0.5 + Math.atan(t / scale) / Math.PI);
  const bins = Float64Array.from(
    { length: binCount },
    (_, bin) => upTo((bin - 127.5) / 128) - upTo((bin - 128.5) / 128),
  );
  const tail = count - upTo(128.5 / 128);
  return { name: "independent noise of the same size", bins, below: tail, above: tail };
}

const explained: DistributionOverlays = {
  model: cauchy(0.36, 4 * draws),
  modes: {
    name: "modes at ±0.36",
    marks: [
      { at: -0.36, text: "−0.36" },
      { at: 0.36, text: "+0.36" },
    ],
  },
  band: { name: "no BF16 change is below 1/256", to: 1 / 256 },
};

/** Two modes too near to each other for both their places, one at the edge, and a band as wide as that of an 8-bit format. */
const crowded: DistributionOverlays = {
  model: cauchy(0.02, 8 * draws),
  modes: {
    name: "modes at −0.02, 0 and +0.97",
    marks: [
      { at: -0.02, text: "−0.02" },
      { at: 0, text: "0" },
      { at: 0.97, text: "+0.97" },
    ],
  },
  band: { name: "no F8_E4M3 change is below 1/16", to: 1 / 16 },
};

const thumbnail = (name: string, note: string, bins: Float64Array, smoothed: Float64Array | null): GalleryCase => ({
  name,
  note,
  draw: (root) => drawThumbnail(root, { bins, smoothed }, { width: 158, height: 70 }),
});

const averaged = (bins: Float64Array): Float64Array =>
  bins.map((_, bin) => bins.subarray(Math.max(0, bin - 2), bin + 3).reduce((sum, count) => sum + count, 0) / 5);

export const histogramCases: GalleryCase[] = [
  ridgeline(
    "ridgeline, over |a|",
    "two humps; layer 12 selected",
    ridges(every3, (l) => histogram(rescale(1.36, 0.06, "|a|", l))),
    {
      selected: "o_proj/12",
    },
  ),
  ridgeline(
    "ridgeline, over a",
    "the same weights, one hump",
    ridges(every3, (l) => histogram(rescale(1.36, 0.06, "a", l))),
    {
      selected: "o_proj/12",
      xTitle: "Δ / a",
    },
  ),
  ridgeline(
    "ridgeline, bars beyond",
    "what lies outside stands apart",
    ridges(every3, (l, i) => histogram(rescale(1.1, 0.1 + i / 20, "|a|", l))),
    {
      showBeyond: true,
    },
  ),
  ridgeline(
    "ridgeline, while scanning",
    "layers that are not read yet are flat",
    ridges(every3, (l, i) => (i % 3 === 1 ? none : histogram(rescale(1.2, 0.1, "|a|", l)))),
    {
      showBeyond: true,
    },
  ),
  ridgeline(
    "ridgeline, one layer",
    "",
    ridges([0], () => histogram(rescale(1.36, 0.1, "|a|", 1))),
  ),
  ridgeline("ridgeline, zero spike", "most weights unchanged", ridges([0, 4, 8], spiked)),
  ridgeline("ridgeline, zero spike, log", "the same with logarithmic heights", ridges([0, 4, 8], spiked), {
    log: true,
  }),
  ridgeline(
    "ridgeline, heavy tails",
    "bars beyond cut off",
    ridges([0, 1, 2, 3], () => heavy),
    { showBeyond: true },
  ),
  ridgeline(
    "ridgeline, shared heights",
    "layers compare",
    ridges([0, 1, 2, 3, 4], (l, i) => histogram(rescale(1, 0.05 + i / 12, "|a|", l))),
    {
      normalise: "shared",
    },
  ),
  ridgeline(
    "ridgeline, 126 layers",
    "labels thin out",
    ridges([...Array(126).keys()], (l) => histogram(rescale(1.36, 0.06 + l / 900, "|a|", l), 6000)),
    {
      height: 560,
      selected: "o_proj/64",
    },
  ),
  ridgeline("ridgeline, empty", "", { ridges: [] }),
  distribution("distribution, two humps", "the inspector's size", humps, { height: 170, showBeyond: false }),
  distribution("distribution, two humps, log", "", humps, { log: true }),
  distribution(
    "distribution, large",
    "over a",
    histogram(rescale(1.36, 0.12, "a", 9), 4 * draws),
    { height: 300, xTitle: "Δ / a" },
    852,
  ),
  distribution("distribution, very wide", "bins stand apart where there is room", humps, { height: 260 }, 1232),
  distribution("distribution, zero spike", "", spiked(3)),
  distribution("distribution, zero spike, log", "", spiked(3), { log: true }),
  distribution("distribution, heavy tails", "bars beyond cut off, their shares printed", heavy),
  distribution("distribution, all beyond", "nothing between −1 and +1", { ...none, below: 120, above: 80, total: 200 }),
  distribution("distribution, all taken out", "elements, but none to draw", { ...none, total: 4096 }),
  distribution("distribution, empty", "", none),
  distribution("distribution, explained", "with model, modes and band", humps, { overlays: explained }),
  distribution("distribution, explained, log", "", humps, { overlays: explained, log: true, showBeyond: false }),
  distribution(
    "distribution, explained, crowded",
    "places that run into each other are in the legend; the model leaves at the top",
    histogram(rescale(1, 0.1, "|a|", 7)),
    { overlays: crowded },
  ),
  distribution("distribution, explained, empty", "", none, { overlays: explained }),
  thumbnail("thumbnail, two humps", "bars and the smoothed curve", humps.bins, averaged(humps.bins)),
  thumbnail(
    "thumbnail, piled up",
    "the ends are cut off, so that the humps are seen",
    humps.bins.map((count, bin) => (bin % (binCount - 1) === 0 ? 9 * draws : count)),
    null,
  ),
  thumbnail("thumbnail, no curve", "", humps.bins, null),
  thumbnail("thumbnail, empty", "", none.bins, none.bins),
  distribution("distribution, not finite", "counts that are no counts are none", {
    bins: new Float64Array(binCount).fill(Number.NaN, 0, 100).fill(3, 100, 130),
    below: Number.NaN,
    above: Number.POSITIVE_INFINITY,
    total: 90,
  }),
];
