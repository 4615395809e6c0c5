import { fetchOnce } from "../rivals/fetch-once.mjs";
import { inTurn } from "../stage/in-turn.mjs";
import { dataBytesOf } from "../stage/pair.mjs";
import { scanOnce } from "../stage/scan-once.mjs";

/** Bytes a second of a line of 1 Gbit/s, over all connections together. */
export const LINE = 125e6;

function rowsOf(runs, bytes) {
  const values = (value) => runs.map(value);
  return [
    { label: "scan", unit: "s", values: values(({ scan }) => scan.seconds) },
    { label: "bare fetch-and-discard", unit: "s", values: values(({ fetch }) => fetch.seconds) },
    {
      label: "the line, as the bare fetch found it",
      unit: "MB/s",
      values: values(({ fetch }) => bytes / fetch.seconds / 1e6),
    },
    {
      label: "scan / bare fetch, line paced to 1 Gbit/s",
      unit: "×",
      values: values(({ scan, fetch }) => scan.seconds / fetch.seconds),
      goal: "≤ 1.03",
    },
  ];
}

/** Whether the line is the only bottleneck: the whole way against the bare fetch where bytes come no faster than 1 Gbit/s. */
export const paced = {
  name: "paced",
  about: "a scan over a line paced to 1 Gbit/s, bare fetch-and-discard of the same bytes over the same line",
  async measure({ repeat, quick, engine, stage: openStage }) {
    const stage = await openStage();
    const shape = quick ? "tiny" : "0.5B";
    const pair = await stage.generated(shape);
    const browser = await stage.launch();
    await pair.server.ask("pace", LINE);
    try {
      const scanPair = () => scanOnce(browser, stage.page, pair, { engine });
      const first = await scanPair();
      const fetchPair = () => fetchOnce(browser, stage.rival, pair, first.workers);
      await fetchPair();
      const contestants = [
        ["scan", scanPair],
        ["fetch", fetchPair],
      ];
      const runs = await repeat((index) => inTurn(contestants, index));
      const bytes = dataBytesOf(pair);
      const { engine: used, workers } = first;
      const facts = { browser: stage.browserVersion, engine: used, workers, shape, bytes, line: LINE };
      return { facts, runs, rows: rowsOf(runs, bytes) };
    } finally {
      await pair.server.ask("pace", 0);
      await browser.close();
    }
  },
};
