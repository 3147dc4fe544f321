import type { User } from "@latchkey-auth/client";
import PushInvitation from "../../push/push-invitation";
import { Page } from "../../ui/page";
import { ContactsCard } from "./contacts-card";
import { DevicesCard } from "./devices-card";
import { LastActivityCard } from "./last-activity-card";

interface OverviewProps {
  readonly user: User;
  readonly title: string;
  readonly lead: string;
  /** Stands above what is still to be done for the account. */
  readonly open?: string;
  /** Stands above it when nothing is. */
  readonly complete?: string;
  readonly devicesHint?: string;
}

/** An account at a glance: what is missing, where it is signed in, and what happened last. */
export function Overview({ user, title, lead, open, complete, devicesHint }: OverviewProps) {
  return (
    <Page title={title} lead={lead}>
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="empty:hidden sm:col-span-2">
          <PushInvitation />
        </div>
        <ContactsCard user={user} open={open} complete={complete} />
        <DevicesCard hint={devicesHint} />
        <LastActivityCard />
      </div>
    </Page>
  );
}
