import type { TreeFile } from "./list-tree.ts";

const UNITS = [
  [1e9, "GB"],
  [1e6, "MB"],
  [1e3, "kB"],
] as const;

/** What there is to read of a repo's weights, as the listing has it: `15.1 GB in 4 files`. */
export function weightsPlan(files: readonly TreeFile[]): string {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const [unit, name] = UNITS.find(([size]) => bytes >= size) ?? [1, "bytes"];
  const amount = bytes / unit;
  const digits = unit === 1 || amount >= 100 ? 0 : amount >= 10 ? 1 : 2;
  return `${amount.toFixed(digits)} ${name} in ${files.length === 1 ? "one file" : `${files.length} files`}`;
}
