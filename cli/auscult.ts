import { fileURLToPath } from "node:url";
import { readPathsBy } from "../src/bytes/path-opener.ts";
import { fileSource } from "./file-source.ts";
import { ProgressLine } from "./progress-line.ts";
import { run } from "./run.ts";

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

/** Whoever reads the result may have heard enough, as `head` has: no error of ours. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`The result cannot be written: ${error.message}.\n`);
  process.exit(2);
});

const progress = new ProgressLine(process.stderr);
const say = (sentence: string) => {
  progress.clear();
  process.stderr.write(`${sentence}\n`);
};

readPathsBy(fileSource);
try {
  process.exitCode = await run(process.argv.slice(2), {
    ...{ progress, say, environment: process.env, signal: interruption.signal },
    out: (text) => process.stdout.write(text),
    // Where the bundle lies: a checkout has the demo models beside it, a package has not.
    demo: fileURLToPath(new URL("../public/demo", import.meta.url)),
    thread: new URL("./thread.mjs", import.meta.url),
  });
} catch (error) {
  say((error as Error).message.replace(/\s*\n\s*/g, " "));
  process.exitCode = interrupted || 2;
}
