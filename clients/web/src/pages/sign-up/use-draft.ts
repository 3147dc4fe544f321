import { useLatchkey } from "@latchkey-auth/client/react";
import { useEffect } from "react";
import { useMemory } from "../../session/use-memory";

type Texts = Readonly<Record<string, string>>;

const keyOf = (name: string) => `${name} draft`;

/** Gives what somebody had typed into a form when they left it, and `blank` for the rest. */
export function useDraft<Values extends Texts>(name: string, blank: Values): Values {
  return { ...blank, ...(useMemory().get(keyOf(name)) as Values | undefined) };
}

/**
 * Keeps these fields of a form when its page is left, so that whoever comes back, as by the back button, finds them. Never
 * name a password.
 */
export function useKeepDraft(name: string, form: { readonly getValues: () => Texts }, fields: readonly string[]): void {
  const { session } = useLatchkey();
  const memory = useMemory();
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
