// First: what a part of the page says of itself goes before what is true of all.
import "./components/style/tokens.css";
import "./components/style/font.css";
import "./components/style/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { oauthClient } from "./access/oauth-client.ts";
import { readSignInAnswer } from "./access/sign-in-answer.ts";
import { type ComparisonFile, comparisonFile, type FilePair } from "./comparing/file/comparison-file.ts";
import { AppContext } from "./components/use-app.ts";
import { AddressBar } from "./permalink/address-bar.ts";
import { App } from "./shell/app.tsx";
import { INSTRUMENTS, instrumentById, LINKS } from "./shell/instruments.ts";
import { loadScreen } from "./shell/load-screen.ts";
import { pageTitle } from "./shell/page-title.ts";
import { whenDrawn, whenStill } from "./shell/when-drawn.ts";
import { createActions } from "./store/actions.ts";
import { createAppStore } from "./store/create-store.ts";
import { linkOf } from "./store/link.ts";
import { phaseOf } from "./store/phase.ts";
import { PageWorkers } from "./workforce/page-workers.ts";

declare global {
  interface Window {
    /** What a static Space tells its page. */
    huggingface?: { variables?: unknown };
    auscult: {
      /** Resolves when the scan is finished, paused, waiting for a click or failed, and all is drawn. */
      whenIdle(): Promise<void>;
      /** The comparison as plain data; `filter` picks pairs. Null before there is one. */
      comparison(filter?: (pair: FilePair) => boolean): ComparisonFile | null;
      /** What an instrument shows, as plain data; null before there is something. Throws where there is no such instrument. */
      result(instrument: string): unknown;
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

/** Milliseconds that a scan waits for its screen at most. */
const SCREEN_PATIENCE = 500;

const store = createAppStore(LINKS.empty);
const openScreen = () => instrumentById(store.getState().instrument).screen;
const actions = createActions(store, {
  page: location.origin,
  address: location.href.replace(/#.*$/, ""),
  demo: new URL("demo/", location.href).href,
  instruments: INSTRUMENTS,
  links: LINKS,
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
  screenDrawn: () =>
    Promise.race([whenDrawn(openScreen()), new Promise<void>((done) => setTimeout(done, SCREEN_PATIENCE))]),
  download(file, name) {
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(file);
    anchor.download = name;
    anchor.click();
    // The download has its own hold on the bytes once it has begun.
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  },
});

window.auscult = {
  whenIdle: () => whenStill(store),
  comparison(filter) {
    const { comparison, results, engine } = store.getState();
    return comparison && comparisonFile(comparison, results.list, engine.chosen, filter);
  },
  result: (instrument) => instrumentById(instrument).result(store.getState()),
};

const bar = new AddressBar(LINKS, window);

store.subscribe((state) => {
  const title = pageTitle(state);
  if (document.title !== title) document.title = title;
  bar.show(linkOf(state), state.comparison?.id ?? null);
  // Fetched while headers travel, or while the person reads the first screen.
  if (phaseOf(state).status === "opening") loadScreen(openScreen()).catch(() => undefined);
});

function follow(): void {
  const state = store.getState();
  const move = bar.follow(state.comparison && linkOf(state));
  if (move?.to === "operands") void actions.openLink(move.link, move.problems);
  if (move?.to !== "view") return;
  actions.lookAt(move.link);
  if (move.renamed) void actions.setRename(move.link.rename ?? "");
}
addEventListener("popstate", follow);
addEventListener("hashchange", follow);

const { link, problems } = bar.read();
if (back) void actions.finishSignIn(back.answer, () => void actions.openLink(link, problems));
else void actions.openLink(link, problems);

const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root to draw into.");
createRoot(root).render(
  <StrictMode>
    <AppContext value={{ store, actions, instruments: INSTRUMENTS }}>
      <App />
    </AppContext>
  </StrictMode>,
);
