/** `name` or `org/name` as the Hub allows them: word characters, dots and dashes, at most 96 each. */
export function isRepoId(text: string): boolean {
  const segments = text.split("/");
  return (
    segments.length <= 2 &&
    segments.every((segment) => /^\w(?:[\w.-]{0,94}\w)?$/.test(segment)) &&
    !/--|\.\.|\.git$/.test(text)
  );
}

/** A branch, tag, commit or `refs/…` path as git allows them (git-check-ref-format). */
export function isRevision(text: string): boolean {
  return (
    text !== "" &&
    text !== "@" &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids these in a ref
    !/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^[/-]|[/.]$/.test(text) &&
    text.split("/").every((part) => !part.startsWith(".") && !part.endsWith(".lock"))
  );
}

/** A path inside a repo, the empty one being its root; it leads nowhere else. */
export function isFolder(path: string): boolean {
  if (path === "") return true;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no sane path has them
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return false;
  return path.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..");
}

/** Whether a path names a safetensors file or the index of several, rather than a folder that holds some. */
export function isModelFile(path: string): boolean {
  return /\.safetensors$|\.index\.json$/i.test(path);
}
