/** Milliseconds between beats when nothing is in the way: browsers let no chained timer run more often. */
const BEAT = 4;

/** Runs in the page before its own scripts. All times are those of the machine's clock. */
function install() {
  const now = () => performance.timeOrigin + performance.now();
  /** @type {typeof mainThreadProbe} */
  const probe = { tasks: [], beats: [], frames: [] };
  globalThis.mainThreadProbe = probe;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      probe.tasks.push({ at: performance.timeOrigin + startTime, ms: duration });
  }).observe({ type: "longtask", buffered: true });
  const beat = () => {
    probe.beats.push(now());
    setTimeout(beat, 0);
  };
  const frame = () => {
    probe.frames.push(now());
    requestAnimationFrame(frame);
  };
  beat();
  frame();
}

/** @param {readonly number[]} times */
function longestGap(times) {
  let longest = 0;
  for (const [i, time] of times.entries()) longest = Math.max(longest, time - (times[i - 1] ?? time));
  return longest;
}

/** @param {import("./quiet-tab.mjs").Tab} page not yet opened */
export const watchMainThread = (page) => page.addInitScript(install);

/**
 * @typedef {Awaited<ReturnType<typeof mainThreadBetween>>} Freedom
 */

/**
 * How free the page's main thread was between two moments, in milliseconds unless named otherwise.
 *
 * `longTask` is the browser's own figure, which begins at 50 ms: 0 says that no task was longer. `longestGap` is what is
 * left of the longest pause of a timer that is due every 4 ms: finer, but it also holds the time in which the machine ran
 * something else. `frames` counts animation frames.
 *
 * @param {import("./quiet-tab.mjs").Tab} page
 * @param {{ from: number, to: number }} window
 */
export async function mainThreadBetween(page, { from, to }) {
  const probe = await page.evaluate(() => globalThis.mainThreadProbe);
  /** @param {readonly number[]} times */
  const within = (times) => times.filter((at) => at >= from && at <= to);
  const tasks = probe.tasks.filter(({ at, ms }) => at + ms >= from && at <= to);
  const frames = within(probe.frames);
  return {
    seconds: (to - from) / 1000,
    longTasks: tasks.length,
    longTask: Math.max(0, ...tasks.map(({ ms }) => ms)),
    longestGap: Math.max(0, longestGap(within(probe.beats)) - BEAT),
    framesPerSecond: (1000 * frames.length) / (to - from),
    longestFrame: longestGap(frames),
  };
}
