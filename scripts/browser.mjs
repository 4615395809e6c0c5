import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { packageScript, root } from "./install.mjs";
import { runStep } from "./run-step.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/**
 * `found` says where it was found, as the end of a sentence.
 *
 * @typedef {{ path: string, found: string }} Browser
 *
 * @typedef {Browser & { version: string }} TriedBrowser `version` is what it calls itself
 */

/** Where browsers lie that are not on PATH, by platform. */
function usualPlaces() {
  if (process.platform === "darwin") {
    const apps = ["Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome"];
    return ["/Applications", join(homedir(), "Applications")].flatMap((folder) => apps.map((app) => join(folder, app)));
  }
  if (process.platform === "win32") {
    const { ProgramFiles, LOCALAPPDATA } = process.env;
    const folders = [ProgramFiles, process.env["ProgramFiles(x86)"], LOCALAPPDATA].filter(
      (folder) => folder !== undefined,
    );
    return folders.map((folder) => join(folder, "Google", "Chrome", "Application", "chrome.exe"));
  }
  return ["/usr/bin/chromium", "/usr/bin/google-chrome", "/opt/google/chrome/chrome", "/snap/bin/chromium"];
}

/**
 * Every place to look, best first.
 *
 * @returns {Browser[]}
 */
function candidates() {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
  const list = [...onPath, ...usualPlaces()].map((path) => ({ path, found: "installed on this machine" }));
  try {
    const { chromium } = createRequire(import.meta.url)("playwright-core");
    list.push({ path: chromium.executablePath(), found: "from Playwright's own download" });
  } catch {
    // The packages are not installed yet.
  }
  return list;
}

/**
 * The browser for the tests: the one $AUSCULT_CHROMIUM names, else an installed Chrome or Chromium, else Playwright's
 * own. It only looks whether a file is there; `ensureBrowser` also starts it.
 *
 * @returns {Browser | undefined}
 */
export function findBrowser() {
  const named = process.env.AUSCULT_CHROMIUM;
  if (named) return { path: named, found: "named by AUSCULT_CHROMIUM" };
  return candidates().find(({ path }) => existsSync(path));
}

/**
 * What the browser calls itself, or undefined where it does not start: some distributions install a mere signpost.
 *
 * @param {string} path
 */
async function versionOf(path) {
  // On Windows Chrome answers --version by opening a window.
  if (process.platform === "win32") return existsSync(path) ? "Chrome" : undefined;
  const step = await runStep({ command: path, args: ["--version"], capture: true });
  return step.ok ? /^.*(Chrom|Edge).*\d+\.\d+.*$/m.exec(step.output)?.[0].trim() : undefined;
}

/**
 * @param {readonly Browser[]} list
 * @returns {Promise<TriedBrowser | undefined>}
 */
async function firstThatStarts(list) {
  const tried = new Set();
  for (const browser of list) {
    const file = existsSync(browser.path) ? realpathSync(browser.path) : undefined;
    if (file === undefined || tried.has(file)) continue;
    tried.add(file);
    const version = await versionOf(browser.path);
    if (version !== undefined) return { ...browser, version };
    console.log(`${browser.path} does not start, so it is passed over.`);
  }
  return undefined;
}

/** Debian's own package; Ubuntu's of that name only points to a snap, which needs a running system. */
function canUseDebian() {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/etc/os-release")) return false;
  const text = readFileSync("/etc/os-release", "utf8");
  return /^ID(_LIKE)?=.*\bdebian\b/m.test(text) && !/^ID(_LIKE)?=.*\bubuntu\b/m.test(text);
}

async function installFromDebian() {
  console.log("No Chrome or Chromium was found: installing Debian's chromium package.");
  const options = ["-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=30", "-o", "DPkg::Lock::Timeout=60", "-q"];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  /** @param {string[]} args */
  const apt = (...args) => runStep({ command: "apt-get", args: [...options, ...args], env });
  const update = await apt("update");
  const install = update.ok ? await apt("install", "-y", "--no-install-recommends", "chromium") : update;
  if (!install.ok) console.log(`apt-get ${install.reason}.`);
}

async function installFromPlaywright() {
  console.log("No Chrome or Chromium was found: fetching the one Playwright builds.");
  const withSystemLibraries = process.platform === "linux" && process.getuid?.() === 0 ? ["--with-deps"] : [];
  const step = await runStep({
    command: process.execPath,
    args: [
      packageScript("@playwright/test", "playwright"),
      "install",
      "--no-shell",
      ...withSystemLibraries,
      "chromium",
    ],
    cwd: root,
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
  if (!step.ok) console.log(`Playwright's download ${step.reason}.`);
}

/**
 * A browser that starts, installed if there is none; says on the way what it does.
 *
 * @returns {Promise<TriedBrowser>}
 * @throws {Error} with a sentence for the person where none could be had
 */
export async function ensureBrowser() {
  const named = process.env.AUSCULT_CHROMIUM;
  let browser = await firstThatStarts(named ? [{ path: named, found: "named by AUSCULT_CHROMIUM" }] : candidates());
  if (browser === undefined && named) {
    throw new Error(`AUSCULT_CHROMIUM names ${named}, which does not start: correct it or leave it unset.`);
  }
  if (browser === undefined && canUseDebian()) {
    await installFromDebian();
    browser = await firstThatStarts(candidates());
  }
  if (browser === undefined) {
    await installFromPlaywright();
    browser = await firstThatStarts(candidates());
  }
  if (browser === undefined) {
    throw new Error(
      "No browser could be had: install Chrome or Chromium, or set AUSCULT_CHROMIUM to one, and run this again.",
    );
  }
  console.log(`The browser tests use ${browser.version} at ${browser.path} (${browser.found}).`);
  return browser;
}
