/**
 * Names the account of a password for password managers. Without it they would store the password with the nearest text field,
 * such as the nickname. It is visually hidden, because some password managers ignore elements with `display: none`.
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
