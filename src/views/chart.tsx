import { useLayoutEffect, useRef } from "react";
import { useWidth } from "./use-width.ts";

interface Props {
  /** Draws into the SVG at the given width in CSS pixels and sets its size; called again when it is another function. */
  draw: (root: SVGSVGElement, width: number) => void;
  className?: string;
}

/** A place for a D3 chart: measures its width and hands over the SVG. */
export function Chart({ draw, className }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const root = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  useLayoutEffect(() => {
    if (root.current && width > 0) draw(root.current, width);
  }, [draw, width]);
  return (
    <div ref={box} className={className ? `chart-box ${className}` : "chart-box"}>
      <svg ref={root} />
    </div>
  );
}
