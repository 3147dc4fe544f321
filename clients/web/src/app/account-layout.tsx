import { LatchkeyQueryProvider, useLatchkey, useSettings } from "@latchkey-auth/client/react";
import { Suspense, useState } from "react";
import { NavLink, Outlet, useNavigate } from "react-router";
import { localized, localizedError } from "../i18n/localized-text";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { SilentRetry } from "../loading/chunk-error-inline";
import { lazyWithRetry } from "../loading/lazy-with-retry";
import { notify } from "../notices/notices";
import { LoadingPage } from "../pages/loading-page";
import { homePath } from "../session/home-path";
import { useSessionStore } from "../session/use-session-store";
import { ClockIcon, DevicesIcon, HomeIcon, PersonIcon } from "../ui/account-icons";
import { Button } from "../ui/button";
import { Brand } from "./brand";
import { Preferences } from "./preferences";

const translations = defineTranslations({
  en: {
    menu: "Menu",
    skip: "Skip to content",
    home: "Home",
    profile: "Profile",
    devices: "Devices",
    activity: "Activity",
    signOut: "Sign out",
    signedOut: "You are signed out.",
  },
  ko: {
    menu: "메뉴",
    skip: "본문으로 건너뛰기",
    home: "홈",
    profile: "프로필",
    devices: "기기",
    activity: "활동",
    signOut: "로그아웃",
    signedOut: "로그아웃했어요.",
  },
});

// Optional: the pages work without it until its code is loaded.
const PushFollower = lazyWithRetry(
  () => import("../push/push-sync"),
  (retry) => <SilentRetry retry={retry} />,
);

const links = [
  { name: "home", icon: HomeIcon },
  { to: "/profile", name: "profile", icon: PersonIcon },
  { to: "/devices", name: "devices", icon: DevicesIcon },
  { to: "/activity", name: "activity", icon: ClockIcon },
] as const;

/** The layout of account pages. The navigation is at the bottom on phones, and at the side on large screens. */
export default function AccountLayout() {
  const t = useTranslations(translations);
  const home = homePath(useSessionStore(({ role }) => role));
  const push = useSettings().data?.push;
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col pb-20 md:pb-0">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-40 focus:m-3 focus:rounded-lg focus:bg-card focus:p-3"
      >
        {t.skip}
      </a>
      <header className="flex items-center justify-between px-5 pt-5">
        <Brand to={home} />
        <SignOut />
      </header>
      <div className="flex flex-1 flex-col gap-6 px-3 py-5 sm:px-5 md:flex-row">
        <nav
          aria-label={t.menu}
          className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-card pb-[env(safe-area-inset-bottom)] md:static md:w-48 md:shrink-0 md:border-none md:bg-transparent"
        >
          <ul className="flex md:flex-col md:gap-1">
            {links.map(({ name, icon: Icon, ...place }) => (
              <li key={name} className="flex-1 md:flex-none">
                <NavLink
                  to={"to" in place ? place.to : home}
                  className="flex min-h-16 flex-col items-center justify-center gap-1 rounded-xl text-xs text-soft hover:text-ink aria-[current=page]:font-semibold aria-[current=page]:text-accent md:min-h-11 md:flex-row md:justify-start md:gap-3 md:px-3 md:text-base md:aria-[current=page]:bg-tint"
                >
                  <Icon className="size-5.5" />
                  <span>{t[name]}</span>
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 px-2 outline-none">
          <LatchkeyQueryProvider>
            <Suspense fallback={<LoadingPage />}>
              <Outlet />
            </Suspense>
          </LatchkeyQueryProvider>
        </main>
      </div>
      <Preferences />
      <Suspense fallback={null}>{push && <PushFollower config={push} />}</Suspense>
    </div>
  );
}

function SignOut() {
  const t = useTranslations(translations);
  const { session } = useLatchkey();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);

  async function signOut() {
    setBusy(true);
    try {
      await session.signOut();
      // Navigates even if the session had ended before: after a sign-out, the next sign-in must not lead back to this page.
      void navigate("/sign-in", { replace: true });
      notify(
        "success",
        localized(translations, (t) => t.signedOut),
      );
    } catch (caught) {
      notify("error", localizedError(caught));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Button variant="quiet" busy={busy} onClick={() => void signOut()}>
      {t.signOut}
    </Button>
  );
}
