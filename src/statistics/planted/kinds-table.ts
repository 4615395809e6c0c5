import { changeCounts } from "../change-counts.ts";
import { bandwidthFor, type DistributionShape, distributionShape } from "../distribution-shape.ts";
import { explain, type Finding } from "../explain.ts";
import { findModes } from "../find-modes.ts";
import { formatPercent } from "../format-number.ts";
import { latticeOf } from "../lattice.ts";
import { smoothBins } from "../smooth-bins.ts";
import { CONTROLS, PLANTED, type PlantedChange } from "./planted-changes.ts";
import { label, PLANTED_DTYPES, PLANTED_ELEMENTS, plantedStats } from "./planted-stats.ts";

/** What was found in one planted change in tensors of one kind. */
export interface Measured {
  change: PlantedChange;
  control: boolean;
  /** Of the dtypes of A and B. */
  dtypes: string;
  findings: Finding[];
  abs: DistributionShape | null;
  signed: DistributionShape | null;
  /** Deepest dent beyond chance, over |a| or over a, before any is called a valley or too shallow. */
  dent: number;
}

/** Every planted change and control in every kind of tensor, in the order of the lists. Some seconds. Other seeds, other tensors. */
export function measureKinds(seed = 0): Measured[] {
  return [...PLANTED, ...CONTROLS].flatMap((change, row) =>
    PLANTED_DTYPES.map((pair): Measured => {
      const lattice = latticeOf(...pair);
      const stats = plantedStats(change, pair, seed + row + 1);
      const options = (["abs", "signed"] as const).map((denominator) => ({ denominator, beyond: "drop" }) as const);
      const [abs, signed] = options.map((each) => distributionShape(stats, each, lattice));
      const dents = options.flatMap((each) => {
        const { bins } = changeCounts(stats, each, lattice);
        return findModes(smoothBins(bins, bandwidthFor(lattice) * 128), 0).valleys.map(({ depth }) => depth);
      });
      const control = row >= PLANTED.length;
      const findings = explain(stats, lattice);
      return { change, control, dtypes: label(pair), findings, abs, signed, dent: Math.max(0, ...dents) };
    }),
  );
}

/** Whether the change as made has one mode inside, however it is stored. */
const hasOneMode = ({ change: { modes, closeModes, kinds } }: Measured): boolean =>
  !modes && !closeModes && !kinds.includes("identical") && !kinds.includes("replaced");

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const rows = (head: readonly string[], body: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => "---")), ...body.map(row)].join("\n");

const kindsIn = ({ findings }: Measured): string => findings.map(({ kind }) => kind).join(", ") || "none";
/** `+0.37`; zero has no sign. */
function hundredths(at: number): string {
  const size = Math.abs(at).toFixed(2);
  return Number(size) === 0 ? "0" : `${at < 0 ? "−" : "+"}${size}`;
}
const places = (shape: DistributionShape | null): string =>
  shape === null ? "–" : shape.modes.map(({ at }) => hundredths(at)).join(", ") || "at the ends";
const dipOf = (shape: DistributionShape | null): string => shape?.dip.toFixed(4) ?? "–";

/** The part of docs/kinds.md that is measured, in Markdown. */
export function kindsTable(measured: readonly Measured[]): string {
  const changes = [...new Set(measured.map(({ change }) => change))];
  const of = (change: PlantedChange) => measured.filter((each) => each.change === change);
  const dtypes = PLANTED_DTYPES.map(label);
  const made = (control: boolean) => changes.filter((change) => of(change).every((each) => each.control === control));
  const found = (control: boolean) =>
    rows(
      [control ? "control" : "planted", ...dtypes],
      made(control).map((change) => [change.name, ...of(change).map(kindsIn)]),
    );
  const shapes = (dtype: string) =>
    rows(
      ["change", "modes over \\|a\\|", "modes over a", "valley over \\|a\\|", "dip over \\|a\\|", "dip over a"],
      changes.flatMap((change) =>
        of(change)
          .filter((each) => each.dtypes === dtype)
          .map(({ abs, signed }) => [
            change.name,
            places(abs),
            places(signed),
            abs?.valley ? formatPercent(abs.valley.depth) : "none",
            dipOf(abs),
            dipOf(signed),
          ]),
      ),
    );
  const dents = rows(
    ["dtypes", "bandwidth", "deepest dent", "largest dip"],
    dtypes.map((dtype) => {
      const plain = measured.filter((each) => hasOneMode(each) && each.dtypes === dtype);
      const dips = plain.flatMap(({ abs, signed }) => [abs?.dip ?? 0, signed?.dip ?? 0]);
      const dent = Math.max(...plain.map((each) => each.dent));
      return [dtype, `1/${1 / (plain[0].abs?.bandwidth ?? 1)}`, formatPercent(dent), Math.max(...dips).toFixed(4)];
    }),
  );
  const howMade = rows(
    ["name", "how B is made"],
    changes.map(({ name, made }) => [name, made.replaceAll("|", "\\|")]),
  );
  return [
    `Tensors of ${PLANTED_ELEMENTS} elements, by the reference engine.`,
    howMade,
    "### What was found",
    found(false),
    found(true),
    "### Shapes in BF16",
    shapes("BF16"),
    "### Shapes in F8_E4M3",
    shapes("F8_E4M3"),
    "### What the formats leave in distributions of one mode",
    dents,
  ].join("\n\n");
}
