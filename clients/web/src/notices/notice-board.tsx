import { NoticeCard } from "./notice-card";
import { useIsNoticeHost } from "./notice-hosts";
import { useNotices } from "./notices";

interface NoticeBoardProps {
  /** Stands in a dialog, which shows it as a popover: above the dialog, and not as inert as the page below. */
  readonly inDialog?: boolean;
}

/** Shows the newest notice at the top of the window, and tells it to screen readers. */
export function NoticeBoard({ inDialog = false }: NoticeBoardProps) {
  const isHost = useIsNoticeHost();
  const current = useNotices((notices) => notices.current);
  const notice = isHost ? current : undefined;
  return (
    <div
      {...(inDialog && { popover: "manual" })}
      className="pointer-events-none fixed inset-x-0 top-0 bottom-auto z-50 m-0 h-auto w-full max-w-none overflow-visible border-none bg-transparent p-3 pt-[max(0.75rem,env(safe-area-inset-top))]"
    >
      {/* Both regions stay on the page: a region that arrives together with its text is not read out. */}
      <div role="status" aria-live="polite" className="mx-auto max-w-md">
        {notice && notice.kind !== "error" && <NoticeCard key={notice.id} notice={notice} inDialog={inDialog} />}
      </div>
      <div role="alert" aria-live="assertive" className="mx-auto max-w-md">
        {notice?.kind === "error" && <NoticeCard key={notice.id} notice={notice} inDialog={inDialog} />}
      </div>
    </div>
  );
}
