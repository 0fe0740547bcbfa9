import type { Case } from '../types.ts';

/** A case at an appointment: an official began it in the encounter, or its person booked the appointment to talk about it. */
export interface CaseAt
  extends Pick<
    Case,
    'id' | 'office' | 'reference' | 'procedure' | 'form' | 'state' | 'link' | 'version' | 'level'
  > {
  /** Whether its person began it without an official. */
  isOwn: boolean;
  /** Whether it is a draft that those who attend in this appointment's encounter see: they began it, or its person shows it. */
  isShown: boolean;
  /** When its person was told last that it waits for them; null: never. */
  sentAt: Temporal.Instant | null;
  /** Whether the viewer may open it in the console, once it was handed in. Of a citizen: false. */
  isOpenToStaff: boolean;
  /** For staff, of a draft that is not shown: how many of the obligatory questions have an answer. Null otherwise. */
  progress: { answered: number; asked: number } | null;
}

/** An appointment at which a case is talked about, as its person sees it. */
export interface TiedAppointment {
  id: string;
  channel: string;
  start: Temporal.Instant;
  /** `to_come`, `underway`: the encounter goes on. Those that are over are not listed. */
  stands: 'to_come' | 'underway';
  /** Whether the draft is shown in its encounter. */
  isShown: boolean;
}

/** `isTold`: whether there is an address of theirs. */
export type SendResult = { ok: true; isTold: boolean } | { ok: false; reason: 'not_found' };

/** `not_open`: the encounter has not begun, or has ended. */
export type ShowResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'handed_in' | 'not_open' };
