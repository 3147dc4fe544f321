/** Asks whether this device may be notified, where that makes sense. */
export default function PushInvitation() {
  return null;
}
