/** A colour in OKLab: lightness 0 to 1, and the green–red and blue–yellow axes. Equal distances look about equal. */
export type Oklab = readonly [l: number, a: number, b: number];

/** Three channels, each 0 to 255; fractions allowed. */
export type Rgb = readonly [r: number, g: number, b: number];

const decode = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const encode = (c: number) => (c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055);

/**
 * sRGB to OKLab.
 * Source: Björn Ottosson, "A perceptual color space for image processing" (2020), and the matrices printed there.
 */
export function toOklab([red, green, blue]: Rgb): Oklab {
  const r = decode(red / 255);
  const g = decode(green / 255);
  const b = decode(blue / 255);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** OKLab to sRGB, each channel clipped to what a screen can show. */
export function toRgb([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const show = (c: number) => 255 * Math.min(1, Math.max(0, encode(c)));
  return [
    show(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    show(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    show(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** `#rrggbb` to its channels. */
export function parseHex(hex: string): Rgb {
  const n = Number.parseInt(hex.slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

/** Channels to `#rrggbb`. */
export function formatHex(rgb: Rgb): string {
  return `#${rgb.map((c) => Math.round(c).toString(16).padStart(2, "0")).join("")}`;
}

/** How different two colours look: the distance in OKLab. About 0.02 is just visible. */
export function difference(p: Oklab, q: Oklab): number {
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

/** Relative luminance, 0 to 1. Source: WCAG 2.2, "relative luminance". */
export function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * decode(red / 255) + 0.7152 * decode(green / 255) + 0.0722 * decode(blue / 255);
}
