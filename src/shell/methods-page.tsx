import type { ReactNode } from "react";
import { useActions, useApp } from "../components/use-app.ts";
import css from "./methods.module.css";
import { MethodsDistributions } from "./methods-distributions.tsx";
import { MethodsExactness } from "./methods-exactness.tsx";
import { MethodsKinds } from "./methods-kinds.tsx";
import { MethodsPaper } from "./methods-paper.tsx";
import { MethodsSizes } from "./methods-sizes.tsx";

const PARTS: readonly { id: string; title: string; text: () => ReactNode }[] = [
  { id: "sizes", title: "How far the weights moved", text: MethodsSizes },
  { id: "distributions", title: "How the change is distributed", text: MethodsDistributions },
  { id: "kinds", title: "What kind of change it is", text: MethodsKinds },
  { id: "paper", title: "The paper, and what its code does", text: MethodsPaper },
  { id: "exactness", title: "What is read, and how exact it is", text: MethodsExactness },
];

/** Goes to a part; its heading takes the focus, so that the next Tab and a screen reader go on from there. */
function goTo(id: string): void {
  const heading = document.getElementById(id);
  heading?.scrollIntoView();
  heading?.focus({ preventScroll: true });
}

/** Every number of the page, derived in a few lines, with its source. */
export default function MethodsPage() {
  const actions = useActions();
  const hasComparison = useApp((state) => state.comparison !== null);
  return (
    <article className={css.methods}>
      <button className="button" type="button" onClick={() => actions.turnTo("main")}>
        {hasComparison ? "Back to the comparison" : "Back to the start"}
      </button>
      <h1>Methods</h1>
      <p>
        What each number here is, how it follows from the weights, and where the definition comes from. Thresholds and
        widths are the ones that the page computes with.
      </p>
      <nav aria-label="On this page">
        <ul>
          {PARTS.map(({ id, title }) => (
            <li key={id}>
              {/* A button: the address says what is shown, and must not be a place on it. */}
              <button className="button quiet" type="button" onClick={() => goTo(id)}>
                {title}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <p>
        Throughout, a is a weight of the base model A, b its counterpart in the tuned model B, both decoded exactly as
        they are stored, and d = b − a is their difference, rounded once to float32 (to float64 where a side is F64 or a
        whole number). Σ runs over the finite elements of a tensor; ‖A‖ = √Σa² and ‖Δ‖ = √Σd² are Frobenius norms, not
        divided by the number of weights. A norm of several experts pooled is that of all their weights.
      </p>
      {PARTS.map(({ id, title, text: Text }) => (
        <section key={id} aria-labelledby={id}>
          <h2 id={id} tabIndex={-1}>
            {title}
          </h2>
          <Text />
        </section>
      ))}
    </article>
  );
}
