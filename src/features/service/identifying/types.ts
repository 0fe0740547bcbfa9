import type { GivenLevel } from '../../../domain/identity.ts';
import type { Texts } from '../../../lib/i18n/languages.ts';
import type { FailureReason } from '../../foundation/identification/types.ts';

/** Somebody who identified for an appointment, as the console shows them. */
export interface IdentifiedPerson {
  person: string;
  identification: string;
  /** As the provider says it. */
  name: string;
  /** The identifier, of which four characters can be read. */
  masked: string;
  level: GivenLevel;
  /** The name of the provider; its code where the town no longer has it. */
  provider: Texts | string;
  /** The provider's word for how, such as `idcatmobil`. */
  method: string;
  at: Temporal.Instant;
  /** See `AppointmentLink.how`. */
  how: 'link' | 'booked' | 'call';
  /** The organisation for which they act; null: for themselves. */
  represents: string | null;
  /** Whether the name that was booked is another one. */
  isOther: boolean;
  /** What shows that they are the citizen of the appointment; null: nothing does. */
  shownBy: 'name' | 'code' | null;
}

/** Why the citizen did not identify when they were asked. `declined`: they did not want to. */
export type NotIdentified = FailureReason | 'gone' | 'declined';

/** What became of the last request to identify. */
export type Asking =
  | { state: 'asked'; level: GivenLevel; at: Temporal.Instant }
  | { state: 'identified'; at: Temporal.Instant }
  | { state: 'failed'; reason: NotIdentified; at: Temporal.Instant };

/** How an appointment stands with identification. */
export interface IdentityStanding {
  asking: Asking | null;
  people: IdentifiedPerson[];
}
