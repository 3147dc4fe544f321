import type { Latchkey } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";

const memories = new WeakMap<Latchkey, Map<string, unknown>>();

/**
 * What pages remember until somebody signs in, or the tab is closed or loaded again, so that whoever comes back finds what
 * they had begun. Nothing is stored on the device, and no password belongs here.
 */
export function useMemory(): Map<string, unknown> {
  const client = useLatchkey();
  const memory = memories.get(client) ?? new Map<string, unknown>();
  memories.set(client, memory);
  return memory;
}
