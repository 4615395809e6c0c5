import { version } from "../package.json";
import { compare, type Surroundings } from "./compare.ts";
import { merge } from "./merge.ts";
import { readArguments, USAGE } from "./read-arguments.ts";

/** Does what a command line asks for, the program's name left out. Resolves with the status; rejects as `compare` does. */
export async function run(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const request = readArguments(words);
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
