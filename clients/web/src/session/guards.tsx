import { useLatchkey, useTexts } from "@latchkey-auth/client/react";
import type { ReactNode } from "react";
import { useEffect, useRef } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { reasonText } from "../i18n/reason-text";
import { notify } from "../notices/notices";
import { LoadingPage } from "../pages/loading-page";
import { UnreachablePage } from "../pages/unreachable-page";
import { home, returnTo, withReturn } from "./return-to";
import { useSessionStore } from "./use-session-store";

/** Shows its pages once it is known who is signed in. */
function Known({ children }: { readonly children: ReactNode }) {
  const { session } = useLatchkey();
  const status = useSessionStore((current) => current.status);
  const error = useSessionStore((current) => (current.status === "loading" ? current.error : undefined));
  if (status === "loading") {
    return error ? <UnreachablePage error={error} retry={() => void session.check()} /> : <LoadingPage />;
  }
  return children;
}

/** Pages for those who are signed in. Others are asked to sign in, and come back here. */
export function RequireSession() {
  return (
    <Known>
      <SignedIn />
    </Known>
  );
}

function SignedIn() {
  const location = useLocation();
  const signedIn = useSessionStore(({ status }) => status === "signedIn");
  const was = useRef(signedIn);
  useEffect(() => {
    was.current ||= signedIn;
  }, [signedIn]);
  const reason = useSessionStore((session) => (session.status === "signedOut" ? session.reason : undefined));
  if (signedIn) {
    return <Outlet />;
  }
  // Who has signed out on purpose does not want to come back to this page, and neither does the next one at this device.
  const left = was.current && !reason;
  return <Navigate to={left ? "/sign-in" : withReturn("/sign-in", location)} replace />;
}

/** Pages for those who are not signed in. Others go to where they wanted to, or home. */
export function PublicOnly() {
  return (
    <Known>
      <SignedOut />
    </Known>
  );
}

function SignedOut() {
  const { search } = useLocation();
  return useSessionStore(({ status }) => status === "signedIn") ? (
    <Navigate to={returnTo(search)} replace />
  ) : (
    <Outlet />
  );
}

/** Pages for one role. Others go to the home of their own. Stands below RequireSession. */
export function RequireRole({ only }: { readonly only: string }) {
  return useSessionStore((session) => session.role) === only ? <Outlet /> : <Navigate to={home} replace />;
}

/** Tells why a session has ended that nobody signed out of. */
export function useEndNotice(): void {
  const texts = useTexts();
  const reason = useSessionStore((session) => (session.status === "signedOut" ? session.reason : undefined));
  useEffect(() => {
    if (reason) {
      notify("problem", reasonText(reason, texts));
    }
  }, [reason, texts]);
}
