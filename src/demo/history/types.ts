import type { Channel, EncounterChannel } from '../../domain/channel.ts';
import type { Office } from '../../domain/office/types.ts';
import type { Area } from '../../domain/requests/areas.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import type { MadePerson } from './people.ts';

/** What the history of an office follows from: the same facts make the same history. */
export interface Seed {
  office: Office;
  areas: readonly Area[];
  /** Ids of the people at the desks, by the desk's id. */
  staffAt: ReadonlyMap<number, number>;
}

/** Milliseconds since 1970: days of appointments are computed often. */
export type Millis = number;

/** Who did something, as events have it. */
export type Actor = string;

export interface PlannedAttempt {
  number: number;
  outcome: 'answered' | 'no_answer' | 'voicemail' | 'busy';
  at: Millis;
  rangSeconds: number;
}

export interface PlannedItem {
  kind: 'procedure' | 'query';
  /** Code; null: it is a query of the list. */
  procedure: string | null;
  query: string | null;
  outcome: string;
}

export interface PlannedAnswer {
  at: Millis;
  score: number | null;
  solved: 'yes' | 'partly' | 'no' | null;
  heard: 'yes' | 'partly' | 'no' | null;
  comment: string;
}

/** What one end of a video call measured. */
export interface PlannedQuality {
  side: 'agent' | 'citizen';
  path: 'host' | 'srflx' | 'relay' | null;
  firstFrameMs: number | null;
  lossPercent: number | null;
  rttMs: number | null;
  fps: number | null;
  freezes: number;
  frozenSeconds: number;
  reconnections: number;
  audioOnlySeconds: number;
}

/** Somebody is served, with or without an appointment. */
export interface PlannedEncounter {
  started: Millis;
  ended: Millis;
  identity: 'none' | 'shown' | 'questions';
  wrapUp: string;
  notes: string;
  items: readonly PlannedItem[];
  answer: PlannedAnswer | null;
  quality: readonly PlannedQuality[];
}

export interface PlannedAppointment {
  id: string;
  reference: string;
  procedure: { id: number; code: string };
  channel: Channel;
  language: Language;
  site: string | null;
  desk: number;
  starts: Millis;
  ends: Millis;
  /** Until when the desk can take no other. */
  busyUntil: Millis;
  createdAt: Millis;
  createdBy: Actor;
  person: MadePerson;
  /** The time that it had before; null: it was never moved. */
  moved: { at: Millis; from: Millis } | null;
  cancelled: { at: Millis; by: Actor } | null;
  /** When the person came into the room or to the counter; null: they are called, or did not come. */
  arrived: Millis | null;
  attempts: readonly PlannedAttempt[];
  /** Null: nobody met. */
  encounter: PlannedEncounter | null;
  /** When it was over without anybody having met; null: they met, or it was cancelled. */
  missed: Millis | null;
}

/** Somebody who came or rang without an appointment. */
export interface PlannedVisit {
  id: string;
  channel: EncounterChannel;
  language: Language;
  desk: number;
  encounter: PlannedEncounter;
}
