/** Milliseconds between two looks whether a page is there. */
const EVERY = 20;

/**
 * What a page of Playwright's own and a quiet tab both do: run a function in the page, before its own scripts or now. The
 * function and the number that it is given are sent as text.
 *
 * @typedef {{
 *   addInitScript: (work: (given: number) => void, given?: number) => Promise<unknown>,
 *   evaluate: <Found>(work: (given: number) => Found | Promise<Found>, given?: number) => Promise<Found>,
 * }} Tab
 *
 * A tab that the driver hardly listens to. `evaluate` takes whatever can be sent as JSON; `goto` resolves when the document
 * has been read; `setInputFile` gives the `index`-th field of those that `selector` names a file from the disk.
 *
 * @typedef {{
 *   addInitScript: Tab["addInitScript"],
 *   evaluate: <Found, Given>(work: (given: Given) => Found | Promise<Found>, given?: Given) => Promise<Found>,
 *   goto: (address: string) => Promise<void>,
 *   setInputFile: (selector: string, index: number, path: string) => Promise<void>,
 *   waitForTimeout: (milliseconds: number) => Promise<void>,
 *   close: () => Promise<void>,
 * }} QuietTab
 *
 * What the browser's protocol answers, as far as it is read here.
 *
 * @typedef {{ message: string }} ProtocolError
 * @typedef {{ errorText?: string }} Navigated
 * @typedef {{
 *   result: { value: unknown, objectId?: string },
 *   exceptionDetails?: { text: string, exception?: { description?: string } },
 * }} Evaluated
 */

/**
 * A tab of its own that the driver hardly listens to. Playwright's pages have it told of every packet that page and workers
 * receive, which takes a fifth of two cores during a scan and is nothing that a person's browser does; so what is timed
 * runs here, its rival too. It speaks the browser's own protocol, and names what it can do as Playwright does.
 *
 * @param {import("@playwright/test").Browser} browser
 * @returns {Promise<QuietTab>}
 */
export async function openQuietTab(browser) {
  const session = await browser.newBrowserCDPSession();
  const { browserContextId } = await session.send("Target.createBrowserContext");
  const size = { width: 1280, height: 800 };
  const { targetId } = await session.send("Target.createTarget", { url: "about:blank", browserContextId, ...size });
  const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: false });
  /** @type {Map<number, { resolve: (result: unknown) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let asked = 0;
  session.on("Target.receivedMessageFromTarget", (event) => {
    if (event.sessionId !== sessionId) return;
    /** @type {{ id: number, result: unknown, error?: ProtocolError }} */
    const { id, result, error } = JSON.parse(event.message);
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error) reject?.(new Error(error.message));
    else resolve?.(result);
  });

  /** @type {(method: string, params?: object) => Promise<unknown>} */
  const ask = (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      session
        .send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method, params }) })
        .catch(reject);
    });
  /** @param {object} call */
  const evaluated = async (call) => /** @type {Evaluated} */ (await ask("Runtime.evaluate", call));
  /** @type {(work: (given: never) => unknown, given: unknown) => string} */
  const callOf = (work, given) => `(${work})(${given === undefined ? "" : JSON.stringify(given)})`;

  /** @type {QuietTab} */
  const tab = {
    async addInitScript(work, given) {
      await ask("Page.enable");
      await ask("Page.addScriptToEvaluateOnNewDocument", { source: callOf(work, given) });
    },
    /** @template Found, Given @param {(given: Given) => Found | Promise<Found>} work @param {Given} [given] */
    async evaluate(work, given) {
      const call = { expression: callOf(work, given), awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await evaluated(call);
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return /** @type {Found} */ (result.value);
    },
    async goto(address) {
      const { errorText } = /** @type {Navigated} */ (await ask("Page.navigate", { url: address }));
      if (errorText) throw new Error(`${address} cannot be opened: ${errorText}`);
      const state = () => tab.evaluate(() => (location.href === "about:blank" ? "" : document.readyState));
      // The old document may go away in the middle of a question.
      while ((await state().catch(() => "")) !== "complete") await tab.waitForTimeout(EVERY);
    },
    async setInputFile(selector, index, path) {
      const expression = `document.querySelectorAll(${JSON.stringify(selector)})[${index}]`;
      const { result } = await evaluated({ expression });
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
