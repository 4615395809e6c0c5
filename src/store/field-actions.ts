import { splitRefs } from "../hub/split-refs.ts";
import type { Side } from "../pairing/pair.ts";
import type { AppState, ModelSide, Operand } from "./app-state.ts";
import { type AppStore, EMPTY_OPERAND, NO_RENAME } from "./create-store.ts";
import type { LocalDrops } from "./local-drops.ts";
import { type Dropped, type SortedDrop, sortDrop } from "./sort-drop.ts";

/** Changes one of the operands; the third only where it is there. */
export function setOperand(store: AppStore, side: Side, patch: Partial<Operand>): void {
  const { operands } = store.getState();
  const operand = operands[side];
  if (operand) store.setState({ operands: { ...operands, [side]: { ...operand, ...patch } } });
}

/** What stands in the third field; null takes the field away. */
export const setAdapter = (store: AppStore, text: string | null): void =>
  store.setState(({ operands }) => ({
    operands: { ...operands, adapter: text === null ? null : { ...EMPTY_OPERAND, text } },
  }));

/** The field that one thing goes into which was dropped beside both: the first empty one. */
const emptySide = ({ operands }: AppState): ModelSide => (operands.a.text && !operands.b.text ? "b" : "a");

/** What can be put into the two fields, and where it goes. Nothing is opened by it. */
export function createFieldActions(store: AppStore, drops: LocalDrops, openFile: (file: Blob) => Promise<void>) {
  const setText = (side: ModelSide, text: string): void => {
    setOperand(store, side, { ...EMPTY_OPERAND, text });
    // A rule is for one pair of models.
    store.setState({ rename: NO_RENAME });
  };

  /** Two fill both fields, one goes to `side`. */
  const fill = ([first, second]: readonly string[], side: ModelSide): void => {
    setText(second === undefined ? side : "a", first);
    if (second !== undefined) setText("b", second);
  };

  return {
    setText,

    setAdapter: (text: string | null): void => setAdapter(store, text),

    /** Puts dropped or pasted references where they belong: two fill both fields, one the first empty one, or `side`. */
    takeText(text: string, side: ModelSide = emptySide(store.getState())): void {
      const refs = splitRefs(text);
      if (refs.length > 0) fill(refs, side);
    },

    /** Takes files and folders of this machine, likewise; a saved comparison is opened. Nothing is read of the others yet. */
    async takeFiles(dropped: Dropped | Promise<Dropped>, side: ModelSide = emptySide(store.getState())): Promise<void> {
      let sorted: SortedDrop;
      try {
        sorted = sortDrop(await dropped);
      } catch (error) {
        return store.setState({ notices: [(error as Error).message] });
      }
      if ("comparison" in sorted) return openFile(sorted.comparison);
      const { models } = sorted;
      if (models.length > 2) {
        const notice = `${models.length} models were dropped, and two are compared at a time. Drop the two that you mean.`;
        store.setState({ notices: [notice] });
      } else if (models.length > 0)
        fill(
          models.map((model) => drops.keep(model)),
          side,
        );
    },
  };
}
