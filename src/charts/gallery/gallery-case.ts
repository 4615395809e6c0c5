import type { Theme } from "../color-scale.ts";

/** One case of one chart. Drawing it twice gives the same picture. */
export interface GalleryCase {
  name: string;
  note: string;
  /** `width` is what the page has room for, px; a case may use less. */
  draw(root: SVGSVGElement, width: number, theme: Theme): void;
}
