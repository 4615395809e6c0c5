/**
 * Fetches `ranges` with `workers` module workers of `lanes` requests each, and keeps nothing. Whoever is free takes the
 * next range. Resolves with the time (Date.now) when the last byte had been read.
 *
 * @param {FetchTask} task
 * @returns {Promise<number>}
 */
async function fetchAndDiscard({ ranges, workers, lanes, bufferBytes }) {
  const crew = Array.from({ length: workers }, () => new Worker("worker.mjs", { type: "module" }));
  /** @type {(worker: Worker, order: FetchOrder) => void} */
  const give = (worker, order) => worker.postMessage(order);
  /** @type {(worker: Worker) => Promise<FetchReport>} */
  const answer = (worker) =>
    new Promise((resolve, reject) => {
      /** @param {MessageEvent<FetchReport>} event */
      worker.onmessage = ({ data }) => ("error" in data ? reject(new Error(data.error)) : resolve(data));
      worker.onerror = () => reject(new Error("A worker could not be started."));
    });
  // All are up before the first request, as the page's own are.
  await Promise.all(
    crew.map((worker) => {
      give(worker, { lanes, bufferBytes });
      return answer(worker);
    }),
  );
  const waiting = [...ranges];
  let open = 0;
  return new Promise((resolve, reject) => {
    /** @type {(worker: Worker, lane: number) => void} */
    const hand = (worker, lane) => {
      const range = waiting.shift();
      if (range) {
        open++;
        give(worker, { lane, range });
      } else if (open === 0) resolve(Date.now());
    };
    for (const worker of crew) {
      /** @param {MessageEvent<FetchReport>} event */
      worker.onmessage = ({ data }) => {
        if ("error" in data) return reject(new Error(data.error));
        open--;
        if ("lane" in data) hand(worker, data.lane);
      };
    }
    for (let lane = 0; lane < lanes; lane++) for (const worker of crew) hand(worker, lane);
  });
}

globalThis.fetchAndDiscard = fetchAndDiscard;
