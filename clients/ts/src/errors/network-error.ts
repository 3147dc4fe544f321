/** How fetch of browsers, Node and React Native begins the message of a network error. */
const messages =
  /^(Failed to fetch|NetworkError when|Load failed|network error|Network request failed|fetch failed|terminated)/;

/**
 * Reports whether an exception is a network error of fetch. It is a TypeError, like a programming error, so only the message
 * distinguishes them.
 */
export function isNetworkError(caught: unknown): boolean {
  return caught instanceof TypeError && messages.test(caught.message);
}
