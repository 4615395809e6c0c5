/** Writes src/kernels/wasm/pair-stats.wasm unless it is up to date; resolves with its path. */
export function buildWasm(): Promise<string>;
