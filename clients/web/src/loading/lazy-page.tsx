import { type ComponentType, type ReactNode, useSyncExternalStore } from "react";
import { CodeProblem } from "./code-problem";
import { PageLoader, type RetryLoading } from "./page-loader";

/**
 * Makes a component whose code is loaded when it is rendered first, as React.lazy does. Unlike there, code that could not be
 * loaded is loaded again. Until then `problem` is shown, which calls `retry`: a page that says so when left out.
 */
export function lazyPage<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
  problem: (retry: RetryLoading) => ReactNode = (retry) => <CodeProblem retry={retry} />,
): ComponentType<Props> {
  const loader: PageLoader<Props> = new PageLoader(load, () => problem(loader.retry));
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each component, as React.lazy is.
  return function LazyPage(props) {
    const Current = useSyncExternalStore(loader.subscribe, loader.getSnapshot);
    return <Current {...props} />;
  };
}
