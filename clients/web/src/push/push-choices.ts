import { create } from "zustand";

/** Whether a user has turned push on or off on this device. Users without a choice have not been asked yet. */
export type PushChoice = "on" | "off";

interface PushChoices {
  /** The choices by user id, since several users may share a device. */
  readonly choices: Readonly<Record<string, PushChoice>>;
  readonly setChoice: (userId: string, choice: PushChoice) => void;
}

const key = "latchkey.push";

/** The choices of the users of this device. */
export const usePushChoices = create<PushChoices>((set) => ({
  choices: readStored(),
  setChoice(userId, choice) {
    // Read again, because another tab may have stored the choice of another user.
    const choices = { ...readStored(), [userId]: choice };
    store(choices);
    set({ choices });
  },
}));

function readStored(): Record<string, PushChoice> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    const entries = typeof stored === "object" && stored !== null ? Object.entries(stored) : [];
    return Object.fromEntries(entries.filter(([, choice]) => choice === "on" || choice === "off"));
  } catch {
    return {};
  }
}

// A browser may block storage. The choice then lasts until the page is reloaded.
function store(choices: Record<string, PushChoice>): void {
  try {
    localStorage.setItem(key, JSON.stringify(choices));
  } catch {}
}
