/** Where the command line's bundle is. */
export const cliFolder: string;
/** Whether the command line is built, and newer than all that it is made of. */
export function isCliFresh(): boolean;
/** Builds the command line where that has not been done, or its sources are newer. */
export function ensureCli(): Promise<void>;
