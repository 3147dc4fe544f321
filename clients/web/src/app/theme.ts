import { create } from "zustand";

/** Light, dark, or whatever the device says. */
export type Theme = "system" | "light" | "dark";

interface ThemeState {
  readonly theme: Theme;
  readonly choose: (theme: Theme) => void;
}

const key = "latchkey.theme";

/** The colours that somebody has chosen on this device. */
export const useTheme = create<ThemeState>((set) => ({
  theme: apply(read()),
  choose: (theme) => set({ theme: apply(keep(theme)) }),
}));

function apply(theme: Theme): Theme {
  document.documentElement.dataset["theme"] = theme;
  return theme;
}

function read(): Theme {
  try {
    const kept = localStorage.getItem(key);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}

function keep(theme: Theme): Theme {
  try {
    localStorage.setItem(key, theme);
  } catch {}
  return theme;
}
