import { interpolateBasis, interpolateNumber } from "d3-interpolate";
import { difference, formatHex, luminance, type Oklab, parseHex, toOklab, toRgb } from "./oklab.ts";

export type Theme = "light" | "dark";

/** `house` is this page's own ramp. `ylgnbu` is the paper's (ColorBrewer YlGnBu, 9 classes), turned round for dark. */
export type RampName = "house" | "ylgnbu";

export interface ColorScale {
  /** The colour of a value, `#rrggbb`. Values beyond the domain get its end; what is not finite gets the empty end. */
  (value: number): string;
  /** What the legend shows: low end, high end. */
  readonly domain: readonly [number, number];
  /** `count` ≥ 2 stops over the domain for a legend's gradient, offsets 0 to 1. */
  stops(count: number): { offset: number; color: string }[];
  /** The ink that reads on the value's colour: white or black, at least 4.5:1. */
  ink(value: number): "white" | "black";
  /** True where the colour is so near the page's background that lines in the background's colour vanish on it. */
  faint(value: number): boolean;
}

/** A ramp: 0 (near the page's background) to 1 (strong), in equal steps of OKLab distance. */
type Ramp = readonly Oklab[];

const steps = 256;

const knots = {
  house: {
    light: ["#f4f1e6", "#c3e2c8", "#62bab3", "#227aa5", "#1e2d68"],
    dark: ["#1c2430", "#1d4e6b", "#178a8f", "#6cc48e", "#f2f0b0"],
  },
  ylgnbu: {
    light: ["#ffffd9", "#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#253494", "#081d58"],
    dark: ["#081d58", "#253494", "#225ea8", "#1d91c0", "#41b6c4", "#7fcdbb", "#c7e9b4", "#edf8b1", "#ffffd9"],
  },
  // Violet and green stay apart for every common kind of colour blindness, and leave the warm colour to the selection.
  below: {
    light: ["#f1f0ea", "#cdc8ee", "#9287d0", "#43308a"],
    dark: ["#23272d", "#463c7a", "#8177cf", "#d3caff"],
  },
  above: {
    light: ["#f1f0ea", "#b3dcc4", "#4fa787", "#035a42"],
    dark: ["#23272d", "#17573f", "#3aa07a", "#a6eec6"],
  },
} as const;

const ramps = new Map<string, Ramp>();

/** Built on first use: most pages see one theme and one or two ramps. */
function ramp(name: keyof typeof knots, theme: Theme): Ramp {
  const key = `${name} ${theme}`;
  const made = ramps.get(key) ?? uniform(knots[name][theme].map((hex) => toOklab(parseHex(hex))));
  ramps.set(key, made);
  return made;
}

/** A smooth curve near the knots, cut into equal lengths, so that equal steps of value look equal. */
function uniform(through: readonly Oklab[]): Ramp {
  const channel = (c: 0 | 1 | 2) => interpolateBasis(through.map((knot) => knot[c]));
  const [l, a, b] = [channel(0), channel(1), channel(2)];
  const fine = steps * 8;
  const curve = Array.from({ length: fine + 1 }, (_, i): Oklab => [l(i / fine), a(i / fine), b(i / fine)]);
  const along = [0];
  for (let i = 1; i <= fine; i++) {
    along.push((along[i - 1] as number) + difference(curve[i - 1] as Oklab, curve[i] as Oklab));
  }
  const total = along[fine] as number;
  let at = 0;
  return Array.from({ length: steps + 1 }, (_, step) => {
    while (at < fine && (along[at] as number) < (total * step) / steps) at++;
    return curve[at] as Oklab;
  });
}

function pick(from: Ramp, share: number): Oklab {
  const at = Math.min(1, Math.max(0, share)) * steps;
  const low = from[Math.floor(at)] as Oklab;
  const high = from[Math.ceil(at)] as Oklab;
  const mix = at % 1;
  const channel = (c: 0 | 1 | 2) => interpolateNumber(low[c], high[c])(mix);
  return [channel(0), channel(1), channel(2)];
}

/** Lightness of the page's background, --bg of components/style/tokens.css. */
const page = { light: 0.985, dark: 0.19 };

function build(domain: readonly [number, number], theme: Theme, colour: (value: number) => Oklab): ColorScale {
  const [low, high] = domain;
  const scale = (value: number) => formatHex(toRgb(colour(value)));
  return Object.assign(scale, {
    domain,
    stops: (count: number) =>
      Array.from({ length: count }, (_, i) => {
        const offset = i / (count - 1);
        return { offset, color: scale(low + (high - low) * offset) };
      }),
    // At this luminance, black and white have the same contrast (WCAG 2.2), 4.58:1.
    ink: (value: number) => (luminance(toRgb(colour(value))) < 0.179 ? "white" : "black"),
    faint: (value: number) => Math.abs(colour(value)[0] - page[theme]) < 0.2,
  });
}

/**
 * Background to strong over the domain [low, high]. A domain without extent, or one that is not finite, colours
 * everything as its low end: there is nothing to tell apart.
 */
export function sequential(domain: readonly [number, number], theme: Theme, name: RampName = "house"): ColorScale {
  const colours = ramp(name, theme);
  const [low, high] = domain;
  const extent = high - low;
  const usable = Number.isFinite(extent) && extent > 0;
  return build(domain, theme, (value) => pick(colours, usable && !Number.isNaN(value) ? (value - low) / extent : 0));
}

/**
 * Empty at `centre`, violet below, green above. Equal distances from the centre are equally strong on both sides: the
 * farther end of the domain is full strength, the nearer one is as strong as it is far.
 */
export function diverging(domain: readonly [number, number], centre: number, theme: Theme): ColorScale {
  const below = ramp("below", theme);
  const above = ramp("above", theme);
  const reach = Math.max(Math.abs(domain[0] - centre), Math.abs(domain[1] - centre));
  const usable = Number.isFinite(reach) && reach > 0;
  return build(domain, theme, (value) => {
    const away = usable && !Number.isNaN(value) ? (value - centre) / reach : 0;
    return pick(away < 0 ? below : above, Math.abs(away));
  });
}
