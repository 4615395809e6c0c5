import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { oauthClient } from "./access/oauth-client.ts";
import { readSignInAnswer } from "./access/sign-in-answer.ts";
import { type ComparisonFile, comparisonFile, type FilePair } from "./comparing/file/comparison-file.ts";
import { allDrawn } from "./components/draw-queue.ts";
import { AppContext } from "./components/use-app.ts";
import type { ViewState } from "./instruments/delta/view-state.ts";
import { formatLink, parseLink } from "./permalink/permalink.ts";
import { App } from "./shell/app.tsx";
import { loadScreen } from "./shell/load-screen.ts";
import { createActions } from "./store/actions.ts";
import type { AppState } from "./store/app-state.ts";
import { createAppStore } from "./store/create-store.ts";
import { whenIdle } from "./store/idle.ts";
import { isRunning } from "./store/job.ts";
import { linkOf } from "./store/link.ts";
import { phaseOf, scanProgress } from "./store/phase.ts";
import { shownPage } from "./store/shown-page.ts";
import { PageWorkers } from "./workforce/page-workers.ts";
import "./components/style/tokens.css";
import "./components/style/font.css";
import "./components/style/base.css";
import "./shell/app.css";

declare global {
  interface Window {
    /** What a static Space tells its page. */
    huggingface?: { variables?: unknown };
    auscult: {
      /** Resolves when the scan is finished, paused, waiting for a click or failed, and all is drawn. */
      whenIdle(): Promise<void>;
      /** The comparison as plain data; `filter` picks pairs. Null before there is one. */
      comparison(filter?: (pair: FilePair) => boolean): ComparisonFile | null;
    };
  }
}

// Before anything else: nothing here may see, keep or share an address with the answer to a sign-in in it.
const back = readSignInAnswer(location.search);
if (back) {
  const hash = back.answer.pending?.hash ?? location.hash;
  history.replaceState(null, "", `${location.pathname}${back.search}${hash}`);
}

const meta = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;
const client = oauthClient({
  space: window.huggingface?.variables,
  id: meta("oauth-client-id"),
  hub: meta("oauth-hub"),
});

/** A tab in the background draws no frames; it must not keep anyone waiting. */
const frame = () =>
  new Promise<void>((done) => {
    requestAnimationFrame(() => done());
    setTimeout(done, 100);
  });

/** Resolves when the screen of `page`, if one is to be there, and all of its charts are drawn. */
async function drawn(page: ViewState["page"] | null): Promise<void> {
  if (page) await loadScreen(page).catch(() => undefined);
  await frame();
  await allDrawn();
}

/** Milliseconds that a scan waits for its screen at most. */
const SCREEN_PATIENCE = 500;

const store = createAppStore();
const actions = createActions(store, {
  page: location.origin,
  address: location.href.replace(/#.*$/, ""),
  demo: new URL("demo/", location.href).href,
  pool: new PageWorkers(navigator.hardwareConcurrency || 2),
  saveData: (navigator as { connection?: { saveData?: boolean } }).connection?.saveData ?? false,
  gpu: "gpu" in navigator,
  // The proof that a sign-in was begun here needs a hash, which browsers compute on secure pages only.
  ...(client && isSecureContext
    ? {
        signIn: {
          client,
          framed: window.self !== window.top,
          go: (address, newTab) => {
            if (newTab) window.open(address, "_blank", "noopener");
            else location.assign(address);
          },
        },
      }
    : {}),
  screenDrawn: () => Promise.race([drawn("main"), new Promise<void>((done) => setTimeout(done, SCREEN_PATIENCE))]),
  download(file, name) {
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(file);
    anchor.download = name;
    anchor.click();
    // The download has its own hold on the bytes once it has begun.
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  },
});

/** Colours fade in and bars glide; what is idle has arrived. A background tab's animations stand still: they are not waited for. */
async function settled(): Promise<void> {
  const moving = document.getAnimations().map((animation) => animation.finished.catch(() => undefined));
  await Promise.race([Promise.all(moving), new Promise((done) => setTimeout(done, 1000))]);
  await frame();
}

window.auscult = {
  async whenIdle() {
    await whenIdle(store);
    const page = shownPage(store.getState());
    await drawn(page !== "main" || store.getState().comparison ? page : null);
    await settled();
  },
  comparison(filter) {
    const { comparison, results, engine } = store.getState();
    return comparison && comparisonFile(comparison, results.list, engine.chosen, filter);
  },
};

/** What a step back should undo. Everything else only rewrites the address in place. */
const stepOf = ({ comparison, view }: AppState): string =>
  JSON.stringify([
    comparison?.id ?? null,
    view.page,
    view.metric,
    view.group,
    view.figure,
    view.module,
    view.cell,
    view.denominator,
  ]);

let written = location.hash;
let step = stepOf(store.getState());
let { page } = store.getState().view;

const PAGES = { main: "", methods: "Methods · ", report: "Report · " } as const;

function titleOf(state: AppState): string {
  const { comparison } = state;
  const progress = scanProgress(state);
  const operands = comparison
    ? `${comparison.a.label}${comparison.b ? ` → ${comparison.b.label}` : ""} · Auscult`
    : "Auscult";
  const names = PAGES[shownPage(state)] + operands;
  if (!isRunning(state, "scan") || !progress) return names;
  const { a, b } = progress.bytes;
  const total = a.total + b.total;
  return `${Math.floor((total > 0 ? (a.done + b.done) / total : 0) * 100)} % · ${names}`;
}

store.subscribe((state) => {
  const title = titleOf(state);
  if (document.title !== title) document.title = title;
  const turned = page !== state.view.page;
  page = state.view.page;
  if (!state.comparison) {
    if (turned) turnTo(page);
    return;
  }
  const hash = formatLink(linkOf(state));
  if (hash === written) {
    step = stepOf(state);
    return;
  }
  // A reference that was merely pinned, or a filter that was typed, is no new place to come back to.
  const entered = step !== stepOf(state) && !samePlace(written, hash);
  step = stepOf(state);
  written = hash;
  if (entered) history.pushState(null, "", hash);
  else history.replaceState(null, "", hash);
});

/** Another page without a comparison: what else the address says stays, be it opened yet or not. */
function turnTo(page: ViewState["page"]): void {
  const { link } = parseLink(written);
  if (link.view.page === page) return;
  written = formatLink({ ...link, view: { ...link.view, page } });
  history.pushState(null, "", written || location.pathname + location.search);
}

/** Whether two hashes speak of the same operands at whatever commit, viewed alike. */
function samePlace(before: string, after: string): boolean {
  const bare = (hash: string) => {
    const { link } = parseLink(hash);
    const name = (ref: string | null) => ref?.replace(/@[^:]*/, "") ?? null;
    return JSON.stringify({
      ...link,
      ...{ a: name(link.a), b: name(link.b), adapter: name(link.adapter) },
      view: { ...link.view, find: "", sort: "" },
    });
  };
  return bare(before) === bare(after);
}

/** Follows the address: another view of the same operands is only looked at, another pair is opened. */
function follow(): void {
  if (location.hash === written) return;
  // Before there is a comparison the address may name one that is being opened, and the fields hold what was typed since.
  const now = store.getState().comparison ? linkOf(store.getState()) : parseLink(written).link;
  written = location.hash;
  const { link, problems } = parseLink(location.hash);
  const same =
    link.a === now.a &&
    link.b === now.b &&
    link.adapter === now.adapter &&
    link.hub === now.hub &&
    link.engine === now.engine;
  if (same) {
    actions.setView(link.view);
    step = stepOf(store.getState());
    if (link.rename !== now.rename) void actions.setRename(link.rename ?? "");
  } else void actions.openLink(link, problems);
}
addEventListener("popstate", follow);
addEventListener("hashchange", follow);

// Fetched while headers travel, or while the person reads the first screen.
store.subscribe((state) => {
  if (phaseOf(state).status === "opening") loadScreen("main").catch(() => undefined);
});

const { link, problems } = parseLink(location.hash);
if (back) void actions.finishSignIn(back.answer, () => void actions.openLink(link, problems));
else void actions.openLink(link, problems);

const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root to draw into.");
createRoot(root).render(
  <StrictMode>
    <AppContext value={{ store, actions }}>
      <App />
    </AppContext>
  </StrictMode>,
);
