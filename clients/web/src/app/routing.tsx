import { Suspense, useEffect } from "react";
import { Navigate, Route, Routes, useLocation, useNavigationType } from "react-router";
import { ChunkErrorPage } from "../loading/chunk-error-page";
import { lazyWithRetry as lazy } from "../loading/lazy-with-retry";
import { LoadingPage } from "../pages/loading-page";
import { PublicOnly, RequireRole, RequireSession } from "../session/guards";
import { EntryFrame, EntryLayout } from "./entry-layout";
import { accountLayoutCode, pageCode } from "./page-code";

// Each page's code is loaded when somebody goes there; queries come with the pages of an account.
const AccountLayout = lazy(accountLayoutCode, (retry) => (
  <EntryFrame>
    <ChunkErrorPage retry={retry} />
  </EntryFrame>
));
const WelcomePage = lazy(pageCode["/"]);
const SignUpPage = lazy(pageCode["/sign-up"]);
const FinishSocialPage = lazy(pageCode["/sign-up/finish"]);
const SignInPage = lazy(pageCode["/sign-in"]);
const ResetPasswordPage = lazy(pageCode["/reset-password"]);
const HomePage = lazy(pageCode["/home"]);
const TrainerPage = lazy(pageCode["/trainer"]);
const TraineePage = lazy(pageCode["/trainee"]);
const ProfilePage = lazy(pageCode["/profile"]);
const ChangePasswordPage = lazy(pageCode["/profile/password"]);
const ChangeEmailPage = lazy(pageCode["/profile/email"]);
const ChangePhonePage = lazy(pageCode["/profile/phone"]);
const DeleteAccountPage = lazy(pageCode["/profile/delete"]);
const DevicesPage = lazy(pageCode["/devices"]);
const ActivityPage = lazy(pageCode["/activity"]);
const NotFoundPage = lazy(pageCode["*"]);

/** Which page stands at which address, and for whom. */
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
          {/* Also for those who are signed in and do not know their password. */}
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
        {/* Names that people and password managers guess (W3C, A Well-Known URL for Changing Passwords). */}
        <Route path="/.well-known/change-password" element={<Navigate to="/profile/password" replace />} />
        <Route element={<EntryLayout />}>
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </Suspense>
  );
}

/** A new page begins at its top; going back leads to where one was, which the browser does by itself. */
function useScrollToTop(): void {
  const { pathname } = useLocation();
  const how = useNavigationType();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new path is a reason.
  useEffect(() => {
    if (how !== "POP") {
      window.scrollTo(0, 0);
    }
  }, [pathname, how]);
}
