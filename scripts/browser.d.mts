export interface Browser {
  path: string;
  /** Where it was found, as the end of a sentence. */
  found: string;
}

export function findBrowser(): Browser | undefined;
export function ensureBrowser(): Promise<Browser>;
