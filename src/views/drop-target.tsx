import { useEffect, useState } from "react";
import { useActions } from "./use-app.ts";

/** References dropped or pasted anywhere on the page, as text or links, and saved comparisons. */
export function DropTarget() {
  const actions = useActions();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = (event: DragEvent) => {
      event.preventDefault();
      setOver(event.type === "dragover");
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const data = event.dataTransfer;
      const file = data?.files[0];
      if (file) void actions.openFile(file);
      else actions.takeText(data?.getData("text/uri-list") || data?.getData("text/plain") || "");
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
    <div className="drop-hint" aria-hidden="true">
      Drop repo IDs, links, or a saved comparison
    </div>
  ) : null;
}
