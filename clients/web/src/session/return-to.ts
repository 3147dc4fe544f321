/** The query parameter with the path to return to after signing in. */
const parameter = "to";

/** Returns a link to a page that leads back here after signing in. */
export function linkWithReturn(page: string, here: { readonly pathname: string; readonly search: string }): string {
  const wanted = `${here.pathname}${here.search}`;
  return wanted === "/" ? page : `${page}?${new URLSearchParams({ [parameter]: wanted })}`;
}

/** Returns a link to another page for signed-out users that keeps the return path. */
export function linkKeepingReturn(page: string, search: string): string {
  const wanted = new URLSearchParams(search).get(parameter);
  return wanted ? `${page}?${new URLSearchParams({ [parameter]: wanted })}` : page;
}

/**
 * Returns the path to go to after signing in: a path of this origin, or home. Any other target in the link is ignored (OWASP
 * Unvalidated Redirects and Forwards).
 */
export function returnPath(search: string, origin: string = window.location.origin): string {
  const wanted = new URLSearchParams(search).get(parameter);
  // Browsers treat a backslash as a slash, and two of either as the start of a host.
  if (!wanted?.startsWith("/") || !URL.canParse(wanted, origin)) {
    return defaultHomePath;
  }
  const { origin: there, pathname, search: query } = new URL(wanted, origin);
  // "/.//evil.example" resolves to "//evil.example", which browsers would treat as another host.
  return there === origin && !pathname.startsWith("//") ? `${pathname}${query}` : defaultHomePath;
}

/** The default home page. It redirects to the home page of the role, if there is one. */
export const defaultHomePath = "/home";
