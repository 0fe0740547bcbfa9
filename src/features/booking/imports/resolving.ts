import { CHANNELS, type Channel } from '../../../domain/channel.ts';
import { bookedBundle, minutesOn } from '../../../domain/office/bundle.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Details } from '../../../domain/person.ts';
import { tidyText } from '../../../domain/tidy-text.ts';
import type { Mapping } from '../../../formats/appointments/mapping.ts';
import type { ForeignAppointment } from '../../../formats/appointments/read.ts';
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import { unaccented } from '../../../lib/unaccented.ts';
import { checkDetails, checkText, type FieldMistake } from '../appointments/rules.ts';
import type { PlannedRow, Verdict } from './types.ts';

/** What the office knows by which names. Each map is by folded names; those of the mapping come before our own. */
export interface Offered {
  office: Office;
  mapping: Mapping;
  /** The codes of all offices of the town. */
  offices: ReadonlyMap<string, string>;
  procedures: ReadonlyMap<string, string>;
  channels: ReadonlyMap<string, Channel>;
  languages: ReadonlyMap<string, Language>;
}

/** A line in the words of this office, or why it can't be. */
export type Resolved =
  | {
      ok: true;
      procedure: string;
      channel: Channel;
      language: Language;
      duration: number;
      details: Details;
      leftOut: PlannedRow['leftOut'];
    }
  | { ok: false; verdict: Verdict; about: string };

const no = (verdict: Verdict, about = ''): Resolved => ({ ok: false, verdict, about });

/** Returns a name without case, accents and punctuation, by which names are compared. */
const folded = (text: string): string => unaccented(text).replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Returns what a mapping, or else our own names, make of texts: once for all lines. Of two that are folded alike, the first holds. */
const namesOf = <T extends string>(
  said: Readonly<Record<string, T>>,
  own: readonly (readonly [string, T])[],
): Map<string, T> =>
  new Map(
    [...Object.entries(said), ...own]
      .map(([name, each]) => [folded(name), each] as const)
      .toReversed(),
  );

/** Returns codes and names in every language, each with its code. */
const codesOf = (all: readonly Pick<Office, 'code' | 'name'>[]) =>
  all.flatMap(({ code, name }) =>
    [code, ...Object.values(name)].map((each) => [each, code] as const),
  );

/** Returns what the office offers, by codes and by names in every language. */
export function offeredBy(office: Office, mapping: Mapping, offices: readonly Office[]): Offered {
  return {
    office,
    mapping,
    offices: namesOf(mapping.offices, codesOf(offices)),
    procedures: namesOf(mapping.procedures, codesOf(office.procedures)),
    channels: namesOf(mapping.channels, Object.entries(CHANNEL_WORDS)),
    languages: namesOf(mapping.languages, Object.entries(LANGUAGE_WORDS)),
  };
}

/** Words for channels, folded. */
const CHANNEL_WORDS: Record<string, Channel> = {
  ...Object.fromEntries(CHANNELS.map((each) => [folded(each), each])),
  ...{ telefon: 'phone', telefonica: 'phone', telefono: 'phone', trucada: 'phone' },
  ...{ llamada: 'phone', telefonoa: 'phone', videotrucada: 'video', videollamada: 'video' },
  ...{ videoconferencia: 'video', bideodeia: 'video', presencial: 'in_person' },
  ...{ oficina: 'in_person', aurrezaurre: 'in_person' },
};
/** Words for languages, folded. */
const LANGUAGE_WORDS: Record<string, Language> = {
  ...Object.fromEntries(LANGUAGES.map((each) => [folded(LANGUAGE_NAMES[each]), each])),
  ...Object.fromEntries(LANGUAGES.map((each) => [each, each])),
  ...{ cat: 'ca', catalan: 'ca', esp: 'es', castella: 'es', espanyol: 'es', espanol: 'es' },
  ...{ castellano: 'es', ang: 'en', angles: 'en', ingles: 'en', basc: 'eu', vasco: 'eu' },
};

/** Reads a line in the words of this office. */
export function resolve(row: ForeignAppointment, offered: Offered): Resolved {
  const { office, mapping } = offered;
  const elsewhere = officeMistake(row.office, offered);
  if (elsewhere) return elsewhere;
  const { otherwise } = mapping;
  const procedure = procedureOf(row, offered);
  const bundle = procedure ? bookedBundle(office, { procedure }) : null;
  if (!procedure || !bundle || bundle.parts.some((each) => each.retired))
    return no('unknown_procedure', procedure && !bundle ? procedure : row.procedure);
  const channel = row.channel
    ? offered.channels.get(folded(row.channel))
    : (otherwise.channel ?? CHANNELS.find((each) => minutesOn(bundle, each)));
  if (!channel) return no('unknown_channel', row.channel);
  const language = row.language
    ? offered.languages.get(folded(row.language))
    : (otherwise.language ?? office.languages[0]);
  if (!language || !office.languages.includes(language))
    return no('unknown_language', row.language);
  const duration = minutesOn(bundle, channel);
  if (!duration) return no('not_offered', row.channel || channel);
  const details = detailsIn(row, channel, office);
  return details.ok ? { ...details, procedure, channel, language, duration } : details;
}

/** Returns the code of a line's procedure; undefined: it has none, or a name that is not known. */
export const procedureOf = (
  { procedure }: ForeignAppointment,
  { procedures, mapping: { otherwise } }: Offered,
): string | undefined =>
  (procedure === '' ? undefined : procedures.get(folded(procedure))) ?? otherwise.procedure;

/** Whether a line is of this office: it says so, or says nothing that is known. */
export const isOfOffice = (row: ForeignAppointment, offered: Offered): boolean =>
  officeMistake(row.office, offered) === null;

function officeMistake(text: string, { office, mapping, offices }: Offered): Resolved | null {
  if (text === '') return null;
  const code = offices.get(folded(text));
  if (code === office.code) return null;
  // Without a word about offices, the column is about something else there, such as a floor.
  if (!code && Object.keys(mapping.offices).length === 0) return null;
  return no(code ? 'other_office' : 'unknown_office', text);
}

type CheckedRow =
  | { ok: true; details: Details; leftOut: PlannedRow['leftOut'] }
  | Extract<Resolved, { ok: false }>;

/**
 * Checks name, telephone and address as for any booking. What can't be read and isn't needed is left out, and kept in the comment: the
 * appointment is worth more than a second address.
 */
function detailsIn(row: ForeignAppointment, channel: Channel, office: Office): CheckedRow {
  const { settings } = office;
  const leftOut = (['phone', 'email'] as const).filter(
    (name) => row[name] !== '' && checkText(name, row[name], settings.country).mistake,
  );
  const contact = { phone: row.phone, email: row.email };
  for (const name of leftOut) contact[name] = '';
  const comment = tidyText([row.comment, ...leftOut.map((name) => row[name])].join('\n'));
  const raw = { name: row.name, ...contact, comment: [...comment].slice(0, 1000).join('') };
  const checked = checkDetails(channel, raw, settings);
  if (checked.ok) return { ok: true, details: checked.details, leftOut };
  const { name, phone, email } = checked.mistakes;
  if (name) return wrong(name === 'missing' ? 'no_name' : 'bad_name', row.name);
  const bad = leftOut.find((each) => checked.mistakes[each]) ?? leftOut[0];
  if (bad) return wrong(bad === 'phone' ? 'bad_telephone' : 'bad_email', row[bad]);
  if (phone) return wrong(contactMistake(phone, 'no_telephone'), row.phone);
  if (email) return wrong(contactMistake(email, 'no_email'), row.email);
  return wrong('bad_text', row.name);
}

const contactMistake = (mistake: FieldMistake, missing: Verdict): Verdict =>
  mistake === 'missing_either' ? 'no_contact' : missing;

const wrong = (verdict: Verdict, about: string): Extract<Resolved, { ok: false }> => ({
  ok: false,
  verdict,
  about,
});
