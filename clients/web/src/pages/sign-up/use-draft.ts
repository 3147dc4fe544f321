import { useLatchkey } from "@latchkey-auth/client/react";
import { useEffect } from "react";
import { useTabMemory } from "../../session/use-tab-memory";

type Texts = Readonly<Record<string, string>>;

const keyOf = (name: string) => `${name} draft`;

/** Returns the values that the user had typed when leaving the form, and `blank` for the rest. */
export function useDraft<Values extends Texts>(name: string, blank: Values): Values {
  return { ...blank, ...(useTabMemory().get(keyOf(name)) as Values | undefined) };
}

/**
 * Keeps the given fields of a form when the user leaves its page, for example to come back by the back button. Never include a
 * password.
 */
export function useKeepDraft(name: string, form: { readonly getValues: () => Texts }, fields: readonly string[]): void {
  const { session } = useLatchkey();
  const memory = useTabMemory();
  useEffect(
    () => () => {
      if (session.getSnapshot().status !== "signedIn") {
        const typed = form.getValues();
        memory.set(keyOf(name), Object.fromEntries(fields.map((field) => [field, typed[field] ?? ""])));
      }
    },
    [session, memory, form, name, fields],
  );
}
