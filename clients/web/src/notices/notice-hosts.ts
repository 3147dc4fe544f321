import { useId, useLayoutEffect } from "react";
import { create } from "zustand";

interface NoticeHosts {
  /** The places that can show notices, the topmost last. */
  readonly hosts: readonly string[];
}

const useNoticeHosts = create<NoticeHosts>(() => ({ hosts: [] }));

/** Reports whether this is the place where notices are shown: the page, or the topmost dialog, below which all is inert. */
export function useIsNoticeHost(): boolean {
  const id = useId();
  useLayoutEffect(() => {
    useNoticeHosts.setState(({ hosts }) => ({ hosts: [...hosts, id] }));
    return () => useNoticeHosts.setState(({ hosts }) => ({ hosts: hosts.filter((host) => host !== id) }));
  }, [id]);
  return useNoticeHosts(({ hosts }) => hosts.at(-1) === id);
}
