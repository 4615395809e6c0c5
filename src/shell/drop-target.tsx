import { useEffect, useState } from "react";
import { useActions } from "../components/use-app.ts";
import type { ModelSide } from "../store/app-state.ts";
import css from "./drop-target.module.css";
import { droppedFiles } from "./dropped-files.ts";

const HINTS = {
  page: "Drop models, folders, links or a saved comparison",
  a: "Drop it as A",
  b: "Drop it as B",
} as const;

/** The field that an event happens on, if any. */
function sideOf({ target }: Event): ModelSide | undefined {
  const field = target instanceof Element ? target.closest<HTMLElement>("[data-side]") : null;
  return field?.dataset.side as ModelSide | undefined;
}

/** References, files and folders dropped or pasted anywhere on the page: on a field they are that one's. */
export function DropTarget() {
  const actions = useActions();
  const [over, setOver] = useState<keyof typeof HINTS | null>(null);
  useEffect(() => {
    const drag = (event: DragEvent) => {
      event.preventDefault();
      setOver(event.type === "dragover" ? (sideOf(event) ?? "page") : null);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(null);
      const data = event.dataTransfer;
      if (!data) return;
      const side = sideOf(event);
      if (![...data.types].includes("Files"))
        return actions.takeText(data.getData("text/uri-list") || data.getData("text/plain"), side);
      void actions.takeFiles(droppedFiles(data), side);
    };
    const paste = (event: ClipboardEvent) => {
      const target = event.target as HTMLElement | null;
      if (target?.closest("input, textarea, dialog")) return;
      actions.takeText(event.clipboardData?.getData("text") ?? "");
    };
    document.addEventListener("dragover", drag);
    document.addEventListener("dragleave", drag);
    document.addEventListener("drop", drop);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("dragover", drag);
      document.removeEventListener("dragleave", drag);
      document.removeEventListener("drop", drop);
      document.removeEventListener("paste", paste);
    };
  }, [actions]);
  return over ? (
    <div className={css.hint} aria-hidden="true">
      {HINTS[over]}
    </div>
  ) : null;
}
