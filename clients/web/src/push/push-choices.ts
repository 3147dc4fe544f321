import { create } from "zustand";

/** What somebody has chosen on this device. Nothing chosen means that they were not asked yet. */
export type PushChoice = "on" | "off";

interface PushChoices {
  /** By the id of a user: a device has several people, and one of them speaks for nobody else. */
  readonly choices: Readonly<Record<string, PushChoice>>;
  readonly choose: (userId: string, choice: PushChoice) => void;
}

const key = "latchkey.push";

/** Who wants notifications on this device. */
export const usePushChoices = create<PushChoices>((set) => ({
  choices: read(),
  choose(userId, choice) {
    // Read anew, since another tab may have written for somebody else.
    const choices = { ...read(), [userId]: choice };
    keep(choices);
    set({ choices });
  },
}));

function read(): Record<string, PushChoice> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    const entries = typeof kept === "object" && kept !== null ? Object.entries(kept) : [];
    return Object.fromEntries(entries.filter(([, choice]) => choice === "on" || choice === "off"));
  } catch {
    return {};
  }
}

// A browser may refuse to keep anything; a choice then lasts as long as the page.
function keep(choices: Record<string, PushChoice>): void {
  try {
    localStorage.setItem(key, JSON.stringify(choices));
  } catch {}
}
