import type { PushWebConfig } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { useEffect } from "react";
import { notify } from "../notices/notices";
import { useSessionStore } from "../session/use-session-store";
import { clearPush, renewPush } from "./push-registration";
import { pushSupport } from "./push-support";
import { onWorkerMessage } from "./push-worker";

/** Keeps this browser registered while the signed-in user has push turned on. Shows notifications that arrive while the page is visible. */
export default function PushSync({ config }: { readonly config: PushWebConfig }) {
  const latchkey = useLatchkey();
  const userId = useSessionStore(({ user }) => user?.id);

  useEffect(() => {
    if (userId === undefined || pushSupport() !== "supported") {
      return;
    }
    // A failure is ignored: the next visit retries.
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
      // When the session was ended elsewhere, the server sends a last notification to this device. It must stay visible.
      const ended = now.status === "signedOut" && now.reason !== undefined;
      if (now.user?.id !== userId && !ended) {
        clearPush().catch(() => undefined);
      }
    };
  }, [latchkey, config, userId]);

  return null;
}
