/**
 * Cuts the page's one text font out of the npm package `inter-ui`: Latin and the signs the page writes, weights 400 to
 * 700, one optical size. Skips when the output was cut from the same font by the same script.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const source = fileURLToPath(new URL("../node_modules/inter-ui/variable/InterVariable.woff2", import.meta.url));
const target = fileURLToPath(new URL("../src/views/style/generated/inter-subset.woff2", import.meta.url));
const stamp = `${target}.stamp`;

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join("");
const ascii = range(0x20, 0x7e);
const latin1 = range(0xa0, 0xff);
const signs =
  "ΔΣμσθ‖−×±·…≈≠≤≥√∞→←↑↓↗↘↔↻▲▼△▽■□▪●○◆◇✓⌘⇧⌥" + "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉½¼¾°µℓ" + "‘’“”–—•‹›†" + "\u2009\u202f";

/**
 * Writes `src/views/style/generated/inter-subset.woff2`.
 * @returns {Promise<{ path: string, bytes: number, fresh: boolean }>} `fresh` is false when nothing had to be done.
 * @throws when `inter-ui` or `subset-font` is not installed.
 */
export async function subsetFont() {
  const font = await readFile(source);
  const recipe = await readFile(fileURLToPath(import.meta.url));
  const key = createHash("sha256").update(font).update(recipe).digest("hex");
  const made = await stat(target).catch(() => null);
  if (made && (await readFile(stamp, "utf8").catch(() => "")) === key) {
    return { path: target, bytes: made.size, fresh: false };
  }
  const { default: subset } = await import("subset-font");
  const cut = await subset(font, ascii + latin1 + signs, {
    targetFormat: "woff2",
    variationAxes: { wght: { min: 400, max: 700 }, opsz: 14 },
    // Kerning and tabular figures are what the page asks for; the other features would bring their glyphs along.
    keepFeatures: ["kern", "tnum", "ccmp", "mark"],
    // Copyright and licence stay inside the file, as the Open Font License wants.
    preserveNameIds: [0, 13, 14],
    noHinting: true,
    dropTables: ["gasp"],
  });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, cut);
  await writeFile(stamp, key);
  return { path: target, bytes: cut.length, fresh: true };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { path, bytes, fresh } = await subsetFont();
  console.log(`${fresh ? "wrote" : "up to date:"} ${path} (${(bytes / 1000).toFixed(1)} kB)`);
}
