/** The parameter that holds where somebody wanted to go before they were asked to sign in. */
const parameter = "to";

/** Gives a link to a page that leads back here afterwards. */
export function withReturn(page: string, here: { readonly pathname: string; readonly search: string }): string {
  const wanted = `${here.pathname}${here.search}`;
  return wanted === "/" ? page : `${page}?${new URLSearchParams({ [parameter]: wanted })}`;
}

/** Gives a link to another page for people who are not signed in, which leads to where this one does. */
export function keepReturn(page: string, search: string): string {
  const wanted = new URLSearchParams(search).get(parameter);
  return wanted ? `${page}?${new URLSearchParams({ [parameter]: wanted })}` : page;
}

/**
 * Gives where to go after signing in: a path of our own, or home. Whatever else somebody has put into the link stays
 * unheeded (OWASP Unvalidated Redirects and Forwards).
 */
export function returnTo(search: string, origin: string = window.location.origin): string {
  const wanted = new URLSearchParams(search).get(parameter);
  // Browsers take a backslash for a slash, and two of either for another host.
  if (!wanted?.startsWith("/") || !URL.canParse(wanted, origin)) {
    return home;
  }
  const { origin: there, pathname, search: query } = new URL(wanted, origin);
  // "/.//evil.example" is a path of ours until its dot is gone, and another host from then on.
  return there === origin && !pathname.startsWith("//") ? `${pathname}${query}` : home;
}

/** The page that leads on to the one of the role. */
export const home = "/home";
