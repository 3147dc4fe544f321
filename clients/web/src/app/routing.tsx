import { Suspense, useEffect } from "react";
import { Navigate, Route, Routes, useLocation, useNavigationType } from "react-router";
import { ChunkErrorPage } from "../loading/chunk-error-page";
import { lazyWithRetry as lazy } from "../loading/lazy-with-retry";
import { LoadingPage } from "../pages/loading-page";
import { PublicOnly, RequireRole, RequireSession } from "../session/guards";
import { EntryFrame, EntryLayout } from "./entry-layout";
import { importAccountLayout, importPage } from "./page-imports";

// The code of each page is loaded when the user goes there. TanStack Query is loaded with the layout of account pages.
const AccountLayout = lazy(importAccountLayout, (retry) => (
  <EntryFrame>
    <ChunkErrorPage retry={retry} />
  </EntryFrame>
));
const WelcomePage = lazy(importPage["/"]);
const SignUpPage = lazy(importPage["/sign-up"]);
const FinishSocialPage = lazy(importPage["/sign-up/finish"]);
const SignInPage = lazy(importPage["/sign-in"]);
const ResetPasswordPage = lazy(importPage["/reset-password"]);
const HomePage = lazy(importPage["/home"]);
const TrainerPage = lazy(importPage["/trainer"]);
const TraineePage = lazy(importPage["/trainee"]);
const ProfilePage = lazy(importPage["/profile"]);
const ChangePasswordPage = lazy(importPage["/profile/password"]);
const ChangeEmailPage = lazy(importPage["/profile/email"]);
const ChangePhonePage = lazy(importPage["/profile/phone"]);
const DeleteAccountPage = lazy(importPage["/profile/delete"]);
const DevicesPage = lazy(importPage["/devices"]);
const ActivityPage = lazy(importPage["/activity"]);
const NotFoundPage = lazy(importPage["*"]);

/** The routes: the page for each path, and who may see it. */
export function Routing() {
  useScrollToTop();
  return (
    <Suspense fallback={<LoadingPage />}>
      <Routes>
        <Route element={<EntryLayout />}>
          <Route element={<PublicOnly />}>
            <Route path="/" element={<WelcomePage />} />
            <Route path="/sign-up" element={<SignUpPage />} />
            <Route path="/sign-up/finish" element={<FinishSocialPage />} />
            <Route path="/sign-in" element={<SignInPage />} />
          </Route>
          {/* Also for signed-in users who do not know their password. */}
          <Route path="/reset-password" element={<ResetPasswordPage />} />
        </Route>
        <Route element={<RequireSession />}>
          <Route element={<AccountLayout />}>
            <Route path="/home" element={<HomePage />} />
            <Route element={<RequireRole only="trainer" />}>
              <Route path="/trainer" element={<TrainerPage />} />
            </Route>
            <Route element={<RequireRole only="trainee" />}>
              <Route path="/trainee" element={<TraineePage />} />
            </Route>
            <Route path="/profile" element={<ProfilePage />} />
            <Route path="/profile/password" element={<ChangePasswordPage />} />
            <Route path="/profile/email" element={<ChangeEmailPage />} />
            <Route path="/profile/phone" element={<ChangePhonePage />} />
            <Route path="/profile/delete" element={<DeleteAccountPage />} />
            <Route path="/devices" element={<DevicesPage />} />
            <Route path="/activity" element={<ActivityPage />} />
          </Route>
        </Route>
        {/* Password managers open this path (W3C, A Well-Known URL for Changing Passwords). */}
        <Route path="/.well-known/change-password" element={<Navigate to="/profile/password" replace />} />
        <Route element={<EntryLayout />}>
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </Suspense>
  );
}

/** Scrolls to the top on each navigation, except back and forward, where the browser restores the position. */
function useScrollToTop(): void {
  const { pathname } = useLocation();
  const how = useNavigationType();
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for each new path.
  useEffect(() => {
    if (how !== "POP") {
      window.scrollTo(0, 0);
    }
  }, [pathname, how]);
}
