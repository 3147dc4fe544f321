import { useLatchkey } from "@latchkey-auth/client/react";
import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { localizedError } from "../i18n/localized-text";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { notify } from "../notices/notices";
import { returnTo } from "../session/return-to";
import { ProviderButton } from "./provider-button";

const translations = defineTranslations({ en: { or: "or" }, ko: { or: "또는" } });

interface SocialButtonsProps {
  readonly providers: readonly string[];
  /** They stand before the form, and not after it. */
  readonly before: boolean;
}

/** One button for each provider. Each leads to the provider's page, which leads back to where one wanted to go. */
export default function SocialButtons({ providers, before }: SocialButtonsProps) {
  const t = useTranslations(translations);
  const { auth } = useLatchkey();
  const { search } = useLocation();
  const [busy, setBusy] = useState<string>();

  useEffect(() => {
    // A page that the back button fetches from the browser's memory is as it was when it was left: busy.
    const rest = () => setBusy(undefined);
    window.addEventListener("pageshow", rest);
    return () => window.removeEventListener("pageshow", rest);
  }, []);

  async function leave(provider: string) {
    setBusy(provider);
    try {
      const { authorizationUrl } = await auth.startSocialSignIn({ provider, returnTo: returnTo(search) });
      window.location.assign(pageOf(authorizationUrl));
    } catch (caught) {
      setBusy(undefined);
      notify("error", localizedError(caught));
    }
  }

  const or = (
    <p className="flex items-center gap-3 py-1 text-sm text-soft before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      {t.or}
    </p>
  );
  return (
    <div className={`space-y-3 ${before ? "mb-6" : "mt-6"}`}>
      {!before && or}
      {providers.map((provider) => (
        <ProviderButton
          key={provider}
          provider={provider}
          busy={busy === provider}
          onClick={() => busy === undefined && void leave(provider)}
        />
      ))}
      {before && or}
    </div>
  );
}

/** A page is what the browser is sent to, and nothing that runs in this one. */
function pageOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw new Error("the address of a provider's page is none");
  }
  return url.href;
}
