/**
 * Whose password it is, for password managers: they keep a password with the nearest field for a name, which would be the
 * nickname otherwise. Visually hidden, since some ignore what is not displayed.
 */
export function UsernameField({ value }: { readonly value: string }) {
  return (
    <input
      type="text"
      name="username"
      autoComplete="username"
      aria-hidden="true"
      tabIndex={-1}
      readOnly
      value={value}
      className="sr-only"
    />
  );
}
