/**
 * Formats a complete or partial phone number as is usual in its country: `01012345678` and `+821012345678` are `010-1234-5678`
 * where the region is `KR`. Numbers of other countries stay as they are. Use it for display only: the server decides which numbers
 * are valid.
 *
 * @param region - `Settings.phoneRegion`
 */
export function formatPhone(text: string, region: string): string {
  if (region !== "KR") {
    return text;
  }
  // NFKC turns full-width digits, which Korean keyboards type, into ASCII digits.
  const typed = text.normalize("NFKC").trim();
  const dialled = typed.replace(/[\s().-]/g, "").replace(/^\+820?(?=\d)/, "0");
  return /^0\d*$/.test(dialled) || /^1[568]\d{0,6}$/.test(dialled) ? hyphenated(dialled) : text;
}

/** The length of the prefix: 02 for Seoul, 050 and one digit for virtual numbers, three digits for all others. */
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
