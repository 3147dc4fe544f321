/**
 * Makes an import that can be tried again. Browsers keep the failure of an import for as long as the document lives
 * (whatwg/html 6768), so each later try has an address of its own, as far as the failure names the file: Chromium and Firefox do.
 * `name` is one of the module's exports, by which it is recognised.
 */
export function importAgain<Module extends object>(
  load: () => Promise<Module>,
  name: keyof Module & string,
): () => Promise<Module> {
  let address: string | undefined;
  let failures = 0;
  return async () => {
    try {
      const module: Module = await (address ? import(/* @vite-ignore */ `${address}?try=${failures}`) : load());
      if (!(name in module)) {
        throw new Error(`${address} has no ${name}`);
      }
      return module;
    } catch (error) {
      failures++;
      address ??= addressIn(error);
      throw error;
    }
  };
}

function addressIn(error: unknown): string | undefined {
  return error instanceof Error ? /https?:\/\/[^\s?]+\.js/.exec(error.message)?.[0] : undefined;
}
