/** @type {ArrayBuffer[]} one for each lane, lent to the browser for every read and handed back with the bytes in it */
let buffers = [];

async function fetchRange(lane, { url, begin, end }) {
  const init = { headers: { Range: `bytes=${begin}-${end - 1}` }, cache: "no-store", credentials: "omit" };
  const response = await fetch(url, init);
  if (response.status !== 206) throw new Error(`${url} answered ${response.status}.`);
  const reader = response.body.getReader({ mode: "byob" });
  let seen = 0;
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffers[lane]));
    buffers[lane] = value.buffer;
    if (done) break;
    seen += value.length;
  }
  if (seen !== end - begin) throw new Error(`${url} sent ${seen} of ${end - begin} bytes.`);
}

self.onmessage = async ({ data }) => {
  if (data.bufferBytes) {
    buffers = Array.from({ length: data.lanes }, () => new ArrayBuffer(data.bufferBytes));
    return postMessage({ ready: true });
  }
  try {
    await fetchRange(data.lane, data.range);
    postMessage({ lane: data.lane });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
