/**
 * Fetches `ranges` with `workers` module workers of `lanes` requests each, and keeps nothing. Whoever is free takes the
 * next range. Resolves with the time (Date.now) when the last byte had been read.
 *
 * @param {{ ranges: { url: string, begin: number, end: number }[], workers: number, lanes: number, bufferBytes: number }} task
 */
async function fetchAndDiscard({ ranges, workers, lanes, bufferBytes }) {
  const crew = Array.from({ length: workers }, () => new Worker("worker.mjs", { type: "module" }));
  const answer = (worker) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
      worker.onerror = () => reject(new Error("A worker could not be started."));
    });
  // All are up before the first request, as the page's own are.
  await Promise.all(
    crew.map((worker) => {
      worker.postMessage({ lanes, bufferBytes });
      return answer(worker);
    }),
  );
  const waiting = [...ranges];
  let open = 0;
  return new Promise((resolve, reject) => {
    const hand = (worker, lane) => {
      const range = waiting.shift();
      if (range) {
        open++;
        worker.postMessage({ lane, range });
      } else if (open === 0) resolve(Date.now());
    };
    for (const worker of crew) {
      worker.onmessage = ({ data }) => {
        if (data.error) return reject(new Error(data.error));
        open--;
        hand(worker, data.lane);
      };
    }
    for (let lane = 0; lane < lanes; lane++) for (const worker of crew) hand(worker, lane);
  });
}

globalThis.fetchAndDiscard = fetchAndDiscard;
