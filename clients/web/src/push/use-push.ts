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
    denied: "Your browser now blocks notifications. The Devices page shows how to allow them again.",
    failed: "Notifications could not be turned on. Check your connection and any ad blocker, then try again.",
    stillOn: "Notifications could not be turned off. Check your connection and try again.",
  },
  ko: {
    on: "이 기기에서 알림을 켰어요.",
    off: "이 기기에서 알림을 껐어요.",
    denied: "브라우저에서 알림을 차단했어요. 다시 허용하는 방법은 기기 페이지에서 확인해 주세요.",
    failed: "알림을 켜지 못했어요. 인터넷 연결을 확인하고 다시 시도해 주세요. 브라우저의 차단 기능 때문일 수도 있어요.",
    stillOn: "알림을 끄지 못했어요. 인터넷 연결을 확인하고 다시 시도해 주세요.",
  },
});

/** Push notifications for the current user in this browser. */
export interface Push {
  readonly state: "on" | "off" | "blocked" | "afterInstall" | "unsupported";
  /** Whether neither the page nor the browser has asked this user on this device. */
  readonly canInvite: boolean;
  readonly busy: boolean;
  /** Asks for the permission, so call it on a click only. Shows the outcome as a notice. */
  readonly turnOn: () => Promise<void>;
  readonly turnOff: () => Promise<void>;
  /** Stores that the user does not want push. */
  readonly decline: () => void;
}

/** Returns push for the current user; undefined where the server has no push for browsers. */
export function usePush(): Push | undefined {
  const config = useSettings().data?.push;
  const userId = useSessionStore(({ user }) => user?.id);
  const support = pushSupport();
  const permission = useNotificationPermission();
  const choice = usePushChoices(({ choices }) => (userId === undefined ? undefined : choices[userId]));
  const { busy, turnOn, turnOff } = usePushActions(config, userId);
  const choose = usePushChoices((choices) => choices.setChoice);
  if (!config || userId === undefined) {
    return undefined;
  }
  return {
    state: stateOf(support, permission, choice === "on"),
    canInvite: support === "supported" && permission === "default" && choice === undefined,
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

function usePushActions(config: PushWebConfig | undefined, userId: string | undefined) {
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
        // First, because browsers allow it only shortly after the click.
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
