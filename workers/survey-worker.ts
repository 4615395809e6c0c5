import { expose } from "comlink";
import { hurry, NO_RETRY } from "../src/bytes/with-retry.ts";
import { openCheckpoint } from "../src/hub/open-checkpoint.ts";
import { relocate } from "../src/hub/relocate.ts";
import { searchModels } from "../src/hub/search-models.ts";
import { Survey } from "../src/reading/survey.ts";

expose(
  new Survey({
    open: openCheckpoint,
    relocate,
    // A suggestion is only a help: a Hub that turns it away is not asked again.
    search: (text, { hub, token, signal }) => searchModels({ hub, token, options: { signal, retry: NO_RETRY } }, text),
    hurry,
  }),
);
