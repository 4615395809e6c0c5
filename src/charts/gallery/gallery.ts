import { heatmapCases } from "./heatmap-cases.ts";
import { histogramCases } from "./histogram-cases.ts";
import { profileCases } from "./profile-cases.ts";

const asked = /[?&]theme=(light|dark)/.exec(document.URL)?.[1];
const only = /[?&]only=([^&]+)/.exec(document.URL)?.[1];
if (asked) document.documentElement.dataset.theme = asked;
const theme = (asked ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) as "light" | "dark";

const place = document.querySelector("#cases");
for (const { name, note, draw } of [...heatmapCases, ...histogramCases, ...profileCases]) {
  if (only && !name.startsWith(decodeURIComponent(only))) continue;
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  const title = document.createElement("h2");
  title.textContent = name;
  const text = document.createElement("p");
  text.textContent = note;
  caption.append(title, text);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  figure.append(caption, svg);
  place?.append(figure);
  draw(svg, Math.min(1232, document.documentElement.clientWidth - 48), theme);
}
