/**
 * Charts waiting to be drawn, the newest drawing of each. One is drawn per task, so that a screen full of them does not
 * hold up a scroll or a key press.
 */
const waiting = new Map<object, () => void>();
let listeners: (() => void)[] = [];
let due = false;
let held = 0;

/** Draws soon, in a task of its own. A later drawing for the same `place` replaces one that still waits. */
export function drawSoon(place: object, draw: () => void): void {
  waiting.set(place, draw);
  if (!due) setTimeout(drawNext);
  due = true;
}

/** Takes back what waits for a place that is gone. */
export const drawNever = (place: object): void => void waiting.delete(place);

function drawNext(): void {
  due = false;
  const next = waiting.entries().next().value;
  if (next) {
    const [place, draw] = next;
    waiting.delete(place);
    draw();
  }
  if (waiting.size > 0) {
    due = true;
    setTimeout(drawNext);
    return;
  }
  if (held > 0) return;
  for (const tell of listeners) tell();
  listeners = [];
}

/** Says that something else on the screen is behind; call what it returns once it has caught up. */
export function holdDrawing(): () => void {
  held++;
  return () => {
    held--;
    if (!due) setTimeout(drawNext);
    due = true;
  };
}

/** Resolves when nothing waits to be drawn and nothing is behind. */
export const allDrawn = (): Promise<void> =>
  waiting.size === 0 && held === 0 ? Promise.resolve() : new Promise((resolve) => listeners.push(resolve));
