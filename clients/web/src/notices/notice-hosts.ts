import { useId, useLayoutEffect } from "react";
import { create } from "zustand";

interface NoticeHosts {
  /** The mounted notice regions, the topmost last. */
  readonly hosts: readonly string[];
}

const useNoticeHosts = create<NoticeHosts>(() => ({ hosts: [] }));

/** Reports whether this region shows the notices: that of the topmost dialog, or of the page. Everything below a dialog is inert. */
export function useIsNoticeHost(): boolean {
  const id = useId();
  useLayoutEffect(() => {
    useNoticeHosts.setState(({ hosts }) => ({ hosts: [...hosts, id] }));
    return () => useNoticeHosts.setState(({ hosts }) => ({ hosts: hosts.filter((host) => host !== id) }));
  }, [id]);
  return useNoticeHosts(({ hosts }) => hosts.at(-1) === id);
}
