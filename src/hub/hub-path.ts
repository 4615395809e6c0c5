import { percentDecoded } from "./percent-decoded.ts";

/** What follows the repo in the path of one of its pages. */
const PAGES_OF_A_TREE = new Set(["tree", "commit", "commits", "blob", "resolve", "raw", "blame", "edit", "delete"]);
const PAGES_OF_A_FILE = new Set(["blob", "resolve", "raw", "blame", "edit", "delete"]);
const OTHER_PAGES = new Set(["discussions", "settings", "activity", "community"]);
/** First segments of the Hub's own pages, and of repos that are not models. */
const NOT_AN_OWNER = new Set(
  "api blog buckets chat collections datasets docs inference join kernels learn login models new notifications organizations papers posts pricing search settings spaces tasks".split(
    " ",
  ),
);

/**
 * Finds the model in the path of a Hub page, `/org/name[/tree/<revision>[/<path>]]` and the like, or returns undefined. A
 * slash in a revision is `%2F` there, or plain in `refs/pr/1`. A page of one file leads to the folder it lies in when it is
 * named as a checkpoint's own parts are, and to that very file when it is some other `.safetensors`.
 */
export function parseHubPath(pathname: string): { repo: string; revision?: string; folder?: string } | undefined {
  let segments = pathname.split("/").filter((segment) => segment !== "");
  if (segments[0] === "api" && segments[1] === "models") segments = segments.slice(2);
  else if (segments[0] === "models" && segments.length > 1) segments = segments.slice(1);
  const [first = "", second] = segments;
  if (first === "" || NOT_AN_OWNER.has(first)) return undefined;

  const isBare =
    second === undefined || PAGES_OF_A_TREE.has(second) || OTHER_PAGES.has(second) || second === "revision";
  const repo = isBare ? first : `${first}/${second}`;
  const [page = "", ...rest] = segments.slice(isBare ? 1 : 2);
  if (page === "" || OTHER_PAGES.has(page)) return { repo };
  if (page === "revision") return withRevision(repo, rest.map(percentDecoded).join("/"));
  if (!PAGES_OF_A_TREE.has(page)) return undefined;

  const inRefs = rest[0] === "refs" && rest.length >= 3;
  const revision = percentDecoded(rest.slice(0, inRefs ? 3 : 1).join("/"));
  const path = rest.slice(inRefs ? 3 : 1).map(percentDecoded);
  const folder = PAGES_OF_A_FILE.has(page) ? folderOfFile(path) : path.join("/");
  return { ...withRevision(repo, revision), ...(folder ? { folder } : {}) };
}

const withRevision = (repo: string, revision: string) => (revision ? { repo, revision } : { repo });

function folderOfFile(path: string[]): string {
  const file = path.at(-1) ?? "";
  const isAlone = /\.safetensors$/i.test(file) && !/^model\.safetensors$|-of-\d+\.safetensors$/i.test(file);
  return (isAlone ? path : path.slice(0, -1)).join("/");
}
