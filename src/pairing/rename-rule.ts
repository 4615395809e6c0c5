/** A rule that rewrites B's names before they are looked for in A. */
export interface RenameRule {
  pattern: RegExp;
  replacement: string;
}

/** A rule that cannot be used; the message says why. */
export class RenameRuleError extends Error {
  override readonly name = "RenameRuleError";
}

/**
 * Reads `pattern => replacement`: a regular expression (JavaScript's), every match of which in a name of B becomes the
 * replacement, `$1` to `$9` being its groups. Throws `RenameRuleError`. An empty text is no rule.
 */
export function parseRenameRule(text: string): RenameRule | null {
  if (text.trim() === "") return null;
  const [pattern, replacement, ...more] = text.split("=>").map((part) => part.trim());
  if (!pattern || replacement === undefined || more.length > 0)
    throw new RenameRuleError(
      `"${text}" is no rename rule. Write a pattern, =>, and what takes its place, such as ^decoder\\. => model.`,
    );
  try {
    return { pattern: new RegExp(pattern, "g"), replacement };
  } catch (cause) {
    throw new RenameRuleError(`The pattern of the rename rule cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

export const renamed = (name: string, rule: RenameRule | null): string =>
  rule ? name.replace(rule.pattern, rule.replacement) : name;
