import type { Report, ReportCoverage } from "../comparing/report.ts";
import { countText } from "../components/quantity.ts";
import { formatPercent } from "../statistics/format-number.ts";

/** What parameters of a group are called at the beginning of a sentence. */
export const GROUP_WORDS: Record<Report["group"], { many: string }> = {
  matrix: { many: "Matrices" },
  norm: { many: "Norms" },
  bias: { many: "Biases" },
  other: { many: "Other parameters" },
};

/** How much the report rests on, in a few sentences; a partial scan is called one. */
export function coverageSentence({ pairs, exact, partial, identical, seen, elements }: ReportCoverage): string {
  const same =
    identical === 0 ? "" : ` ${countText(identical)} of them are known to be the same, and were not downloaded.`;
  if (exact === pairs) {
    const weights = elements > 0 ? `, every one of their ${countText(seen)} weights` : "";
    return `All ${countText(pairs)} pairs of tensors${identical > 0 ? "" : weights}.${same}`;
  }
  const share = elements > 0 ? `, ${formatPercent(seen / elements)} of the weights` : "";
  const part = partial === 0 ? "" : ` ${countText(partial)} more ${partial === 1 ? "was" : "were"} read in part.`;
  return `A partial scan: ${countText(exact)} of ${countText(pairs)} pairs of tensors in full${share}.${same}${part} What is said of kinds of change and in the table is of layers read in full; the others may differ.`;
}

/** Kinds that warn of a way to draw, or of the storage, and not of the change: told of all modules in one sentence. */
const ASIDE: readonly string[] = ["clip-artefact"];

/** The findings to print: module by module as they are ranked, then one sentence on the way such data must not be drawn. */
export function reportedFindings({ modules }: Report): string[] {
  const told = modules.flatMap(({ findings }) =>
    findings.filter(({ kind }) => !ASIDE.includes(kind)).map(({ sentence }) => sentence),
  );
  const humps = modules.flatMap(({ findings }) => findings.filter(({ kind }) => ASIDE.includes(kind)));
  if (humps.length === 0) return told;
  const layers = humps.reduce((sum, { layers }) => sum + layers.length, 0);
  const all = modules.reduce((sum, { exact }) => sum + exact, 0);
  return [
    ...told,
    `Drawn with larger changes piled up at ±1, ${countText(layers)} of ${countText(all)} distributions would get a hump there that is not in the data.`,
  ];
}
