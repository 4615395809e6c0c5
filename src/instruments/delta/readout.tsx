import { useLayoutEffect, useRef } from "react";
import css from "./readout.module.css";

interface Props {
  /** The mark it belongs to, in window coordinates. */
  anchor: DOMRect;
  children: React.ReactNode;
}

/** Pixels between the mark and the readout, and between the readout and the window's edge. */
const GAP = 8;

/** Numbers beside a mark, above it where there is room. Screen readers get the same words from the mark itself. */
export function Readout({ anchor, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    const left = anchor.left + anchor.width / 2 - width / 2;
    const above = anchor.top - height - GAP;
    element.style.left = `${Math.max(GAP, Math.min(left, document.documentElement.clientWidth - width - GAP))}px`;
    element.style.top = `${above > GAP ? above : anchor.bottom + GAP}px`;
  }, [anchor]);
  return (
    <div ref={box} className={css.readout} aria-hidden="true">
      {children}
    </div>
  );
}
