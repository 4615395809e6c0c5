/**
 * Cuts the page's one text font out of the npm package `inter-ui`: Latin and the signs the page writes, weights 400 to
 * 700, one optical size. The ten figures get a file of their own: only there may tabular widths be asked for, because
 * Inter's tabular set also widens the hyphen, and `fine-tuning` would fall apart. Skips when the output was cut from the
 * same font by the same script.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const source = fileURLToPath(new URL("../node_modules/inter-ui/variable/InterVariable.woff2", import.meta.url));
const folder = fileURLToPath(new URL("../src/components/style/generated/", import.meta.url));

/** @type {(from: number, to: number) => string} */
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join("");
const ascii = range(0x20, 0x7e);
const latin1 = range(0xa0, 0xff);
const signs =
  "ΔΣμσθ‖−×±·…≈≠≤≥√∞→←↑↓↗↘↔↻▲▼△▽■□▪●○◆◇✓⌘⇧⌥" + "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉½¼¾°µℓ" + "‘’“”–—•‹›†" + "\u2009\u202f";

const cuts = [
  {
    file: "inter-subset.woff2",
    text: (ascii + latin1 + signs).replaceAll(/[0-9]/g, ""),
    features: ["kern", "ccmp", "mark"],
  },
  { file: "inter-figures.woff2", text: "0123456789", features: ["tnum"] },
];

/**
 * Writes `inter-subset.woff2` and `inter-figures.woff2` into `src/components/style/generated/`.
 * @returns {Promise<{ files: string[], bytes: number, fresh: boolean }>} `fresh` is false when nothing had to be done.
 * @throws when `inter-ui` or `subset-font` is not installed.
 */
export async function subsetFont() {
  const font = await readFile(source);
  const recipe = await readFile(fileURLToPath(import.meta.url));
  const key = createHash("sha256").update(font).update(recipe).digest("hex");
  const stamp = join(folder, "stamp");
  const files = cuts.map(({ file }) => join(folder, file));
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  /** @param {readonly number[]} all */
  const total = (all) => all.reduce((sum, size) => sum + size, 0);
  if (sizes.every((size) => size > 0) && (await readFile(stamp, "utf8").catch(() => "")) === key) {
    return { files, bytes: total(sizes), fresh: false };
  }
  const { default: subset } = await import("subset-font");
  await mkdir(folder, { recursive: true });
  for (const [i, { text, features }] of cuts.entries()) {
    const cut = await subset(font, text, {
      targetFormat: "woff2",
      variationAxes: { wght: { min: 400, max: 700 }, opsz: 14 },
      // Other features would bring their glyphs along.
      keepFeatures: features,
      // Copyright and licence stay inside the file, as the Open Font License wants.
      preserveNameIds: [0, 13, 14],
      noHinting: true,
      dropTables: ["gasp"],
    });
    await writeFile(files[i], cut);
    sizes[i] = cut.length;
  }
  await writeFile(stamp, key);
  return { files, bytes: total(sizes), fresh: true };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { files, bytes, fresh } = await subsetFont();
  console.log(`${fresh ? "wrote" : "up to date:"} ${files.join(", ")} (${(bytes / 1000).toFixed(1)} kB)`);
}
