import { NoticeCard } from "./notice-card";
import { useIsNoticeHost } from "./notice-hosts";
import { useNotices } from "./notices";

interface NoticeRegionProps {
  /** Whether the region is in a dialog. It is then a popover, which lies above the dialog and is not inert. */
  readonly inDialog?: boolean;
}

/** Shows the newest notice at the top of the window, in a live region for screen readers. */
export function NoticeRegion({ inDialog = false }: NoticeRegionProps) {
  const isHost = useIsNoticeHost();
  const current = useNotices((notices) => notices.current);
  const notice = isHost ? current : undefined;
  return (
    <div
      {...(inDialog && { popover: "manual" })}
      className="pointer-events-none fixed inset-x-0 top-0 bottom-auto z-50 m-0 h-auto w-full max-w-none overflow-visible border-none bg-transparent p-3 pt-[max(0.75rem,env(safe-area-inset-top))]"
    >
      {/* Both live regions are always rendered: screen readers do not announce a region that is inserted with its text. */}
      <div role="status" aria-live="polite" className="mx-auto max-w-md">
        {notice && notice.kind !== "error" && <NoticeCard key={notice.id} notice={notice} inDialog={inDialog} />}
      </div>
      <div role="alert" aria-live="assertive" className="mx-auto max-w-md">
        {notice?.kind === "error" && <NoticeCard key={notice.id} notice={notice} inDialog={inDialog} />}
      </div>
    </div>
  );
}
