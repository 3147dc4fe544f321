/** What every way to sign in takes. */
export interface WayToSignIn {
  /** What was typed before it came. */
  readonly identifier: string;
  /** Is told what is typed. */
  readonly onIdentifier: (identifier: string) => void;
  /** Whether it takes the focus when it comes, as it does after somebody has asked for it. */
  readonly focused: boolean;
}
