import { type ChangeEvent, useRef, useState } from "react";
import { useActions } from "../components/use-app.ts";
import type { ModelSide } from "../store/app-state.ts";
import { pickedFiles } from "./dropped-files.ts";
import css from "./operand-field.module.css";

/** Files or a folder of this computer for a side, for those who do not drag. */
export function PickButton({ side }: { side: ModelSide }) {
  const actions = useActions();
  const [isOpen, setOpen] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const choose = (input: HTMLInputElement | null) => {
    setOpen(false);
    opener.current?.focus();
    input?.click();
  };
  const take = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const picked = pickedFiles([...(currentTarget.files ?? [])]);
    // The same choice again is to be heard of, too.
    currentTarget.value = "";
    void actions.takeFiles(picked, side);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears where the focus of its buttons goes
    <div
      className={css.pick}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen) return;
        setOpen(false);
        opener.current?.focus();
      }}
    >
      <button
        ref={opener}
        type="button"
        className={css.opener}
        aria-expanded={isOpen}
        aria-label={`Choose files of this computer for ${side.toUpperCase()}`}
        title="Files or a folder of this computer"
        onClick={() => setOpen(!isOpen)}
      >
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M1.75 4.25c0-.6.4-1 1-1h3l1.5 1.75h6c.6 0 1 .4 1 1v6c0 .6-.4 1-1 1H2.75c-.6 0-1-.4-1-1z" />
        </svg>
      </button>
      {isOpen && (
        <div className={css.menu}>
          <button type="button" onClick={() => choose(files.current)}>
            Files…
          </button>
          <button type="button" onClick={() => choose(folder.current)}>
            Folder…
          </button>
          <p className="sub">Read where they lie, never uploaded.</p>
        </div>
      )}
      <input ref={files} type="file" hidden multiple accept=".safetensors,.json,.gz" onChange={take} />
      {/* React's types do not know this one, which every browser does. */}
      <input ref={folder} type="file" hidden {...{ webkitdirectory: "" }} onChange={take} />
    </div>
  );
}
