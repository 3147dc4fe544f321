import { type ComponentType, lazy } from "react";
import { retryableImport } from "./retryable-import";

/** The outcome of an attempt: `missing` when the server answers but does not have the file. */
export type LoadOutcome = "loaded" | "unreachable" | "missing";

/** Retries the loading. Never rejects. */
export type RetryLoad = () => Promise<LoadOutcome>;

/** Loads the code of a component. Unlike React.lazy, it can retry after a failure. */
export class ComponentLoader<Props extends object> {
  readonly #load: () => Promise<{ readonly default: ComponentType<Props> }>;
  readonly #listeners = new Set<() => void>();
  #current: ComponentType<Props>;

  /** `ErrorFallback` is rendered until the code is loaded after a failure. */
  constructor(load: () => Promise<{ readonly default: ComponentType<Props> }>, ErrorFallback: ComponentType<Props>) {
    this.#load = retryableImport(load, "default");
    this.#current = lazy<ComponentType<Props>>(() => this.#load().catch(() => ({ default: ErrorFallback })));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Returns the component to render. It suspends until the code is loaded or has failed to load. */
  readonly getSnapshot = (): ComponentType<Props> => this.#current;

  /** Retries. The fallback stays on the page until the code is loaded. Never rejects. */
  readonly retry = async (): Promise<LoadOutcome> => {
    if (!(await isServerReachable())) {
      return "unreachable";
    }
    try {
      this.#current = (await this.#load()).default;
    } catch {
      return "missing";
    }
    for (const listener of this.#listeners) {
      listener();
    }
    return "loaded";
  };
}

async function isServerReachable(): Promise<boolean> {
  try {
    return (await fetch("/", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}
