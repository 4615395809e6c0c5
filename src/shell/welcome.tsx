import { useActions } from "../components/use-app.ts";
import { FIRST_DEMO, PLANTED_DEMOS } from "./demo-pairs.ts";
import { PairButton } from "./pair-button.tsx";
import { RecentPairs } from "./recent-pairs.tsx";
import css from "./welcome.module.css";

const PAIRS = [
  {
    a: "Qwen/Qwen2.5-Math-1.5B",
    b: "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B",
    why: "The paper's smallest pair: a distilled reasoner beside its base.",
  },
  {
    a: "Qwen/Qwen2.5-0.5B",
    b: "Qwen/Qwen2.5-0.5B-Instruct",
    why: "Instruction tuning, small enough for a quick look.",
  },
  {
    a: "HuggingFaceTB/SmolLM2-135M",
    b: "HuggingFaceTB/SmolLM2-135M-Instruct",
    why: "The lightest of the three, well below one gigabyte.",
  },
] as const;

/** The first visit: what this is, the demos, and three known pairs. */
export function Welcome() {
  const actions = useActions();
  const open = (a: string, b: string) => {
    actions.setText("a", a);
    actions.setText("b", b);
    void actions.compare();
  };
  return (
    <div className={css.welcome}>
      <h1>What did fine-tuning change?</h1>
      <p>
        Put two model repo IDs above. Your browser reads both checkpoints from the Hub, a range at a time, and shows for
        every module and layer how far the weights moved and how the change is distributed. Nothing is installed,
        nothing is uploaded.
      </p>
      <button className="button primary" type="button" onClick={() => open(FIRST_DEMO.a, FIRST_DEMO.b)}>
        {FIRST_DEMO.title}
      </button>
      <span className={`sub ${css.demoNote}`}>{FIRST_DEMO.why}</span>
      <ul className={`${css.pairs} ${css.demos}`} aria-label="Demos with a known change">
        {PLANTED_DEMOS.map(({ a, b, title, why }) => (
          <li key={b}>
            <button type="button" className={`${css.pair} ${css.demo}`} onClick={() => open(a, b)}>
              <span>{title}</span>
              <span className="sub">{why}</span>
            </button>
          </li>
        ))}
      </ul>
      <RecentPairs />
      <h2>Or a pair people know</h2>
      <ul className={css.pairs}>
        {PAIRS.map(({ a, b, why }) => (
          <li key={b}>
            <PairButton a={a} b={b} note={why} onClick={() => open(a, b)} />
          </li>
        ))}
      </ul>
      <p className="sub">
        One field alone shows a model's own norms. Links, repo IDs, saved comparisons and models on this computer (
        <span className="mono">.safetensors</span> files, folders, a Hugging Face cache folder) can be dropped anywhere
        on this page. Also understood: <span className="mono">org/name@revision:folder</span>, a Hub address,{" "}
        <span className="mono">https://host/folder/</span>.
      </p>
    </div>
  );
}
