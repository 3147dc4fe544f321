/** Imports the code of a page, by its path. It is loaded when the page is rendered, or earlier by preloadPage. */
export const importPage = {
  "/": () => import("../pages/welcome-page"),
  "/sign-up": () => import("../pages/sign-up/sign-up-page"),
  "/sign-up/finish": () => import("../pages/sign-up/finish-social-page"),
  "/sign-in": () => import("../pages/sign-in/sign-in-page"),
  "/reset-password": () => import("../pages/reset-password/reset-password-page"),
  "/home": () => import("../pages/home/home-page"),
  "/trainer": () => import("../pages/home/trainer-page"),
  "/trainee": () => import("../pages/home/trainee-page"),
  "/profile": () => import("../pages/profile/profile-page"),
  "/profile/password": () => import("../pages/profile/change-password-page"),
  "/profile/email": () => import("../pages/profile/change-email-page"),
  "/profile/phone": () => import("../pages/profile/change-phone-page"),
  "/profile/delete": () => import("../pages/profile/delete-account-page"),
  "/devices": () => import("../pages/devices/devices-page"),
  "/activity": () => import("../pages/activity/activity-page"),
  "*": () => import("../pages/not-found-page"),
} as const;

/** Imports the layout of account pages, which includes TanStack Query. */
export const importAccountLayout = () => import("./account-layout");

/** The paths of pages that need no session. */
const publicPaths: ReadonlySet<string> = new Set([
  "/",
  "/sign-up",
  "/sign-up/finish",
  "/sign-in",
  "/reset-password",
  "*",
]);

/** Reports whether a path belongs to an account page. */
export function isAccountPage(path: string): path is keyof typeof importPage {
  return path in importPage && !publicPaths.has(path);
}

/** Preloads the code of a page and of its layout. A failure is ignored: the page loads the code again when it is rendered. */
export function preloadPage(path: string): void {
  const load = path in importPage ? importPage[path as keyof typeof importPage] : importPage["*"];
  load().catch(() => undefined);
  if (isAccountPage(path)) {
    importAccountLayout().catch(() => undefined);
  }
}
