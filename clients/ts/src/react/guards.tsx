import type { ReactNode } from "react";
import { useTexts } from "./provider.js";
import { useErrorText } from "./use-error-text.js";
import { type SessionResult, useSession } from "./use-session.js";

/** What every guard takes. */
export interface GuardProps {
  /** Shown to users whom the guard lets in. */
  readonly children?: ReactNode;
  /** Shown to users whom the guard keeps out, such as `<Navigate to="/sign-in" />`; nothing when left out. */
  readonly fallback?: ReactNode;
  /** Shown until it is known who is signed in; nothing when left out. */
  readonly loading?: ReactNode;
  /**
   * Shown instead of `loading` while the server cannot be asked who is signed in; a sentence and a button to try again when
   * left out. `useSession()` has the error and the way to try again.
   */
  readonly error?: ReactNode;
}

/** What HasRole takes. */
export interface HasRoleProps extends GuardProps {
  /** The role, or several of which one is enough. Not called `role`, which linters take for the one of ARIA. */
  readonly roles: string | readonly string[];
}

/**
 * Shows its children to users who are signed in. A guard spares users pages that are of no use to them; what is not theirs
 * to see, the server has to keep.
 */
export function Protected(props: GuardProps): ReactNode {
  return useGuard(props, (session) => session.status === "signedIn");
}

/** Shows its children to users who are not signed in: pages for signing in and up. */
export function PublicOnly(props: GuardProps): ReactNode {
  return useGuard(props, (session) => session.status === "signedOut");
}

/** Shows its children to users who are signed in with a role. */
export function HasRole({ roles, ...props }: HasRoleProps): ReactNode {
  const enough = typeof roles === "string" ? [roles] : roles;
  return useGuard(props, (session) => session.status === "signedIn" && enough.includes(session.role));
}

function useGuard(
  { children, fallback = null, loading = null, error = <SessionProblem /> }: GuardProps,
  lets: (session: SessionResult) => boolean,
): ReactNode {
  const session = useSession();
  if (session.status === "loading") {
    return session.error ? error : loading;
  }
  return lets(session) ? children : fallback;
}

/** What a guard shows when an application has given it nothing else to show. */
function SessionProblem(): ReactNode {
  const { error, retry } = useSession();
  const errorText = useErrorText();
  const texts = useTexts();
  return (
    <div role="alert">
      <p>{error && errorText(error)}</p>
      <button type="button" onClick={retry}>
        {texts.actions.retry}
      </button>
    </div>
  );
}
