import type { PushWebConfig } from "@latchkey-auth/client";
import { useLatchkey, useSettings } from "@latchkey-auth/client/react";
import { useState } from "react";
import { type LocalizedText, localized } from "../i18n/localized-text";
import { defineTranslations } from "../i18n/translations";
import { notify } from "../notices/notices";
import { useSessionStore } from "../session/use-session-store";
import { askPermission, useNotificationPermission } from "./notification-permission";
import { usePushChoices } from "./push-choices";
import { turnPushOff, turnPushOn } from "./push-registration";
import { pushSupport } from "./push-support";

const translations = defineTranslations({
  en: {
    on: "Notifications are on for this device.",
    off: "Notifications are off for this device.",
    denied: "The browser now blocks notifications from here. Under Devices it says how to allow them again.",
    failed:
      "Notifications could not be turned on. Check the connection and try again; a blocker in the browser can be in the way, too.",
    stillOn: "Notifications could not be turned off. Check the connection and try again.",
  },
  ko: {
    on: "이 기기에서 알림을 켰어요.",
    off: "이 기기에서 알림을 껐어요.",
    denied: "브라우저에서 알림을 차단했어요. 다시 허용하는 방법은 기기 페이지에서 확인해 주세요.",
    failed: "알림을 켜지 못했어요. 인터넷 연결을 확인하고 다시 시도해 주세요. 브라우저의 차단 기능 때문일 수도 있어요.",
    stillOn: "알림을 끄지 못했어요. 인터넷 연결을 확인하고 다시 시도해 주세요.",
  },
});

/** Notifications for one user at this browser. */
export interface Push {
  readonly state: "on" | "off" | "blocked" | "afterInstall" | "unsupported";
  /** Nobody has asked this user on this device, and the browser has not asked either. */
  readonly unasked: boolean;
  readonly busy: boolean;
  /** Asks for the permission, so only upon a click. Tells how it went. */
  readonly turnOn: () => Promise<void>;
  readonly turnOff: () => Promise<void>;
  /** Remembers that they are not wanted for now. */
  readonly decline: () => void;
}

/** Gives the notifications of whoever is signed in; nothing where the server sends none to browsers. */
export function usePush(): Push | undefined {
  const config = useSettings().data?.push;
  const userId = useSessionStore(({ user }) => user?.id);
  const support = pushSupport();
  const permission = useNotificationPermission();
  const choice = usePushChoices(({ choices }) => (userId === undefined ? undefined : choices[userId]));
  const { busy, turnOn, turnOff } = useTurning(config, userId);
  const choose = usePushChoices((choices) => choices.choose);
  if (!config || userId === undefined) {
    return undefined;
  }
  return {
    state: stateOf(support, permission, choice === "on"),
    unasked: support === "supported" && permission === "default" && choice === undefined,
    busy,
    turnOn,
    turnOff,
    decline: () => choose(userId, "off"),
  };
}

function stateOf(
  support: ReturnType<typeof pushSupport>,
  permission: NotificationPermission,
  chosen: boolean,
): Push["state"] {
  if (support !== "supported") {
    return support;
  }
  if (permission === "denied") {
    return "blocked";
  }
  return chosen && permission === "granted" ? "on" : "off";
}

function useTurning(config: PushWebConfig | undefined, userId: string | undefined) {
  const latchkey = useLatchkey();
  const [busy, setBusy] = useState(false);

  async function turn(task: (config: PushWebConfig, userId: string) => Promise<void>, failed: LocalizedText) {
    if (!config || userId === undefined) {
      return;
    }
    setBusy(true);
    try {
      await task(config, userId);
    } catch {
      notify("error", failed);
    } finally {
      setBusy(false);
    }
  }

  const turnOn = () =>
    turn(
      async (push, user) => {
        // Before anything else that takes time.
        const permission = await askPermission();
        if (permission === "granted") {
          await turnPushOn(latchkey, push, user);
          notify(
            "success",
            localized(translations, (t) => t.on),
          );
        } else if (permission === "denied") {
          notify(
            "info",
            localized(translations, (t) => t.denied),
          );
        }
      },
      localized(translations, (t) => t.failed),
    );

  const turnOff = () =>
    turn(
      async (push, user) => {
        await turnPushOff(latchkey, push, user);
        notify(
          "success",
          localized(translations, (t) => t.off),
        );
      },
      localized(translations, (t) => t.stillOn),
    );

  return { busy, turnOn, turnOff };
}
