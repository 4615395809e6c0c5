import type { Pair } from "../pairing/pair.ts";
import { put } from "../permalink/shelf.ts";
import { viewOf } from "../store/slice.ts";
import { useActions, useApp, useInstruments, useStore } from "./use-app.ts";

/** Buttons that open a tensor in the other instruments that can look at it; nothing where none can. */
export function HandOver({ pair }: { pair: Pair }) {
  const open = useApp((state) => state.instrument);
  const others = useInstruments().filter(({ id, takes }) => id !== open && takes?.fits(pair));
  const store = useStore();
  const { openInstrument } = useActions();
  return others.map(({ id, section, takes }) => (
    <button
      key={id}
      className="button"
      type="button"
      onClick={() => {
        const { views } = store.getState();
        openInstrument(id, put(views, section, takes?.view(viewOf({ views }, section), pair)));
      }}
    >
      {takes?.label}
    </button>
  ));
}
