import { useApp } from "../components/use-app.ts";
import css from "./engine-note.module.css";

const NAMES = { wgsl: "WebGPU", wasm: "WASM SIMD", reference: "reference" } as const;

/** Which engine computes; its reason opens beneath. */
export function EngineNote() {
  const { chosen, reason, workers } = useApp((state) => state.engine);
  if (!chosen) return null;
  return (
    <>
      <button className={css.engine} type="button" popoverTarget="engine-reason">
        {NAMES[chosen]}
        {workers > 0 && ` · ${workers} workers`}
      </button>
      <div id="engine-reason" className={css.reason} popover="auto">
        <b>{NAMES[chosen]}</b>
        <p>{reason}</p>
        <p className="sub">
          All engines give the same counts. <span className="mono">engine=wgsl</span>,{" "}
          <span className="mono">wasm</span> or <span className="mono">reference</span> in the address forces one.
        </p>
      </div>
    </>
  );
}
