import { useQuery } from "@connectrpc/connect-query";
import { AccountService } from "@latchkey-auth/client";
import { Link } from "react-router";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { useSessionStore } from "../../session/use-session-store";
import { ChevronIcon } from "../../ui/account-icons";
import { Card } from "../../ui/card";
import { Page } from "../../ui/page";
import { ContactList } from "./contact-list";
import { ProfileForm } from "./profile-form";

const translations = defineTranslations({
  en: {
    title: "Profile",
    contacts: "Sign-in contacts",
    about: "About you",
    security: "Your account",
    password: "Change password",
    devices: "Devices",
    activity: "Activity",
    remove: "Delete account",
  },
  ko: {
    title: "프로필",
    contacts: "로그인 정보",
    about: "내 정보",
    security: "계정 관리",
    password: "비밀번호 변경",
    devices: "기기 관리",
    activity: "활동 기록",
    remove: "회원 탈퇴",
  },
});

const links = [
  { to: "/profile/password", name: "password" },
  { to: "/devices", name: "devices" },
  { to: "/activity", name: "activity" },
  { to: "/profile/delete", name: "remove" },
] as const;

/** How long the profile counts as fresh, in milliseconds. A page that was just loaded has fetched the user with the session. */
const staleTime = 10_000;

/** The profile page: contacts, the profile form, and links to the other account pages. */
export default function ProfilePage() {
  const t = useTranslations(translations);
  const user = useSessionStore((current) => current.user);

  // Refetches the user, who may have been changed on another device. The client copies the response into the session, so the page
  // renders the session and needs no loading state.
  useQuery(AccountService.method.getProfile, undefined, { staleTime: staleTime });

  return (
    <Page title={t.title}>
      {user && (
        <div className="max-w-2xl space-y-5">
          <Card>
            <h2 className="text-lg font-semibold">{t.contacts}</h2>
            <ContactList user={user} />
          </Card>
          <Card>
            <h2 className="mb-4 text-lg font-semibold">{t.about}</h2>
            <ProfileForm user={user} />
          </Card>
          <Card>
            <h2 className="text-lg font-semibold">{t.security}</h2>
            <ul className="mt-2 -mb-2 divide-y divide-line">
              {links.map(({ to, name }) => (
                <li key={to}>
                  <Link
                    to={to}
                    className={`flex min-h-13 items-center justify-between gap-3 rounded-lg hover:underline ${name === "remove" ? "text-bad" : ""}`}
                  >
                    <span>{t[name]}</span>
                    <ChevronIcon className="size-5 shrink-0 text-soft" />
                  </Link>
                </li>
              ))}
            </ul>
          </Card>
        </div>
      )}
    </Page>
  );
}
