import { useLayoutEffect, useRef } from "react";
import css from "./chart.module.css";
import { drawNever, drawSoon } from "./draw-queue.ts";
import { useApp } from "./use-app.ts";
import { useWidth } from "./use-width.ts";

interface Props {
  /** Draws into the SVG at the given width in CSS pixels and sets its size; called again when it is another function. */
  draw: (root: SVGSVGElement, width: number) => void;
  className?: string;
}

/** How much larger charts are drawn on a stage. */
const STAGE_SCALE = 1.3;

/** A place for a D3 chart: measures its width and hands over the SVG. */
export function Chart({ draw, className }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const root = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  const scale = useApp((state) => state.present) ? STAGE_SCALE : 1;
  useLayoutEffect(() => {
    const svg = root.current;
    // Drawn for a narrower place and then enlarged as a whole, type included.
    if (svg && width > 0) drawSoon(svg, () => draw(svg, Math.floor(width / scale)));
    return () => {
      if (svg) drawNever(svg);
    };
  }, [draw, width, scale]);
  return (
    <div ref={box} className={className ? `${css.box} ${className}` : css.box}>
      <svg ref={root} />
    </div>
  );
}
