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
