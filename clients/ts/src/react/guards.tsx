import type { ReactNode } from "react";
import { useTexts } from "./core-provider.js";
import { useErrorText } from "./use-error-text.js";
import { type SessionResult, useSession } from "./use-session.js";

/** The props of all guards. */
export interface GuardProps {
  /** Rendered for users who pass the guard. */
  readonly children?: ReactNode;
  /** Rendered for all other users, such as `<Navigate to="/sign-in" />`. Defaults to nothing. */
  readonly fallback?: ReactNode;
  /** Rendered until the session is known. Defaults to nothing. */
  readonly loading?: ReactNode;
  /**
   * Rendered instead of `loading` after the session could not be fetched. Defaults to the error and a retry button. `useSession()`
   * has the error and `refetch`.
   */
  readonly error?: ReactNode;
}

/** The props of HasRole. */
export interface HasRoleProps extends GuardProps {
  /** The role, or several of which one suffices. Not named `role`, which linters treat as the ARIA attribute. */
  readonly roles: string | readonly string[];
}

/**
 * Renders its children for signed-in users. A guard is a convenience for users, not access control: only the server can protect
 * data.
 */
export function Protected(props: GuardProps): ReactNode {
  return useGuard(props, (session) => session.status === "signedIn");
}

/** Renders its children for users who are not signed in, such as pages to sign in and to sign up. */
export function PublicOnly(props: GuardProps): ReactNode {
  return useGuard(props, (session) => session.status === "signedOut");
}

/** Renders its children for signed-in users with a role. */
export function HasRole({ roles, ...props }: HasRoleProps): ReactNode {
  const allowed = typeof roles === "string" ? [roles] : roles;
  return useGuard(props, (session) => session.status === "signedIn" && allowed.includes(session.role));
}

function useGuard(
  { children, fallback = null, loading = null, error = <SessionError /> }: GuardProps,
  isAllowed: (session: SessionResult) => boolean,
): ReactNode {
  const session = useSession();
  if (session.status === "loading") {
    return session.error ? error : loading;
  }
  return isAllowed(session) ? children : fallback;
}

/** The default error of a guard. */
function SessionError(): ReactNode {
  const { error, refetch } = useSession();
  const errorText = useErrorText();
  const texts = useTexts();
  return (
    <div role="alert">
      <p>{error && errorText(error)}</p>
      <button type="button" onClick={refetch}>
        {texts.actions.retry}
      </button>
    </div>
  );
}
