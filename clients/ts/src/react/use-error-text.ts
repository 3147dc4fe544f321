import { useCallback } from "react";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { errorText } from "../texts/texts.js";
import { useTexts } from "./provider.js";

/**
 * Returns a function that says in the language of the LatchkeyProvider what was caught. Keep the error in the state of a
 * component, not its text, and call the function while rendering: the text then follows a change of language.
 *
 * ```tsx
 * const [error, setError] = useState<unknown>();
 * const errorText = useErrorText();
 * return <p role="alert">{error ? errorText(error) : null}</p>;
 * ```
 */
export function useErrorText(): (caught: unknown) => string {
  const texts = useTexts();
  return useCallback((caught) => errorText(LatchkeyError.from(caught), texts), [texts]);
}
