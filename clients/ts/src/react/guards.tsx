import type { ReactNode } from "react";
import type { Session } from "../session/session.js";
import { useSession } from "./use-session.js";

/** What every guard takes. */
export interface GuardProps {
  readonly children?: ReactNode;
  /** Is shown to those whom the guard keeps out, such as `<Navigate to="/sign-in" />`; nothing when left out. */
  readonly fallback?: ReactNode;
  /** Is shown until it is known who is signed in; nothing when left out. */
  readonly loading?: ReactNode;
}

/** What HasRole takes. */
export interface HasRoleProps extends GuardProps {
  /** The role, or several of which one is enough. Not called `role`, which linters take for the one of ARIA. */
  readonly roles: string | readonly string[];
}

/**
 * Shows its children to those who are signed in. A guard spares people pages that are of no use to them; what is not
 * theirs to see, the server has to keep.
 */
export function Protected(props: GuardProps): ReactNode {
  return useGuard(props, (session) => session.status === "signedIn");
}

/** Shows its children to those who are not signed in: pages for signing in and up. */
export function PublicOnly(props: GuardProps): ReactNode {
  return useGuard(props, (session) => session.status === "signedOut");
}

/** Shows its children to those who are signed in with a role. */
export function HasRole({ roles, ...props }: HasRoleProps): ReactNode {
  const enough = typeof roles === "string" ? [roles] : roles;
  return useGuard(props, (session) => session.status === "signedIn" && enough.includes(session.role));
}

function useGuard(
  { children, fallback = null, loading = null }: GuardProps,
  lets: (session: Session) => boolean,
): ReactNode {
  const session = useSession();
  if (session.status === "loading") {
    return loading;
  }
  return lets(session) ? children : fallback;
}
