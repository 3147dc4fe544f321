import { useLatchkey } from "@latchkey-auth/client/react";
import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { localizedError } from "../i18n/localized-text";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { notify } from "../notices/notices";
import { returnPath } from "../session/return-to";
import { ProviderButton } from "./provider-button";

const translations = defineTranslations({ en: { or: "or" }, ko: { or: "또는" } });

interface SocialButtonsProps {
  readonly providers: readonly string[];
  /** Whether the buttons come before the form. */
  readonly before: boolean;
}

/** One button per provider. It opens the provider's page, which leads back to the return path. */
export default function SocialButtons({ providers, before }: SocialButtonsProps) {
  const t = useTranslations(translations);
  const { auth } = useLatchkey();
  const { search } = useLocation();
  const [busy, setBusy] = useState<string>();

  useEffect(() => {
    // The back button may restore this page from the back/forward cache, where the button is still busy.
    const reset = () => setBusy(undefined);
    window.addEventListener("pageshow", reset);
    return () => window.removeEventListener("pageshow", reset);
  }, []);

  async function startSignIn(provider: string) {
    setBusy(provider);
    try {
      const { authorizationUrl } = await auth.startSocialSignIn({ provider, returnTo: returnPath(search) });
      window.location.assign(webUrl(authorizationUrl));
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
          onClick={() => busy === undefined && void startSignIn(provider)}
        />
      ))}
      {before && or}
    </div>
  );
}

/** Returns the URL if it is http or https: a javascript: URL would run in this page. */
function webUrl(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw new Error("the provider's URL is not http or https");
  }
  return url.href;
}
