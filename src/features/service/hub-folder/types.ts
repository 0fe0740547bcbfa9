import type { Status } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import type { PersonId } from '../../../domain/identity.ts';
import type { Extent } from '../../../domain/office/bundle.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Language } from '../../../lib/i18n/languages.ts';

/** What the hub asks for. */
export interface Asked {
  /** Whose appointments; null: of somebody whom the service can't know, such as an organisation. */
  id: PersonId | null;
  /** The first day of the appointments, local; null: some time ago, see `RECENT_DAYS`. */
  from: Temporal.PlainDate | null;
  /** The last day; null: none. */
  to: Temporal.PlainDate | null;
}

/** What an appointment is, as far as a hub may read it: nothing of the person, and nothing that opens it. */
export interface HeldRow extends Extent {
  /** Its id, for the audit trail alone. */
  id: string;
  reference: string;
  office: number;
  procedure: number;
  channel: Channel;
  site: string | null;
  noticeLanguage: Language;
  start: Temporal.Instant;
  status: Status;
  createdAt: Temporal.Instant;
  displacedAt: Temporal.Instant | null;
}

/** An appointment of the person, with its office. */
export interface Held extends Omit<HeldRow, 'office' | 'procedure'> {
  office: Office;
  /** Code of the procedure, of the first one where there are several. */
  procedure: string;
  /** The language that the person reads. */
  language: Language;
  /** Whether it is to come, and can be changed or cancelled. */
  isToCome: boolean;
}
