/**
 * What a chart drew, in words and counts: one line per layer, with how many marks of which kind and the texts in
 * reading order. Made for snapshots, so that a difference reads like a sentence; no coordinates and no colours.
 */
export function describeDrawing(root: SVGSVGElement): string {
  const size = `${root.getAttribute("width")} × ${root.getAttribute("height")}`;
  const lines = [...root.children].map((part) => {
    const name = part.getAttribute("class") ?? part.tagName;
    const role = part.getAttribute("role");
    const title = `  ${name}${role ? ` (${role}: ${part.getAttribute("aria-label")})` : ""}`;
    return [title, marks(part), texts(part), voices(part)].filter(Boolean).join("\n    ");
  });
  return [size, ...lines].join("\n");
}

/** `196 rect.cell, 7 g.row`, most frequent first. */
function marks(part: Element): string {
  const counts = new Map<string, number>();
  for (const mark of part.querySelectorAll("rect, path, stop, g[role]")) {
    const kind = [mark.tagName.toLowerCase(), ...(mark.getAttribute("class")?.split(" ") ?? [])].join(".");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .sort(([p, n], [q, m]) => m - n || (p < q ? -1 : 1))
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}

function texts(part: Element): string {
  const own = part.tagName.toLowerCase() === "text" ? [part] : [...part.querySelectorAll("text")];
  return few("texts", own.map((text) => text.textContent ?? "").filter(Boolean));
}

function voices(part: Element): string {
  const said = [...part.querySelectorAll("[aria-label]")].map((mark) => mark.getAttribute("aria-label") ?? "");
  return few("says", said);
}

function few(what: string, all: string[]): string {
  if (all.length === 0) return "";
  const shown = all.length <= 16 ? all : [...all.slice(0, 10), "…", ...all.slice(-3)];
  return `${what} (${all.length}): ${shown.join(" | ")}`;
}
