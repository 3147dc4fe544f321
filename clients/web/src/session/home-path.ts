import { defaultHomePath } from "./return-to";

/** The home pages of roles. Other roles have the default home page. */
const homeByRole: ReadonlyMap<string | undefined, string> = new Map([
  ["trainer", "/trainer"],
  ["trainee", "/trainee"],
]);

/** Returns the path of the home page of a role. */
export function homePath(role: string | undefined): string {
  return homeByRole.get(role) ?? defaultHomePath;
}
