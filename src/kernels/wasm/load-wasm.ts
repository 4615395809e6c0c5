import wasmUrl from "./pair-stats.wasm?url";

/**
 * Fetches and compiles the kernel (about 8 kB gzip) from the page's own origin. Rejects with an Error whose message is a
 * sentence for the person where the file is missing or the browser cannot run it, as without SIMD.
 */
export async function loadWasm(): Promise<WebAssembly.Module> {
  try {
    const response = await fetch(wasmUrl);
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    // From bytes and not from the response, because a plain static host may serve them as another type.
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (cause) {
    throw new Error("The WebAssembly kernel could not be loaded; the plain reference engine can still be asked for.", {
      cause,
    });
  }
}
