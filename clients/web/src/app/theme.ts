import { create } from "zustand";

/** Light, dark, or the setting of the device. */
export type Theme = "system" | "light" | "dark";

interface ThemeState {
  readonly theme: Theme;
  readonly setTheme: (theme: Theme) => void;
}

const key = "latchkey.theme";

/** The color theme chosen on this device. */
export const useTheme = create<ThemeState>((set) => ({
  theme: apply(readStored()),
  setTheme: (theme) => set({ theme: apply(store(theme)) }),
}));

function apply(theme: Theme): Theme {
  document.documentElement.dataset["theme"] = theme;
  return theme;
}

function readStored(): Theme {
  try {
    const value = localStorage.getItem(key);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

function store(theme: Theme): Theme {
  try {
    localStorage.setItem(key, theme);
  } catch {}
  return theme;
}
