// Advance widths of Inter in hundredths of an em. Measured in the font and not in the document, so that a layout is a
// pure function and the same before and after the font has loaded.
const hundredths: Record<string, number> = {};
for (const [width, characters] of [
  [25, "ijlI"],
  [29, " .,:;!'|·"],
  [35, "frt()[]/\\"],
  [46, '-"_*^‖'],
  [55, "ksvxyzcaJe?L"],
  [61, "bdghnopquFETPZBKRS$#"],
  [65, "0123456789+−=<>×±≈≤≥Δ"],
  [72, "ACDUVXYHGN&"],
  [78, "OQw…"],
  [90, "mM"],
  [99, "W%@"],
] as const) {
  for (const character of characters) hundredths[character] = width;
}

/** The width of a text in px at a font size in px; for Inter at weight 400 it is within about 4 %. */
export function textWidth(text: string, size: number): number {
  let sum = 0;
  for (const character of text) sum += hundredths[character] ?? 65;
  return (sum * size) / 100;
}

/**
 * The text, or as much of its two ends around an ellipsis as fits into `room` px. Names of one family differ at either
 * end (`self_attn.q_proj`, `input_layernorm`), seldom in the middle.
 */
export function shorten(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text;
  const characters = [...text];
  for (let kept = characters.length - 1; kept > 0; kept--) {
    const head = Math.ceil(kept / 2);
    const tail = kept - head;
    const short = `${characters.slice(0, head).join("")}…${tail > 0 ? characters.slice(-tail).join("") : ""}`;
    if (textWidth(short, size) <= room) return short;
  }
  return "…";
}
