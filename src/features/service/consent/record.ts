import type { Appointment } from '../../../domain/appointment.ts';
import { namesOf } from '../../../domain/office/bundle.ts';
import type { Habilitation, TownAct } from '../../../domain/office/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Digest } from '../documents/types.ts';
import type { Encounter } from '../encounter/types.ts';
import { fillText } from './rules.ts';
import type { ActCase, ActRecord, ActRow } from './types.ts';

/** The facts that a record is made from. */
interface Making {
  id: string;
  office: Office;
  appointment: Appointment;
  act: TownAct & { code: string };
  language: Language;
  details: string;
  documents: Digest[];
  /** The form that it hands in; undefined: none. */
  handsIn?: ActCase | undefined;
  habilitation: Habilitation;
  staff: number;
  encounter: Pick<Encounter, 'identity' | 'identityNote'>;
  now: Temporal.Instant;
}

/** Returns the record of an act that has no consent yet. */
export function makeRecord(making: Making): ActRecord {
  const { id, office, appointment, act, language, documents, habilitation, encounter, now } =
    making;
  const { handsIn } = making;
  const { email: _, until = null, ...official } = habilitation;
  const procedure = namesOf(office, appointment, language).join(' + ');
  const values = {
    citizen: appointment.citizen.name,
    procedure: handsIn?.name ?? procedure,
    date: datesIn(language, office.timeZone).longDay(now),
    official: `${official.name} (${official.post})`,
    details: making.details,
  };
  return {
    version: 3,
    act: id,
    office: { code: office.code, name: textIn(office.name, language) },
    appointment: {
      reference: appointment.reference,
      procedure: appointment.procedure,
      name: procedure,
      channel: appointment.channel,
      start: appointment.start.toString(),
    },
    citizen: {
      name: appointment.citizen.name,
      onBehalfOf: appointment.onBehalfOf,
      mayBeAttended: true,
    },
    official: { ...official, until, staff: making.staff },
    template: act.code,
    language,
    title: textIn(act.name, language),
    text: fillText(act.text[language] ?? '', values),
    level: act.level,
    documents,
    ...(handsIn && { case: handsIn }),
    identity: { check: encounter.identity ?? 'none', note: encounter.identityNote },
    preparedAt: now.toString(),
    consent: null,
  };
}

/** Whether the clear columns of the row say the same as the record. */
export function isOfRow(record: ActRecord, row: Omit<ActRow, 'record'>): boolean {
  const { consent } = record;
  return (
    record.act === row.id &&
    record.template === row.template &&
    (record.case?.case ?? null) === row.case &&
    record.language === row.language &&
    record.preparedAt === row.preparedAt.toString() &&
    `staff:${record.official.staff}` === row.preparedBy &&
    consent?.method === row.method &&
    consent?.at === row.settledAt?.toString() &&
    (consent?.heard ?? null) === (row.heardAt?.toString() ?? null) &&
    (consent?.identity?.identification ?? null) === row.identification &&
    (consent?.paper?.scan?.id ?? null) === row.scan &&
    (consent?.witness ? consent.at : null) === (row.witnessedAt?.toString() ?? null)
  );
}
