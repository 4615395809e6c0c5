/**
 * Takes a pasted or dropped text apart into the references it holds, as they are written there: words, lines, a URI list
 * (whose comment lines begin with `#`), commas and semicolons, `a vs b`, `a → b`. May return none, one or many; nothing is
 * checked, nor dropped as a duplicate.
 */
export function splitRefs(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .filter((line) => !line.trimStart().startsWith("#"))
    .flatMap((line) => line.split(/[\s,;]+|[-=]>|[→⇒➜]/u))
    .map((word) => word.replace(/^["'`<([“‘]+|["'`>)\].”’]+$/gu, ""))
    .filter((word) => word !== "" && !/^(?:vs|versus)$/i.test(word));
}
