import { allDrawn } from "../components/draw-queue.ts";
import type { AppStore } from "../store/create-store.ts";
import { whenIdle } from "../store/idle.ts";
import { loadScreen, type ScreenFile, shownScreen } from "./load-screen.ts";

/** A tab in the background draws no frames; it must not keep anyone waiting. */
const frame = () =>
  new Promise<void>((done) => {
    requestAnimationFrame(() => done());
    setTimeout(done, 100);
  });

/** Resolves when this screen, if one is to be there, and all of its charts are drawn. */
export async function whenDrawn(screen: ScreenFile | null): Promise<void> {
  if (screen) await loadScreen(screen).catch(() => undefined);
  await frame();
  await allDrawn();
}

/** Colours fade in and bars glide; what is idle has arrived. A background tab's animations stand still: they are not waited for. */
async function settled(): Promise<void> {
  const moving = document.getAnimations().map((animation) => animation.finished.catch(() => undefined));
  await Promise.race([Promise.all(moving), new Promise((done) => setTimeout(done, 1000))]);
  await frame();
}

/** Resolves when nothing happens until the person does something, and all is drawn. */
export async function whenStill(store: AppStore): Promise<void> {
  await whenIdle(store);
  await whenDrawn(shownScreen(store.getState()));
  await settled();
}
