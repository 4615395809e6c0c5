import { requireNode } from "./node-version.mjs";

requireNode();

// Loaded only now: an old Node could not parse some of it, and the packages may not be there yet.
const { installPackages, packageScript, root } = await import("./install.mjs");
const { runStep } = await import("./run-step.mjs");
const { sentenceOf } = await import("./sentence-of.mjs");
const { serveFolder } = await import("./serve.mjs");
const { createServer } = await import("node:net");

/** The first port tried where PORT is not set, and how many after it. */
const firstPort = 4173;
const portsTried = 50;

/** @param {unknown} error the system's name for what is wrong, where it has one */
const codeOf = (error) => (error instanceof Error && "code" in error ? error.code : undefined);

/** @type {(port: number) => Promise<void>} resolves where nothing holds the port on IPv6's loopback, which browsers may try first for "localhost". */
const freeOnIpv6 = (port) =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => (codeOf(error) === "EADDRINUSE" ? reject(error) : resolve()));
    probe.listen(port, "::1", () => probe.close(() => resolve()));
  });

/** @type {(port: number, folder: string) => ReturnType<typeof serveFolder>} */
async function serveOn(port, folder) {
  if (port !== 0) await freeOnIpv6(port);
  return serveFolder({ root: folder, port });
}

/** @param {string} folder */
async function serveOnFreePort(folder) {
  const wish = process.env.PORT;
  if (wish !== undefined && wish !== "") {
    if (!/^\d{1,5}$/.test(wish) || Number(wish) > 65535)
      throw new Error(`PORT is "${wish}"; it must be a number from 0 to 65535.`);
    return serveOn(Number(wish), folder).catch((error) => {
      throw new Error(`Port ${wish} cannot be used (${codeOf(error)}): set PORT to another number or leave it unset.`);
    });
  }
  for (let port = firstPort; port < firstPort + portsTried; port++) {
    try {
      return await serveOn(port, folder);
    } catch (error) {
      if (codeOf(error) !== "EADDRINUSE" && codeOf(error) !== "EACCES") throw error;
    }
  }
  throw new Error(`The ports ${firstPort} to ${firstPort + portsTried - 1} are all taken: set PORT to a free one.`);
}

/** @type {(name: string, args: string[]) => Promise<void>} */
async function build(name, args) {
  const step = await runStep({ command: process.execPath, args, cwd: root });
  if (!step.ok) throw new Error(`${name} ${step.reason}; the output above says why.`);
}

try {
  await installPackages();
  // Always built: it takes seconds, and no comparison of dates is as sure.
  await build("Generating", [`${root}scripts/generate.mjs`]);
  await build("The build", [packageScript("vite"), "build", "--logLevel", "warn"]);
  const server = await serveOnFreePort(`${root}dist`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close().then(() => process.exit(0)));
  console.log(`\nOpen http://localhost:${server.port}/#v=1&a=demo:base&b=demo:tuned\nCtrl-C ends the server.`);
} catch (error) {
  console.error(sentenceOf(error));
  process.exit(process.exitCode || 1);
}
