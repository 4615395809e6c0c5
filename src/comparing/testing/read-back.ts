import { Survey } from "../../reading/survey.ts";
import { readComparisonFile, type SavedComparison } from "../file/read-comparison-file.ts";

/** For tests: a comparison file as the page reads it, its tensors placed by a survey that opens nothing. */
export function readBack(file: Blob): Promise<SavedComparison> {
  const nothing = async () => {
    throw new Error("A comparison file opens nothing.");
  };
  const survey = new Survey({ open: nothing, relocate: nothing, search: nothing, hurry: () => {} });
  return readComparisonFile(file, 99, (names, shapes) => survey.place(names, shapes));
}
