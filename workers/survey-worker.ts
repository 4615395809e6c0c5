import { expose } from "comlink";
import { openCheckpoint } from "../src/hub/open-checkpoint.ts";
import { relocate } from "../src/hub/relocate.ts";
import { Survey } from "../src/scheduling/survey.ts";

expose(new Survey({ open: openCheckpoint, relocate }));
