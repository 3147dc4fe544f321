import type { Latchkey } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";

const memories = new WeakMap<Latchkey, Map<string, unknown>>();

/**
 * Returns a map that lives until a user signs in or the tab is reloaded. Pages keep drafts in it, so that a user who comes back
 * can continue. Nothing is stored on the device. Never put a password into it.
 */
export function useTabMemory(): Map<string, unknown> {
  const client = useLatchkey();
  const memory = memories.get(client) ?? new Map<string, unknown>();
  memories.set(client, memory);
  return memory;
}
