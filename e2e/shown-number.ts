/** A number as the page writes it, and how much the true one may differ from it: half of its last digit. */
export interface ShownNumber {
  value: number;
  room: number;
}

/** Reads `0.0288`, `−1.2e−7`, `24.5 %`, `1 024` (thin spaces between thousands). Throws where the text holds no number. */
export function shownNumber(text: string): ShownNumber {
  const plain = text.replaceAll("−", "-").replaceAll("\u2009", "").trim();
  const [, digits, exponent = "0", percent] = /^([+-]?\d+(?:\.\d+)?)(?:e(-?\d+))?( %)?/.exec(plain) ?? [];
  if (digits === undefined) throw new Error(`"${text}" is not a number.`);
  const decimals = digits.split(".")[1]?.length ?? 0;
  const scale = 10 ** Number(exponent) * (percent ? 0.01 : 1);
  return { value: Number(digits) * scale, room: 0.5 * 10 ** -decimals * scale * (1 + 1e-6) };
}

const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

/** Reads `1.44 MB`, units of 1000. Throws where the text holds no size. */
export function shownBytes(text: string): ShownNumber {
  const factor = UNITS[/ ([kMG]?B)$/.exec(text.trim())?.[1] ?? ""];
  if (factor === undefined) throw new Error(`"${text}" is not a size.`);
  const { value, room } = shownNumber(text);
  return { value: value * factor, room: room * factor };
}
