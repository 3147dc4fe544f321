import { useSyncExternalStore } from "react";
import { useShared } from "./provider.js";
import type { SettingsResult } from "./settings-store.js";

/**
 * Returns the server's settings: what it asks of new accounts, and how pages talk to it. It is asked once for all components.
 *
 * ```tsx
 * const { data: settings, error, retry } = useSettings();
 * if (!settings) return error ? <Problem error={error} onRetry={retry} /> : <Spinner />;
 * ```
 */
export function useSettings(): SettingsResult {
  const { settings } = useShared();
  return useSyncExternalStore(settings.subscribe, settings.getSnapshot, settings.getSnapshot);
}
