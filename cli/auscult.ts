import { fileURLToPath } from "node:url";
import { version } from "../package.json";
import { readPathsBy } from "../src/bytes/path-opener.ts";
import { compare, type Surroundings } from "./compare.ts";
import { fileSource } from "./file-source.ts";
import { merge } from "./merge.ts";
import { ProgressLine } from "./progress-line.ts";
import { readArguments, USAGE } from "./read-arguments.ts";

/** What a shell takes for a program that was ended by a signal. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

const interruption = new AbortController();
let interrupted = 0;
for (const [name, status] of Object.entries(STATUS))
  process.on(name, () => {
    // Who asks twice does not wait for a file to be written.
    if (interrupted > 0) process.exit(status);
    interrupted = status;
    interruption.abort(new Error("Interrupted."));
  });

/** Whoever reads the result has heard enough, as `head` has: no error of ours. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`The result cannot be written: ${error.message}.\n`);
  process.exit(2);
});

const progress = new ProgressLine(process.stderr);
const surroundings: Surroundings = {
  environment: process.env,
  progress,
  signal: interruption.signal,
  // Where the bundle lies: a checkout has the demo models beside it, a package has not.
  demo: fileURLToPath(new URL("../public/demo", import.meta.url)),
  thread: new URL("./thread.mjs", import.meta.url),
  out: (text) => process.stdout.write(text),
  say: (sentence) => {
    progress.clear();
    process.stderr.write(`${sentence}\n`);
  },
};

async function run(): Promise<number> {
  const request = readArguments(process.argv.slice(2));
  switch (request.command) {
    case "help":
      surroundings.out(USAGE);
      return 0;
    case "version":
      surroundings.out(`auscult ${version}\n`);
      return 0;
    case "compare":
      return compare(request, surroundings);
    case "merge":
      return merge(request, surroundings);
  }
}

readPathsBy(fileSource);
try {
  process.exitCode = await run();
} catch (error) {
  surroundings.say((error as Error).message.replace(/\s*\n\s*/g, " "));
  process.exitCode = interrupted || 2;
}
