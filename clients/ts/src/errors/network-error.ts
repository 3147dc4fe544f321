/** How the fetch of browsers, of Node and of React Native begins its message when no answer comes. */
const messages =
  /^(Failed to fetch|NetworkError when|Load failed|network error|Network request failed|fetch failed|terminated)/;

/**
 * Reports whether an exception is one with which fetch rejects when no answer comes. It is a TypeError like any mistake of
 * a program, and only its message tells.
 */
export function isNetworkError(caught: unknown): boolean {
  return caught instanceof TypeError && messages.test(caught.message);
}
