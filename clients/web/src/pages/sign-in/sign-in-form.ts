/** The key under which the code for signing in is stored. */
export const signInCodeKey = "sign-in";

/** The props of the forms to sign in by password and by code. */
export interface SignInFormProps {
  /** The initial value of the identifier field. */
  readonly identifier: string;
  /** Called when the identifier changes. */
  readonly onIdentifier: (identifier: string) => void;
}
