import { type Link, LinkFormat } from "../../permalink/link-format.ts";
import { createActions } from "../actions.ts";
import { createAppStore } from "../create-store.ts";
import type { Environment } from "../opening.ts";
import type { Slice } from "../slice.ts";
import { SAMPLE } from "./sample-instrument.ts";
import { checkpointOf, ScriptedPool, settle, type Tensors } from "./scripted-pool.ts";

export const PAGE = "https://auscult.example";
export const HUB = "https://huggingface.co";
export const SMALL: Tensors = [
  ["model.layers.0.self_attn.o_proj.weight", [4, 4]],
  ["model.layers.1.self_attn.o_proj.weight", [4, 4]],
  ["model.layers.0.mlp.down_proj.weight", [4, 8]],
];
/** 1.2 GB a side. */
const LARGE: Tensors = [["model.layers.0.mlp.down_proj.weight", [60_000, 10_000]]];

/** For tests: a page with two small repos, two large ones and a few others, and what it is asked to do. */
export function scriptedPage(given: Partial<Environment> = {}, instrument: Slice = SAMPLE) {
  const scripted = new ScriptedPool();
  const sources: [ref: string, tensors: Tensors][] = [
    ["org/base", SMALL],
    ["org/tuned", SMALL],
    ["org/large", LARGE],
    ["org/larger", LARGE],
    ["org/unlike", [["other.weight", [4, 4]]]],
    ["demo:base", SMALL],
    ["https://files.test/model/", SMALL],
    ["http://127.0.0.1:8080/a/", LARGE],
    ["http://localhost:8080/b/", LARGE],
  ];
  for (const [ref, tensors] of sources) scripted.answers.set(ref, checkpointOf(ref, tensors));
  const links = new LinkFormat([instrument.section]);
  const store = createAppStore(links.empty);
  const downloads: { name: string; file: Blob }[] = [];
  const environment: Environment = {
    ...{ page: PAGE, address: `${PAGE}/app/`, demo: `${PAGE}/app/demo/`, pool: scripted },
    ...{ saveData: false, gpu: false, links, instruments: [instrument] },
    download: (file, name) => downloads.push({ name, file }),
    ...given,
  };
  const actions = createActions(store, environment);
  const state = () => store.getState();
  /** Types both fields and compares. */
  const compare = async (a: string, b = "") => {
    actions.setText("a", a);
    actions.setText("b", b);
    await actions.compare();
    await settle();
  };
  const open = async (link: Partial<Link>, problems?: string[]) => {
    await actions.openLink({ ...links.empty, ...link }, problems);
    await settle();
  };
  const errors = () => [state().operands.a.error, state().operands.b.error];
  const asked = () => scripted.opened.map(({ ref }) => ref);
  return { ...{ scripted, store, actions, state, compare, open, errors, asked, downloads }, environment };
}
