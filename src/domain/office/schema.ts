import { z } from 'zod';
import { byChannel, TRAITS } from '../channel.ts';
import { GIVEN_LEVELS } from '../identity.ts';
import { type RequestSettings, requests } from '../requests/schema.ts';
import { ROLES } from '../roles.ts';
import { act, habilitation } from './acts.ts';
import { absence, shift } from './calendar/shifts.ts';
import { chat, deskChats, type OfficeChat } from './chat/topics.ts';
import { signClips } from './clips.ts';
import { combining, procedureCombining } from './combining.ts';
import { townConnectors } from './connectors/town.ts';
import { contact, otherWay } from './contact.ts';
import {
  byCode,
  channel,
  code,
  colour,
  country,
  day,
  dialPrefix,
  dir3,
  email,
  encounterLanguage,
  holidays,
  interpretedLanguage,
  language,
  line,
  listOf,
  phoneNumber,
  pictureUrl,
  texts,
  timeZone,
  url,
  whole,
  yesNo,
} from './fields.ts';
import { identityProviders } from './identity.ts';
import {
  attempts,
  board,
  booking,
  calendars,
  exchange,
  notices,
  uploads,
  verification,
  video,
  waitList,
} from './policies.ts';
import { type Site, site, walkIn } from './site.ts';
import { type Team, team } from './teams.ts';
import { accessibility, privacy } from './trust.ts';
import { wording } from './wording.ts';

/** A day (`date`) or the days `from`-`to`, both included, on which the office is closed. */
const closure = z.strictObject({
  date: day.exactOptional(),
  from: day.exactOptional(),
  to: day.exactOptional(),
  why: texts(200, 'why it is closed, shown to citizens').exactOptional(),
});

const openDay = day.describe('a public holiday on which this town works nevertheless');

const shade = z.strictObject({
  light: colour.describe('on light paper'),
  dark: colour.describe('on dark paper'),
});

const look = z
  .strictObject({
    accent: shade.describe('the colour of actions and links').exactOptional(),
    accentInk: shade.describe('the colour of text on the accent').exactOptional(),
    logo: z
      .strictObject({
        url: pictureUrl,
        alt: texts(200, 'what the logo shows, for who cannot see it'),
      })
      .exactOptional(),
  })
  .describe('colours and logo; contrast is checked');

const slots = z
  .strictObject({
    leadMinutes: whole(0, 43_200, 'minutes between now and the first time offered').default(60),
    horizonDays: whole(1, 365, 'how many days ahead can be booked').default(30),
    buffer: whole(0, 240, 'minutes that stay free after each appointment of a desk').default(5),
    starts: z
      .enum(['grid', 'packed'])
      .describe('grid: counted from the start of the shift; packed: from each free interval')
      .default('grid'),
    step: whole(
      1,
      720,
      'minutes between starts; by default the duration and the buffer',
    ).exactOptional(),
  })
  .describe('which times are offered');

const retention = z
  .strictObject({
    documentsHours: whole(1, 8760, 'hours that working documents live after the end').default(72),
    contactDays: whole(1, 3650, 'days that name, e-mail and telephone live after the end').default(
      30,
    ),
    notesDays: whole(1, 3650, "days that the agent's notes live after the end").default(365),
    evidenceDays: whole(1, 36_500, 'days that consents and identity checks live').default(1827),
    paymentDays: whole(1461, 36_500, 'days that payments of fees live').default(2192),
  })
  .describe('when personal data is destroyed');

const named = z.strictObject({ name: texts(120, 'the name shown') });

const requestedDocument = z.strictObject({
  code,
  name: texts(200, 'what the document is called'),
  note: texts(500, 'what to look out for').exactOptional(),
  required: yesNo('whether it cannot be done without it').default(true),
  onlyOnBehalf: yesNo(
    'whether only somebody who acts for another person needs it; nobody else is asked for it',
  ).default(false),
});

const checkStep = z.strictObject({
  code,
  name: texts(200, 'what whoever attends looks at or does'),
  required: yesNo('whether who closes the encounter is warned when it is not ticked').default(
    false,
  ),
});

const procedure = z.strictObject({
  kind: z
    .enum(['information', 'procedure'])
    .describe('information: questions are answered; procedure: something is carried out')
    .default('procedure'),
  theme: code.describe('the theme it is listed under').exactOptional(),
  name: texts(120, 'the name that citizens know it by'),
  summary: texts(300, 'one sentence that says what it is for').exactOptional(),
  who: texts(500, 'who may ask for it').exactOptional(),
  text: texts(
    5000,
    'what citizens should know before they book; blank lines part paragraphs',
  ).exactOptional(),
  channels: z
    .strictObject(
      byChannel((channel) =>
        whole(1, 480, `minutes of an appointment ${TRAITS[channel].described}`).exactOptional(),
      ),
    )
    .describe('the channels offered and how many minutes each takes'),
  step: whole(1, 720, 'minutes between starts, for this procedure').exactOptional(),
  combining: procedureCombining.prefault({}),
  documents: listOf(requestedDocument, 'documents').default([]),
  checklist: listOf(checkStep, 'steps')
    .describe('steps that whoever attends ticks, after the documents; citizens see none of them')
    .default([]),
  identity: z
    .enum(['none', 'shown', 'electronic'])
    .describe('how identity is checked: not at all, a document shown, or electronically')
    .default('none'),
  level: z
    .enum(GIVEN_LEVELS)
    .describe('the assurance level that it needs where identity is checked electronically')
    .default('substantial'),
  onBehalf: yesNo('whether one may act for somebody else').default(true),
  obligedElectronic: yesNo(
    'whether companies and professionals must do it on-line (Ley 39/2015, art. 14.2), and are told so',
  ).default(false),
  otherWays: listOf(otherWay, 'other ways').default([]),
  keywords: z
    .partialRecord(language, listOf(line(60, 'a word people search for'), 'words'))
    .describe('words that people search for, per language')
    .default({}),
});

const desk = z.strictObject({
  name: line(80, 'the name that citizens see, such as Taula 3'),
  skills: z
    .union([z.literal('all'), z.array(code)], {
      error: 'must be the word all, or a list of codes of procedures such as [volant-padro]',
    })
    .describe('the procedures that this desk attends'),
  languages: listOf(encounterLanguage, 'languages', 1),
  channels: listOf(channel, 'channels', 1),
  site: code.describe('the code of the site where it stands, for those who come').exactOptional(),
  chats: deskChats.exactOptional(),
});

const office = z.strictObject({
  name: texts(120, 'the name of the office'),
  intro: texts(1000, 'what the office does, for its first page').exactOptional(),
  mailFrom: line(80, 'the sender name of its mails; by default its name').exactOptional(),
  smsFrom: line(
    30,
    "the name with which its SMS begin; by default the town's name",
  ).exactOptional(),
  dir3: dir3.describe('its code in the Directorio Común, for what it exports').exactOptional(),
  contact: contact.exactOptional(),
  timeZone: timeZone.exactOptional(),
  languages: listOf(language, 'languages', 1).exactOptional(),
  interpreters: listOf(interpretedLanguage, 'languages')
    .describe(
      'languages that an interpreter in the call speaks; each gets a link on the first page',
    )
    .default([]),
  holidays: holidays.exactOptional(),
  feastDays: listOf(closure, 'feast days').default([]),
  openDays: listOf(openDay, 'days').default([]),
  closures: listOf(closure, 'closures').default([]),
  look: look.exactOptional(),
  sites: byCode(site, 'sites').default({}),
  walkIn: listOf(walkIn, 'places').default([]),
  otherWays: listOf(otherWay, 'other ways').default([]),
  phone: z
    .strictObject({
      caller: phoneNumber
        .describe('the number that citizens see when they are called')
        .exactOptional(),
      prefix: dialPrefix.describe('what the exchange wants before an outside number').default(''),
      exchange: exchange.exactOptional(),
    })
    .exactOptional(),
  video: video.prefault({}),
  slots: slots.prefault({}),
  attempts: attempts.prefault({}),
  booking: booking.prefault({}),
  combining: combining.prefault({}),
  waitList: waitList.prefault({}),
  notices: notices.prefault({}),
  wording: wording.default({}),
  uploads: uploads.prefault({}),
  verification: verification.prefault({}),
  board: board.prefault({}),
  calendars: calendars.prefault({}),
  retention: retention.prefault({}),
  themes: byCode(named, 'themes').default({}),
  procedures: byCode(procedure, 'procedures').default({}),
  desks: byCode(desk, 'desks').default({}),
  shifts: listOf(shift, 'shifts').default([]),
  absences: listOf(absence, 'absences').default([]),
  outcomes: byCode(named, 'outcomes').exactOptional(),
  wrapUpCodes: byCode(named, 'wrap-up codes').exactOptional(),
  queries: byCode(named, 'queries').default({}),
  acts: byCode(act, 'acts')
    .describe('what officials do for citizens who consent to it')
    .default({}),
  teams: byCode(team, 'teams')
    .describe(
      'people who handle the cases of some procedures, which nobody else of the office sees',
    )
    .default({}),
  chat: chat.prefault({}),
  requests: requests.exactOptional(),
  habilitated: listOf(habilitation, 'officials')
    .describe('the register of officials who may carry out such acts (Ley 39/2015, art. 12.3)')
    .default([]),
});

const staffMember = z.strictObject({
  email,
  name: line(120, "the person's name"),
  operator: yesNo('whether the person runs the installation').default(false),
  offices: z
    .record(
      code,
      z.strictObject({
        roles: listOf(z.enum(ROLES), 'roles', 1),
        desk: code.describe('the code of the desk that this person attends as').exactOptional(),
      }),
      { error: 'must say the roles in each office, such as oac: { roles: [agent] }' },
    )
    .default({}),
});

const town = z.strictObject({
  name: line(120, "the town's name"),
  timeZone,
  country: country.default('ES'),
  languages: listOf(language, 'languages', 1),
  holidays: holidays.default('none'),
  feastDays: listOf(closure, 'feast days').default([]),
  openDays: listOf(openDay, 'days').default([]),
  contact: contact.exactOptional(),
  dir3: dir3
    .describe('its code in the Directorio Común, as whom the open data name their publisher')
    .exactOptional(),
  mailFrom: line(80, 'the sender name of mails that no office sends').exactOptional(),
  look: look.describe('of its own pages, and of offices that say no other').exactOptional(),
  privacy: privacy.exactOptional(),
  accessibility: accessibility.exactOptional(),
  signClips: signClips.exactOptional(),
  identity: identityProviders,
  ...townConnectors,
  forms: line(300, 'the folder with the forms of procedures, seen from this file').exactOptional(),
  areas: line(
    300,
    "the GeoJSON file with the town's areas, such as its districts, seen from this file",
  ).exactOptional(),
  source: url
    .describe('where the source is of the software as this town runs it, if it changed it')
    .exactOptional(),
});

/**
 * The town file as it is written: the only source of its parsing, its types and its JSON Schema. Rules that involve more than one field (an
 * unknown desk, a missing translation) are in src/formats/town-file/checks/.
 */
export const townFileSchema = z
  .strictObject({
    town,
    offices: byCode(office, 'offices'),
    staff: listOf(staffMember, 'staff accounts').default([]),
  })
  .describe('A whole installation of Finestreta: a town, its offices, their services and people');

/** The parsed file, with simple defaults filled in and nothing inherited yet. */
export type WrittenTown = z.output<typeof townFileSchema>;
export type WrittenOffice = WrittenTown['offices'][string];
export type TownProcedure = z.output<typeof procedure>;
export type TownDesk = z.output<typeof desk>;
export type TownShift = z.output<typeof shift>;
export type TownAbsence = z.output<typeof absence>;
export type TownStaff = z.output<typeof staffMember>;
export type TownWalkIn = z.output<typeof walkIn>;
export type TownOtherWay = z.output<typeof otherWay>;
export type TownLook = z.output<typeof look>;
export type TownAct = z.output<typeof act>;
export type Habilitation = z.output<typeof habilitation>;
export type Named = z.output<typeof named>;
type WrittenClosure = z.output<typeof closure>;

/** Days that are closed, both ends included. */
export interface TownClosure {
  from: string;
  to: string;
  why?: WrittenClosure['why'];
}

/** A name with its code, in the file's order (a map kept as jsonb would lose the order). */
export interface Coded extends Named {
  code: string;
}

/** An office with everything it inherits from the town filled in. */
export interface TownOffice
  extends Omit<
    WrittenOffice,
    | 'timeZone'
    | 'languages'
    | 'holidays'
    | 'feastDays'
    | 'closures'
    | 'themes'
    | 'outcomes'
    | 'wrapUpCodes'
    | 'queries'
    | 'acts'
    | 'teams'
    | 'chat'
    | 'requests'
    | 'sites'
    | 'look'
  > {
  timeZone: string;
  /** The country whose telephone numbers are written without a prefix. */
  country: WrittenTown['town']['country'];
  languages: WrittenTown['town']['languages'];
  holidays: string;
  /** The feast days of the town and of the office. */
  feastDays: TownClosure[];
  closures: TownClosure[];
  themes: Coded[];
  /** The sites for people with an appointment. */
  sites: Site[];
  /** The possible outcomes of a procedure or query. */
  outcomes: Coded[];
  /** The possible wrap-up codes of an encounter. */
  wrapUpCodes: Coded[];
  /** The most frequent questions, which the agent can pick from. */
  queries: Coded[];
  /** The acts that officials carry out for citizens who consent. */
  acts: (TownAct & { code: string })[];
  /** Who handles the cases of which procedures. */
  teams: Team[];
  /** What people can write about, who answers how many, and prepared answers. */
  chat: OfficeChat;
  /** Which requests it takes; undefined: none. */
  requests?: RequestSettings;
  look: Required<Pick<TownLook, 'accent' | 'accentInk'>> & Pick<TownLook, 'logo'>;
}

/**
 * A checked town file, ready to be applied. Inherited values are filled in. Absences run between local date-times (`YYYY-MM-DDTHH:MM`, the
 * end excluded), closures between days (both included).
 */
export interface TownFile extends Omit<WrittenTown, 'offices'> {
  offices: Record<string, TownOffice>;
}
