import { Suspense, useEffect } from "react";
import { Navigate, Route, Routes, useLocation, useNavigationType } from "react-router";
import { CodeProblem } from "../loading/code-problem";
import { lazyPage as lazy } from "../loading/lazy-page";
import { LoadingPage } from "../pages/loading-page";
import { PublicOnly, RequireRole, RequireSession } from "../session/guards";
import { EntryFrame, EntryLayout } from "./entry-layout";

// Each page's code is loaded when somebody goes there; queries come with the pages of an account.
const AccountLayout = lazy(
  () => import("./account-layout"),
  (retry) => (
    <EntryFrame>
      <CodeProblem retry={retry} />
    </EntryFrame>
  ),
);
const WelcomePage = lazy(() => import("../pages/welcome-page"));
const SignUpPage = lazy(() => import("../pages/sign-up/sign-up-page"));
const FinishSocialPage = lazy(() => import("../pages/sign-up/finish-social-page"));
const SignInPage = lazy(() => import("../pages/sign-in/sign-in-page"));
const ResetPasswordPage = lazy(() => import("../pages/reset-password/reset-password-page"));
const HomePage = lazy(() => import("../pages/home/home-page"));
const TrainerPage = lazy(() => import("../pages/home/trainer-page"));
const TraineePage = lazy(() => import("../pages/home/trainee-page"));
const ProfilePage = lazy(() => import("../pages/profile/profile-page"));
const ChangePasswordPage = lazy(() => import("../pages/profile/change-password-page"));
const ChangeEmailPage = lazy(() => import("../pages/profile/change-email-page"));
const ChangePhonePage = lazy(() => import("../pages/profile/change-phone-page"));
const DeleteAccountPage = lazy(() => import("../pages/profile/delete-account-page"));
const DevicesPage = lazy(() => import("../pages/devices/devices-page"));
const ActivityPage = lazy(() => import("../pages/activity/activity-page"));
const NotFoundPage = lazy(() => import("../pages/not-found-page"));

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
