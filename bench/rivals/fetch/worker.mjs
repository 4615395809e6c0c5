/** @type {ArrayBuffer[]} one for each lane, lent to the browser for every read and handed back with the bytes in it */
let buffers = [];

/** @type {(lane: number, range: FetchRange) => Promise<void>} */
async function fetchRange(lane, { url, begin, end }) {
  const headers = { Range: `bytes=${begin}-${end - 1}` };
  const response = await fetch(url, { headers, cache: "no-store", credentials: "omit" });
  if (response.status !== 206 || !response.body) throw new Error(`${url} answered ${response.status}.`);
  const reader = response.body.getReader({ mode: "byob" });
  let seen = 0;
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffers[lane]));
    // Only a reader that was cancelled keeps the buffer.
    if (value) buffers[lane] = value.buffer;
    if (done) break;
    seen += value.length;
  }
  if (seen !== end - begin) throw new Error(`${url} sent ${seen} of ${end - begin} bytes.`);
}

/** @param {FetchReport} report */
const tell = (report) => postMessage(report);

/** @param {MessageEvent<FetchOrder>} event */
self.onmessage = async ({ data }) => {
  if ("bufferBytes" in data) {
    buffers = Array.from({ length: data.lanes }, () => new ArrayBuffer(data.bufferBytes));
    return tell({ ready: true });
  }
  try {
    await fetchRange(data.lane, data.range);
    tell({ lane: data.lane });
  } catch (error) {
    tell({ error: String(error) });
  }
};
