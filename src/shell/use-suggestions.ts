import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useActions } from "../components/use-app.ts";
import type { ModelSide } from "../store/app-state.ts";

/** Milliseconds without a key press before the Hub is asked. */
const PATIENCE = 250;

export interface Suggestions {
  names: readonly string[];
  /** Position of the one that Enter takes; −1 for none. */
  active: number;
  /** Looks for what begins like `text`, in a moment. */
  look(text: string): void;
  take(name: string): void;
  close(): void;
  onKeyDown(event: KeyboardEvent): void;
}

/** The names under a field: asked for when typing rests, gone with the next key, when one is taken, and when the focus goes. */
export function useSuggestions(side: ModelSide): Suggestions {
  const actions = useActions();
  const [names, setNames] = useState<readonly string[]>([]);
  const [active, setActive] = useState(-1);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** Counts the questions, so that a late answer is told from the one that is waited for. */
  const question = useRef(0);

  const close = () => {
    clearTimeout(timer.current);
    question.current++;
    setNames([]);
    setActive(-1);
    void actions.suggest("");
  };
  const look = (text: string) => {
    close();
    const mine = question.current;
    timer.current = setTimeout(async () => {
      const found = await actions.suggest(text);
      if (mine === question.current) setNames(found.filter((name) => name !== text.trim()));
    }, PATIENCE);
  };
  const take = (name: string) => {
    actions.setText(side, name);
    close();
  };
  useEffect(() => () => clearTimeout(timer.current), []);

  /** Down and up go round, with a stop in the field itself. */
  const step = (by: 1 | -1) => {
    const stops = names.length + 1;
    setActive(((active + 1 + by + stops) % stops) - 1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (names.length === 0) return;
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) take(names[active]);
    else return;
    event.preventDefault();
  };
  return { names, active, look, take, close, onKeyDown };
}
