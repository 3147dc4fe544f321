import { type ComponentType, type ReactNode, useSyncExternalStore } from "react";
import { ChunkErrorPage } from "./chunk-error-page";
import { ComponentLoader, type RetryLoad } from "./component-loader";

/**
 * Returns a component whose code is loaded at its first render, like React.lazy. Unlike with React.lazy, failed loading can be
 * retried: `renderError` renders the error and calls `retry`. It defaults to an error page.
 */
export function lazyWithRetry<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
  renderError: (retry: RetryLoad) => ReactNode = (retry) => <ChunkErrorPage retry={retry} />,
): ComponentType<Props> {
  const loader: ComponentLoader<Props> = new ComponentLoader(load, () => renderError(loader.retry));
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each component, like React.lazy.
  return function LazyComponent(props) {
    const Current = useSyncExternalStore(loader.subscribe, loader.getSnapshot);
    return <Current {...props} />;
  };
}
