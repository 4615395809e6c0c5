/** The npm package subset-font, as far as it is used here: it brings no types of its own. */
declare module "subset-font" {
  interface SubsetOptions {
    targetFormat: "woff2";
    /** By axis: a single place, or the range that stays variable. */
    variationAxes: Record<string, number | { min: number; max: number }>;
    /** OpenType features whose glyphs stay. */
    keepFeatures: string[];
    /** Entries of the name table that stay. */
    preserveNameIds: number[];
    noHinting: boolean;
    dropTables: string[];
  }

  export default function subsetFont(font: Buffer, text: string, options: SubsetOptions): Promise<Buffer>;
}
