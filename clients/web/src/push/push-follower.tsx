import type { PushWebConfig } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { useEffect } from "react";
import { notify } from "../notices/notices";
import { useSessionStore } from "../session/use-session-store";
import { leavePush, renewPush } from "./push-registration";
import { pushSupport } from "./push-support";
import { onWorkerMessage } from "./push-worker";

/** Keeps this browser registered for whoever is signed in and wants it, and shows what arrives while the page is looked at. */
export default function PushFollower({ config }: { readonly config: PushWebConfig }) {
  const latchkey = useLatchkey();
  const userId = useSessionStore(({ user }) => user?.id);

  useEffect(() => {
    if (userId === undefined || pushSupport() !== "supported") {
      return;
    }
    // Nobody waits for it, and the next visit tries again.
    const renew = () => void renewPush(latchkey, config, userId).catch(() => undefined);
    renew();
    const stop = onWorkerMessage((message) => {
      if (message.kind === "notification") {
        notify("info", [message.title, message.body].filter(Boolean).join(" — "));
      } else {
        renew();
      }
    });
    return () => {
      stop();
      const now = latchkey.session.getSnapshot();
      // A session that somebody else has ended: its device is told a last time, and that has to be seen.
      const ended = now.status === "signedOut" && now.reason !== undefined;
      if (now.user?.id !== userId && !ended) {
        leavePush().catch(() => undefined);
      }
    };
  }, [latchkey, config, userId]);

  return null;
}
