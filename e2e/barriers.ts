import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

export type Scheme = "light" | "dark";

/**
 * What bars someone's way on the page as it is now, a line each. In the dark only what colours can do is looked for: all else
 * is the same as in the light.
 */
export async function barriers(
  page: Page,
  { scheme = "light", within, onlySerious = false }: { scheme?: Scheme; within?: string; onlySerious?: boolean } = {},
): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  if (within !== undefined) axe.include(within);
  if (scheme === "dark") axe.withRules(["color-contrast", "link-in-text-block"]);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => !onlySerious || impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
