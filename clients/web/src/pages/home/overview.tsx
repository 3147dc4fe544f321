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
  /** The title while a contact is missing or not verified. */
  readonly open?: string;
  /** The title once all contacts are verified. */
  readonly complete?: string;
  readonly devicesHint?: string;
}

/** The summary of an account: contacts, devices and last activity. */
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
