import { useSyncExternalStore } from "react";
import type { Settings } from "../gen/latchkey/v1/settings_pb.js";
import { useShared } from "./provider.js";

/** Gives what the server asks of new accounts, asking once for all who want to know; undefined until it has answered. */
export function useSettings(): Settings | undefined {
  const { settings } = useShared();
  return useSyncExternalStore(settings.subscribe, settings.getSnapshot, () => undefined);
}
