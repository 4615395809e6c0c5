import { createAccessActions } from "./access-actions.ts";
import { createCompareActions } from "./compare-actions.ts";
import { Course } from "./course.ts";
import type { AppStore } from "./create-store.ts";
import { createFieldActions } from "./field-actions.ts";
import { createFileActions } from "./file-actions.ts";
import { LocalDrops } from "./local-drops.ts";
import { createLookActions } from "./look-actions.ts";
import type { Environment } from "./opening.ts";
import { keepRecentPairs, type RecentPair } from "./recent-pairs.ts";
import { createScanActions } from "./scan-actions.ts";
import type { Readings } from "./scan-job.ts";

export type Actions = ReturnType<typeof createActions>;

/** Everything the page can be asked to do. One scan at a time: a new comparison ends the one before. */
export function createActions(store: AppStore, environment: Environment) {
  const course = new Course(store, environment);
  const drops = new LocalDrops();
  const access = createAccessActions(store, environment);
  const files = createFileActions(store, environment, course);
  const fields = createFieldActions(store, drops, files.openFile);
  const comparing = createCompareActions(store, environment, course, drops, access.agreeToHub);

  return {
    ...access,
    ...fields,
    ...comparing,
    ...createScanActions(store, course),
    ...createLookActions(store, environment, course),
    ...files,

    /** What is open can be read again, for an instrument. */
    readings: course as Readings,

    /** Compares the one model that is open, as B, with the one that it says it was made from. */
    async compareWithBase(): Promise<void> {
      const { ref, baseModel } = store.getState().comparison?.a ?? {};
      if (!ref || !baseModel) return;
      fields.setText("a", baseModel);
      fields.setText("b", ref);
      await comparing.compare();
    },

    /** Compares a pair again that was compared before, on the Hub that it was on. */
    async compareRecent({ a, b, hub }: RecentPair): Promise<void> {
      access.setHub(hub);
      fields.setText("a", a);
      fields.setText("b", b);
      await comparing.compare();
    },

    forgetRecent(): void {
      keepRecentPairs([]);
      store.setState({ recent: [] });
    },
  };
}
