import { LatchkeyError } from "../errors/latchkey-error.js";
import { errorText } from "../texts/texts.js";
import { useTexts } from "./provider.js";

/** Gives a function that says what was caught in the language of the LatchkeyProvider. */
export function useErrorText(): (caught: unknown) => string {
  const texts = useTexts();
  return (caught) => errorText(LatchkeyError.from(caught), texts);
}
