/** The buttons of the providers that this server offers. */
export default function SocialButtons() {
  return null;
}
