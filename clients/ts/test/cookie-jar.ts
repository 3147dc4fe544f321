/** Returns a fetch that keeps cookies, like a browser. */
export function fetchWithCookies(): { fetch: typeof globalThis.fetch; cookies: Map<string, string> } {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async fetch(input, init) {
      const headers = new Headers(init?.headers);
      headers.set("Cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
      const answer = await fetch(input, { ...init, headers });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (/max-age=(0|-\d+)/i.test(line)) {
          cookies.delete(name);
        } else {
          cookies.set(name, value);
        }
      }
      return answer;
    },
  };
}
