/** The page's doors, as far as the bench and the anchors go through them: they are the same in every build. */
interface Window {
  auscult: {
    /** Resolves when nothing is under way any more and all of it is drawn. */
    whenIdle(): Promise<void>;
    /** What the page shows, as plain data; null before there is anything. */
    comparison(): DoorComparison | null;
  };
}

interface DoorComparison {
  a: { revision: string | null };
  b: { revision: string | null } | null;
  engine: string | null;
  pairs: DoorPair[];
}

interface DoorPair {
  name: string;
  role: string;
  layer: number | null;
  shape: number[];
  /** Null where nothing was read of it. */
  stats: DoorStats | null;
  /** The share of its elements that `stats` has seen. */
  coverage: number;
  /** Whether both sides are known to be the same without being read. */
  identical?: boolean;
}

interface DoorStats {
  count: number;
  unchanged: number;
  above1e6: number;
  above1e5: number;
  maxAbsD: number;
  sumA2: number;
  sumD2: number;
}
