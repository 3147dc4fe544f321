/**
 * Returns a dynamic import that can be retried. Browsers cache a failed import for the lifetime of the document (whatwg/html
 * 6768), so each retry uses another URL. The URL comes from the error message, where Chromium and Firefox name the file.
 * `name` is an export of the module, to check that the right file was loaded.
 */
export function retryableImport<Module extends object>(
  load: () => Promise<Module>,
  name: keyof Module & string,
): () => Promise<Module> {
  let url: string | undefined;
  let failures = 0;
  return async () => {
    try {
      const module: Module = await (url ? import(/* @vite-ignore */ `${url}?try=${failures}`) : load());
      if (!(name in module)) {
        throw new Error(`${url} has no ${name}`);
      }
      return module;
    } catch (error) {
      failures++;
      url ??= urlIn(error);
      throw error;
    }
  };
}

function urlIn(error: unknown): string | undefined {
  return error instanceof Error ? /https?:\/\/[^\s?]+\.js/.exec(error.message)?.[0] : undefined;
}
