import { parseHubPath } from "./hub-path.ts";
import type { Ref } from "./ref.ts";
import { RefError } from "./ref-error.ts";
import { isFolder, isModelFile, isRepoId, isRevision } from "./ref-grammar.ts";

const ACCEPTED =
  "Accepted are org/name, a bare name such as gpt2, either with @revision and :folder, a pasted Hub link, and an https:// folder or .safetensors file.";
const HUB_HOSTS = new Set(["huggingface.co", "www.huggingface.co", "hf.co", "www.hf.co"]);
const OTHER_FORMATS = /\.(?:bin|gguf|ggml|pt|pth|ckpt|onnx|h5|msgpack|npz|zip|tar|gz)$/i;

/**
 * Reads one operand as a person writes or pastes it. `hub` is the origin of the Hub in use: links to it are repos, like those
 * to huggingface.co. Throws `RefError`. The forms, `?` being optional:
 *
 * - `org/name`, `name`, then `@revision`?, then `:folder`? (a folder, or one file, inside the repo)
 * - a Hub link, with or without `https://` and `www.`: the repo's page, or `tree`, `blob`, `resolve`, `raw`, `commit` in it
 * - `hf://org/name@revision/folder`
 * - `https://…`: a folder, or a file that ends in `.safetensors` or `.index.json`; `http://` on this machine only
 * - `demo:name`
 *
 * `local:name`, which stands for files of this machine, is what `formatRef` writes and nothing that can be read.
 */
export function parseRef(text: string, options: { hub: string }): Ref {
  const written = unquoted(text.trim());
  if (written === "") throw new RefError(`Nothing is written here. ${ACCEPTED}`);
  if (/^local:/i.test(written)) throw localFiles(written.slice("local:".length).trim());
  const [scheme] = /^[a-z][a-z\d+.-]*(?=:\/\/)/i.exec(written) ?? [];
  // Only a folder's name may have a space in it.
  if (/\s/.test(scheme ? written : written.replace(/:.*/s, ""))) {
    throw new RefError(`"${written}" has a space in it; give one model per field. ${ACCEPTED}`);
  }
  switch (scheme?.toLowerCase()) {
    case "http":
    case "https":
      return parseAddress(written, options.hub);
    case "hf":
      return parseHfScheme(written.slice("hf://".length));
    case undefined:
      break;
    default:
      throw new RefError(`"${scheme}://" addresses cannot be read by a web page. ${ACCEPTED}`);
  }
  if (/^demo:/i.test(written)) return parseDemo(written.slice("demo:".length));
  if (isHubLinkWithoutScheme(written, options.hub)) return parseAddress(`https://${written}`, options.hub);
  return parseBare(written);
}

/** The canonical way to write a reference; `parseRef` reads it back to an equal one, unless it stands for local files. */
export function formatRef(ref: Ref): string {
  switch (ref.kind) {
    case "url":
      return ref.url;
    case "demo":
      return `demo:${ref.name}`;
    case "local":
      return `local:${ref.drop.name}`;
    case "hub":
      return ref.repo + (ref.revision ? `@${ref.revision}` : "") + (ref.folder ? `:${ref.folder}` : "");
  }
}

function unquoted(text: string): string {
  const inner = /^(?:"(.*)"|'(.*)'|`(.*)`|<(.*)>)$/.exec(text);
  return inner
    ? (inner
        .slice(1)
        .find((part) => part !== undefined)
        ?.trim() ?? "")
    : text;
}

function localFiles(name: string): RefError {
  return new RefError(
    `${name === "" ? "Local files" : `"${name}" stands for local files, which`} cannot be in a link or typed. Drop them on this field again, or pick them with the button in it.`,
  );
}

function parseDemo(name: string): Ref {
  if (!/^\w[\w.-]*$/.test(name))
    throw new RefError(`"demo:${name}" names no demo: after demo: comes one word. ${ACCEPTED}`);
  return { kind: "demo", name };
}

/** `name[@revision][:folder]`; a revision has no colon in it (git forbids that), a folder may hold anything. */
function parseBare(text: string): Ref {
  const [, repo = "", revision, folder] = /^([^@:]*)(?:@([^:]*))?(?::(.*))?$/s.exec(text) ?? [];
  if (/^(?:localhost|[\d.]+|\[.*\])$/.test(repo) || /^(?:\/|~|\.\.?\/|[a-z]:\\)/i.test(text)) {
    throw new RefError(
      `"${text}" is not on the Hub; a web address begins with https:// (or http:// on this machine). ${ACCEPTED}`,
    );
  }
  if (/\.(?:safetensors|json)$/i.test(repo)) {
    throw new RefError(`"${text}" is a file's name; give its whole address, beginning with https://. ${ACCEPTED}`);
  }
  return hubRef(repo, withSlashes(revision), folder, text);
}

/** Checks the parts of a Hub reference; `text` is what was written, for the message. */
function hubRef(repo: string, revision: string | undefined, folder: string | undefined, text: string): Ref {
  if (!isRepoId(repo)) throw new RefError(`"${text}" is not a model's name. ${ACCEPTED}`);
  if (revision !== undefined && !isRevision(revision)) {
    throw new RefError(
      `"${revision}" is not a revision: after @ comes a branch, a tag, a commit or refs/pr/1. ${ACCEPTED}`,
    );
  }
  const path = folder?.replace(/^\/+|\/+$/g, "");
  if (path !== undefined && !isFolder(path)) {
    throw new RefError(
      `"${folder}" is not a folder inside a repo: after the colon comes a path such as transformer. ${ACCEPTED}`,
    );
  }
  const ref: Ref = { kind: "hub", repo };
  if (revision !== undefined) ref.revision = revision;
  if (path) ref.folder = path;
  return ref;
}

function parseHfScheme(rest: string): Ref {
  const path = rest.replace(/^models\//, "");
  if (/^(?:datasets|spaces|buckets)\//.test(path)) throw new RefError(`"hf://${rest}" is not a model. ${ACCEPTED}`);
  const form = /^([^/@]+(?:\/[^/@]+)?)(?:@(refs\/(?:pr|convert)\/[^/]+|[^/]+))?(?:\/(.*))?$/.exec(path);
  if (!form) throw new RefError(`"hf://${rest}" is not a model's address. ${ACCEPTED}`);
  const [, repo = "", revision, folder] = form;
  return hubRef(repo, withSlashes(revision), folder, `hf://${rest}`);
}

function isHubLinkWithoutScheme(text: string, hub: string): boolean {
  const host = text.split(/[/?#]/, 1)[0]?.toLowerCase() ?? "";
  return text.includes("/") && (HUB_HOSTS.has(host) || host === new URL(hub).host);
}

function parseAddress(text: string, hub: string): Ref {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new RefError(`"${text}" is not a web address. ${ACCEPTED}`, { cause });
  }
  const isHub = url.origin === new URL(hub).origin || HUB_HOSTS.has(url.hostname) || url.host === new URL(hub).host;
  if (isHub) {
    const found = parseHubPath(url.pathname);
    if (!found) throw new RefError(`${url.host}${url.pathname} is not a model's page. ${ACCEPTED}`);
    return hubRef(found.repo, found.revision, found.folder, text);
  }
  if (url.protocol === "http:" && !isThisMachine(url.hostname)) {
    throw new RefError(`${url.host} is asked for over http://, which browsers block; use https://. ${ACCEPTED}`);
  }
  if (url.username || url.password) {
    throw new RefError(
      "The address has a user name or password in it, which pages may not send. Use an address that works without.",
    );
  }
  if (OTHER_FORMATS.test(url.pathname)) {
    throw new RefError(
      `${url.pathname.split("/").at(-1)} is not a safetensors file; other formats cannot be read. ${ACCEPTED}`,
    );
  }
  url.hash = "";
  if (!isModelFile(url.pathname)) {
    url.search = "";
    if (!url.pathname.endsWith("/")) url.pathname += "/";
  }
  return { kind: "url", url: url.href };
}

const isThisMachine = (host: string): boolean => /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(host);

/** Links write the slashes of a revision as `%2F`. */
const withSlashes = (revision: string | undefined): string | undefined => revision?.replace(/%2f/gi, "/");
