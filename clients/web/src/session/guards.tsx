import type { ReactElement } from "react";
import { useEffect, useRef } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { EntryFrame } from "../app/entry-layout";
import { LoadingPage } from "../pages/loading-page";
import { UnreachablePage } from "../pages/unreachable-page";
import { defaultHomePath, linkWithReturn, returnPath } from "./return-to";
import { useSessionStore } from "./use-session-store";

interface SessionGateProps {
  /** Wraps the error page that is shown while the server cannot be reached. */
  readonly wrapError?: (page: ReactElement) => ReactElement;
  readonly children: ReactElement;
}

/** Renders its children once the session is known, and a loading or error page before. */
function SessionGate({ wrapError = (page) => page, children }: SessionGateProps) {
  const status = useSessionStore((current) => current.status);
  const error = useSessionStore((current) => (current.status === "loading" ? current.error : undefined));
  if (status === "loading") {
    return error ? wrapError(<UnreachablePage error={error} />) : <LoadingPage />;
  }
  return children;
}

/** A route for signed-in users. Others are redirected to the sign-in page, which leads back here. */
export function RequireSession() {
  return (
    <SessionGate wrapError={(page) => <EntryFrame>{page}</EntryFrame>}>
      <SignedIn />
    </SessionGate>
  );
}

function SignedIn() {
  const location = useLocation();
  const signedIn = useSessionStore(({ status }) => status === "signedIn");
  const wasSignedIn = useRef(signedIn);
  useEffect(() => {
    wasSignedIn.current ||= signedIn;
  }, [signedIn]);
  const reason = useSessionStore((session) => (session.status === "signedOut" ? session.reason : undefined));
  if (signedIn) {
    return <Outlet />;
  }
  // After a sign-out, neither this user nor the next one on this device should be led back to this page.
  const hasSignedOut = wasSignedIn.current && !reason;
  return <Navigate to={hasSignedOut ? "/sign-in" : linkWithReturn("/sign-in", location)} replace />;
}

/** A route for signed-out users. Others are redirected to the page they came for, or home. Use it inside a layout. */
export function PublicOnly() {
  return (
    <SessionGate>
      <SignedOut />
    </SessionGate>
  );
}

function SignedOut() {
  const { search } = useLocation();
  return useSessionStore(({ status }) => status === "signedIn") ? (
    <Navigate to={returnPath(search)} replace />
  ) : (
    <Outlet />
  );
}

/** A route for one role. Others are redirected to their home. Use it inside RequireSession. */
export function RequireRole({ only }: { readonly only: string }) {
  return useSessionStore((session) => session.role) === only ? <Outlet /> : <Navigate to={defaultHomePath} replace />;
}
