import type { Status } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import type { AppointmentLink, Identification } from '../../foundation/identification/types.ts';
import type { NoticeKind } from '../../foundation/notices/types.ts';
import type { ActState } from '../consent/types.ts';
import type { DocumentKind, DocumentState, Review } from '../documents/types.ts';

/** An appointment as the person whose folder it is in sees it. */
export interface OwnAppointment {
  id: string;
  /** How often its link was replaced (see `Appointment.link`). */
  link: number;
  office: number;
  reference: string;
  /** The id of its first procedure. */
  procedure: number;
  /** The codes of its further procedures. */
  further: readonly string[];
  people: number;
  channel: Channel;
  site: string | null;
  start: Temporal.Instant;
  end: Temporal.Instant;
  status: Status;
  /** No desk can serve it at its hour: the person must choose another time. */
  isDisplaced: boolean;
  /** The person's data in it was deleted. */
  isForgotten: boolean;
  /** The name of the person for whom it was booked; null: for whoever booked it. */
  onBehalfOf: string | null;
  how: AppointmentLink['how'];
  /** When it came into the folder. */
  at: Temporal.Instant;
  /**
   * What was typed when it was booked; null: nothing shows that the person is its citizen, so that it may be somebody else's data.
   */
  typed: Typed | null;
}

/** What somebody typed to book. */
export interface Typed {
  name: string;
  email: string | null;
  /** E.164. */
  phone: string | null;
  comment: string;
  needs: readonly string[];
  /** The language for which they need an interpreter. */
  interpreter: string | null;
}

/** What each entry of a folder says of its appointment. */
interface OfAppointment {
  office: number;
  appointment: { id: string; link: number; reference: string; procedure: number };
}

/** A document, without its name and its content, which only the page of its appointment opens. */
export interface OwnDocument extends OfAppointment {
  id: string;
  kind: Exclude<DocumentKind, 'evidence'>;
  /** The copy of a consent, rather than a result. */
  isCopy: boolean;
  /** The code of the procedure's document; null: another document. */
  requested: string | null;
  state: DocumentState;
  review: Review | null;
  /** Bytes. */
  size: number;
  at: Temporal.Instant;
  isDestroyed: boolean;
  /** The person opened it. */
  isOpened: boolean;
}

/** An act, without its text, which only its page shows. */
export interface OwnAct extends OfAppointment {
  id: string;
  /** The code of the office's act. */
  template: string;
  state: ActState;
  preparedAt: Temporal.Instant;
  expiresAt: Temporal.Instant;
  settledAt: Temporal.Instant | null;
  method: string | null;
}

/** A notice that was sent. */
export interface OwnNotice extends OfAppointment {
  id: string;
  kind: NoticeKind;
  channel: 'email' | 'sms';
  /** Its address, masked (see `maskAddress`); empty: it was deleted. */
  masked: string;
  at: Temporal.Instant;
}

/** A look at the person's data, or a change of it, by somebody else. */
export interface OwnLook extends OfAppointment {
  id: number;
  by: 'staff' | 'token' | 'verifier' | 'hub';
  action: string;
  at: Temporal.Instant;
}

/** The lists of a folder, each with the kinds by which it can be narrowed. */
export const LISTS = {
  appointments: ['coming', 'past'],
  documents: ['results', 'sent', 'copies'],
  consents: ['asked', 'given', 'other'],
  notices: ['email', 'sms'],
  looks: ['seen', 'changed'],
  identifications: [],
} as const;
export type ListName = keyof typeof LISTS;
export const LIST_NAMES = Object.keys(LISTS) as readonly ListName[];

/** The entries of each list. */
export interface Entries {
  appointments: OwnAppointment;
  documents: OwnDocument;
  consents: OwnAct;
  notices: OwnNotice;
  looks: OwnLook;
  identifications: Identification;
}

/** A page of a list, newest first; appointments to come are in the order of time. */
export interface ListPage<T> {
  entries: readonly T[];
  total: number;
  /** From 1 on. */
  page: number;
  pages: number;
}

/** What a folder's first page shows. */
export interface Overview {
  /** How many entries each list has. */
  counts: Record<ListName, number>;
  coming: readonly OwnAppointment[];
  /** How many there are to come. */
  comingCount: number;
  /** Results that the person has not opened. */
  toFetch: number;
  /** Acts that wait for the person's answer. */
  toAnswer: number;
}

/** A person whose folder an appointment is in. */
export interface Owner {
  person: string;
  how: AppointmentLink['how'];
}

/** Whose folder an appointment is in, as one person may know it. */
export type Standing = 'mine' | 'others' | 'nobodys';
