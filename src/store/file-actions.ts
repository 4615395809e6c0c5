import type { Comparison } from "../comparing/comparison.ts";
import type { OperandRecord } from "../comparing/operand-record.ts";
import type { AppState } from "./app-state.ts";
import { asJob } from "./as-job.ts";
import { type Course, ENDED } from "./course.ts";
import { type AppStore, EMPTY_OPERAND, NO_ENGINE, NO_RENAME } from "./create-store.ts";
import { linkOf } from "./link.ts";
import { isLocal } from "./local-drops.ts";
import type { Environment } from "./opening.ts";
import { fitViews } from "./slice.ts";

const shown = ({ ref, label, revision }: OperandRecord) => ({ text: ref, label, revision });

/** A comparison carried away and brought back: saved files, and links. */
export function createFileActions(store: AppStore, environment: Environment, course: Course) {
  /** Does something with a file as a job; what goes wrong is said in `sentence`. */
  const filing = (work: () => Promise<void>, sentence: (error: Error) => string): Promise<void> =>
    asJob(store, "file", () => work().catch((error: Error) => store.setState({ notices: [sentence(error)] })));

  async function open(file: Blob): Promise<void> {
    const mine = course.turn;
    const { readComparisonFile } = await import("../comparing/file/read-comparison-file.ts");
    const { place } = environment.pool.survey;
    const { comparison, results, engine } = await readComparisonFile(file, mine + 1, (...of) => place(...of));
    // Something else was asked for meanwhile.
    if (mine !== course.turn) return;
    const { page, present, views } = environment.links.empty;
    course.end();
    course.enter(null, {
      ...ENDED,
      ...{ comparison, results: { version: 1, list: results }, cost: null, notices: [] },
      operands: {
        a: { ...EMPTY_OPERAND, ...shown(comparison.a) },
        b: { ...EMPTY_OPERAND, ...(comparison.b ? shown(comparison.b) : {}) },
        adapter: comparison.adapter && { ...EMPTY_OPERAND, ...shown(comparison.adapter) },
      },
      engine: { ...NO_ENGINE, forced: store.getState().engine.forced, chosen: engine },
      ...{ page, present, views: fitViews(environment.instruments, views, comparison) },
      rename: { ...NO_RENAME, text: comparison.rename },
    });
  }

  async function save({ results, engine }: AppState, comparison: Comparison): Promise<void> {
    const { saveComparison } = await import("../comparing/file/save-comparison.ts");
    const { file, name } = await saveComparison(comparison, results.list, engine.chosen);
    environment.download(file, name);
  }

  return {
    /** Opens a saved comparison; nothing is fetched. */
    openFile: (file: Blob): Promise<void> =>
      filing(
        () => open(file),
        ({ message }) => message,
      ),

    /** Downloads the comparison as a file. */
    async save(): Promise<void> {
      const state = store.getState();
      const { comparison } = state;
      if (comparison)
        await filing(
          () => save(state, comparison),
          ({ message }) => `The comparison could not be saved: ${message}`,
        );
    },

    /** The address that brings this comparison back, as it is looked at now but on its main page. */
    addressOfComparison(): string {
      const link = linkOf(store.getState());
      return environment.address + environment.links.format({ ...link, page: "main" });
    },

    /** Puts the link of what is on screen on the clipboard. */
    async copyLink(): Promise<void> {
      const link = linkOf(store.getState());
      await navigator.clipboard.writeText(environment.address + environment.links.format(link));
      const here = [link.a, link.b, link.adapter]
        .filter((ref) => ref !== null && isLocal(ref))
        .map((ref) => ref?.slice("local:".length));
      if (here.length === 0) return;
      store.setState({
        notices: [
          `The link was copied, but local files cannot be in it: whoever opens it has to drop ${here.join(" and ")} there.`,
        ],
      });
    },
  };
}
