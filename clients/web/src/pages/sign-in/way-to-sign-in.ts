/** The name under which the code for signing in is kept. */
export const signInCode = "sign-in";

/** What every way to sign in takes. */
export interface WayToSignIn {
  /** What was typed before it came. */
  readonly identifier: string;
  /** Is told what is typed. */
  readonly onIdentifier: (identifier: string) => void;
}
