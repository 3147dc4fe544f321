import { useCallback } from "react";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { errorText } from "../texts/texts.js";
import { useTexts } from "./core-provider.js";

/**
 * Returns a function that returns the text for a caught error, in the language of the provider. Keep the error in state, not its
 * text, and call the function while rendering. The text then follows a change of language.
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
