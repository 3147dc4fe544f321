/** The code of each page, by its path. A page's code is loaded when it is shown, or ahead by preloadPage. */
export const pageCode = {
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

/** The frame of the pages of an account, which brings the queries with it. */
export const accountLayoutCode = () => import("./account-layout");

/** The pages that stand outside of an account. */
const entries: ReadonlySet<string> = new Set(["/", "/sign-up", "/sign-up/finish", "/sign-in", "/reset-password", "*"]);

/** Reports whether a path leads to a page of an account. */
export function isAccountPage(path: string): path is keyof typeof pageCode {
  return path in pageCode && !entries.has(path);
}

/** Loads the code of a page ahead, and that of the frame around it. What fails is loaded again when the page is shown. */
export function preloadPage(path: string): void {
  const load = path in pageCode ? pageCode[path as keyof typeof pageCode] : pageCode["*"];
  load().catch(() => undefined);
  if (isAccountPage(path)) {
    accountLayoutCode().catch(() => undefined);
  }
}
