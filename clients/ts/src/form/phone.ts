/**
 * Writes a phone number the way people of its country do, as far as it has been typed: `01012345678` and `+821012345678` are
 * `010-1234-5678` where the region is `KR`. Numbers of other countries stay as they are. It is for display alone; what a
 * number is, the server decides.
 *
 * @param region - `Settings.phoneRegion`
 */
export function formatPhone(text: string, region: string): string {
  if (region !== "KR") {
    return text;
  }
  // Wide digits, which Korean keyboards type, become plain ones.
  const typed = text.normalize("NFKC").trim();
  const dialled = typed.replace(/[\s().-]/g, "").replace(/^\+820?(?=\d)/, "0");
  return /^0\d*$/.test(dialled) || /^1[568]\d{0,6}$/.test(dialled) ? hyphenated(dialled) : text;
}

/** How many digits the prefix has: Seoul's is 02, safe numbers begin with 050 and one more, all others have three. */
const prefixes: readonly [RegExp, number][] = [
  [/^02/, 2],
  [/^050/, 4],
  [/^0/, 3],
  [/^1/, 0],
];

function hyphenated(digits: string): string {
  const length = prefixes.find(([pattern]) => pattern.test(digits))?.[1] ?? 0;
  const prefix = digits.slice(0, length);
  const rest = digits.slice(length);
  if (rest.length > 8) {
    return digits;
  }
  // Land lines and old mobiles have seven or eight digits after the prefix, all others eight.
  const middle = /^(02|0[3-6][1-9]|01[16-9])$/.test(prefix) && rest.length < 8 ? 3 : 4;
  return [prefix, rest.slice(0, middle), rest.slice(middle)].filter((part) => part !== "").join("-");
}
