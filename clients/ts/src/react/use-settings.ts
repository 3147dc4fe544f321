import { useSyncExternalStore } from "react";
import { useLatchkeyContext } from "./core-provider.js";
import type { SettingsResult } from "./settings-store.js";

/**
 * Returns the server's settings, such as the password policy. They are fetched once for all components.
 *
 * ```tsx
 * const { data: settings, error, refetch } = useSettings();
 * if (!settings) return error ? <Problem error={error} onRetry={refetch} /> : <Spinner />;
 * ```
 */
export function useSettings(): SettingsResult {
  const { settings } = useLatchkeyContext();
  return useSyncExternalStore(settings.subscribe, settings.getSnapshot, settings.getSnapshot);
}
