/** Milliseconds between two looks whether a page is there. */
const EVERY = 20;

/**
 * A tab of its own that the driver hardly listens to. Playwright's pages have it told of every packet that page and workers
 * receive, which takes a fifth of two cores during a scan and is nothing that a person's browser does; so what is timed
 * runs here, its rival too. It speaks the browser's own protocol, and names what it can do as Playwright does.
 *
 * @typedef {Awaited<ReturnType<typeof openQuietTab>>} QuietTab
 *
 * @param {import("@playwright/test").Browser} browser
 */
export async function openQuietTab(browser) {
  const session = await browser.newBrowserCDPSession();
  const { browserContextId } = await session.send("Target.createBrowserContext");
  const size = { width: 1280, height: 800 };
  const { targetId } = await session.send("Target.createTarget", { url: "about:blank", browserContextId, ...size });
  const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: false });
  const waiting = new Map();
  let asked = 0;
  session.on("Target.receivedMessageFromTarget", (event) => {
    if (event.sessionId !== sessionId) return;
    const { id, result, error } = JSON.parse(event.message);
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error) reject?.(new Error(error.message));
    else resolve?.(result);
  });

  const ask = (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      session
        .send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method, params }) })
        .catch(reject);
    });
  const callOf = (work, given) => `(${work})(${given === undefined ? "" : JSON.stringify(given)})`;

  const tab = {
    /** Runs in the page before its own scripts. */
    async addInitScript(work, given) {
      await ask("Page.enable");
      await ask("Page.addScriptToEvaluateOnNewDocument", { source: callOf(work, given) });
    },
    /** What a function gives or resolves with in the page; it and what it is given are sent as text. */
    async evaluate(work, given) {
      const call = { expression: callOf(work, given), awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await ask("Runtime.evaluate", call);
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    },
    /** Resolves when the document has been read. */
    async goto(address) {
      const { errorText } = await ask("Page.navigate", { url: address });
      if (errorText) throw new Error(`${address} cannot be opened: ${errorText}`);
      const state = () => tab.evaluate(() => (location.href === "about:blank" ? "" : document.readyState));
      // The old document may go away in the middle of a question.
      while ((await state().catch(() => "")) !== "complete") await tab.waitForTimeout(EVERY);
    },
    /** Gives the `index`-th field of those that `selector` names a file from the disk. */
    async setInputFile(selector, index, path) {
      const expression = `document.querySelectorAll(${JSON.stringify(selector)})[${index}]`;
      const { result } = await ask("Runtime.evaluate", { expression });
      await ask("DOM.setFileInputFiles", { files: [path], objectId: result.objectId });
    },
    waitForTimeout: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
    async close() {
      await session.send("Target.disposeBrowserContext", { browserContextId });
      await session.detach();
    },
  };
  return tab;
}
