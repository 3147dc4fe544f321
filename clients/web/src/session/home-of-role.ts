import { home } from "./return-to";

/** The pages that roles of this product have for their home. Others have a plain one. */
const homes: ReadonlyMap<string | undefined, string> = new Map([
  ["trainer", "/trainer"],
  ["trainee", "/trainee"],
]);

/** Gives the address of a role's home. */
export function homeOfRole(role: string | undefined): string {
  return homes.get(role) ?? home;
}
