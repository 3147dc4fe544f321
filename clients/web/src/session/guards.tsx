import type { ReactElement } from "react";
import { useEffect, useRef } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { EntryFrame } from "../app/entry-layout";
import { LoadingPage } from "../pages/loading-page";
import { UnreachablePage } from "../pages/unreachable-page";
import { home, returnTo, withReturn } from "./return-to";
import { useSessionStore } from "./use-session-store";

interface KnownProps {
  /** Is put around what is shown while the server cannot be reached. */
  readonly frame?: (page: ReactElement) => ReactElement;
  readonly children: ReactElement;
}

/** Shows its pages once it is known who is signed in. */
function Known({ frame = (page) => page, children }: KnownProps) {
  const status = useSessionStore((current) => current.status);
  const error = useSessionStore((current) => (current.status === "loading" ? current.error : undefined));
  if (status === "loading") {
    return error ? frame(<UnreachablePage error={error} />) : <LoadingPage />;
  }
  return children;
}

/** Pages for those who are signed in. Others are asked to sign in, and come back here. */
export function RequireSession() {
  return (
    <Known frame={(page) => <EntryFrame>{page}</EntryFrame>}>
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

/** Pages for those who are not signed in. Others go to where they wanted to, or home. Stands within a layout. */
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
