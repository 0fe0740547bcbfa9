import { randomUUID } from 'node:crypto';
import { DEFAULT_LOOK } from '../../../domain/office/defaults.ts';
import { DEFAULT_POLICIES } from '../../../domain/office/policies.ts';
import type { Office, Procedure } from '../../../domain/office/types.ts';
import { LANGUAGES, type Language, type Texts } from '../../../lib/i18n/languages.ts';
import type { LinkMaker, Notice, NoticeFacts, NoticeKind } from './types.ts';

const texts = (text: string): Texts =>
  Object.fromEntries(LANGUAGES.map((language) => [language, `${text} ${language}`]));

const DOCUMENTS: Procedure['documents'] = [
  { code: 'dni', name: texts('DNI o NIE'), required: true, onlyOnBehalf: false },
  {
    code: 'permis',
    name: texts('Permís'),
    note: texts('Per a un altre.'),
    required: false,
    onlyOnBehalf: false,
  },
  { code: 'poder', name: texts('Poder'), required: true, onlyOnBehalf: true },
];

const RETENTION = {
  documentsHours: 72,
  contactDays: 30,
  notesDays: 365,
  evidenceDays: 1825,
  paymentDays: 2192,
};

/** An office for rendering without a database. */
export function sampleOffice(settings: Partial<Office['settings']> = {}, name?: Texts): Office {
  const procedure = {
    id: 1,
    code: 'volant-padro',
    retired: false,
    kind: 'procedure',
    name: texts('Volant de padró'),
    channels: { phone: 15, video: 20 },
    checklist: [],
    combining: { alone: false, with: [] },
    documents: DOCUMENTS,
    identity: 'shown',
    level: 'substantial',
    onBehalf: true,
    obligedElectronic: false,
    otherWays: [],
    keywords: {},
  } satisfies Procedure;
  const names = name ?? texts('Oficina d’Atenció Ciutadana');
  return {
    id: 1,
    code: 'oac',
    revision: 1,
    declaredAt: null,
    name: names,
    timeZone: 'Europe/Madrid',
    languages: LANGUAGES,
    settings: {
      name: names,
      smsFrom: 'OAC Vilaclara',
      timeZone: 'Europe/Madrid',
      languages: [...LANGUAGES],
      holidays: 'none',
      feastDays: [],
      openDays: [],
      contact: { email: 'oac@vilaprova.example', phone: '+34 930 100 010' },
      look: DEFAULT_LOOK,
      walkIn: [{ name: texts('OAC'), address: 'Plaça Major, 1', hours: texts('De 9 a 14 h.') }],
      otherWays: [],
      phone: { caller: '+34 930 100 012', prefix: '' },
      slots: { leadMinutes: 60, horizonDays: 30, buffer: 5, starts: 'grid' },
      attempts: { max: 3, windowMinutes: 30, spacingMinutes: 10 },
      country: 'ES',
      ...DEFAULT_POLICIES,
      retention: RETENTION,
      themes: [],
      queries: [],
      outcomes: [],
      wrapUpCodes: [],
      ...settings,
    },
    procedures: [procedure],
    desks: [],
    rota: { timeZone: 'Europe/Madrid', isClosed: () => false, desks: [] },
    procedure: (key) => (key === procedure.code || key === procedure.id ? procedure : undefined),
    desk: () => undefined,
  };
}

/** A notice of a phone appointment on Wednesday, 9 December 2026, 9:20 in Madrid. */
export function sampleNotice(
  kind: NoticeKind,
  language: Language = 'ca',
  facts: Partial<NoticeFacts> = {},
  rest: Partial<Notice> = {},
): Notice {
  const at = Temporal.Instant.from('2026-12-01T10:00:00Z');
  return {
    id: randomUUID(),
    kind,
    channel: 'email',
    recipient: 'marta@example.org',
    language,
    facts: {
      reference: 'K7M-2QX',
      procedure: 'volant-padro',
      channel: 'phone',
      language: 'ca',
      start: '2026-12-09T08:20:00Z',
      end: '2026-12-09T08:35:00Z',
      sequence: 0,
      name: 'Marta Puig',
      onBehalfOf: null,
      ...facts,
    },
    office: 1,
    appointment: '0b9dbb2e-54fc-4d2c-8a11-000000000001',
    waiting: null,
    case: null,
    request: null,
    chat: null,
    createdAt: at,
    notBefore: at,
    attempts: 1,
    sentAt: null,
    droppedAt: null,
    failedAt: null,
    lastError: null,
    ...rest,
  };
}

/** Links in the usual form, with invented secrets. */
export const sampleLinks: LinkMaker = {
  manageUrl: (of) => `https://cita.vilaclara.cat/${of.noticeLanguage}/appointment/${PAPER_SECRET}`,
  shortManageUrl: () => `https://cita.vilaclara.cat/s/${PAPER_SECRET}`,
  waitingUrl: (_, language) => `https://cita.vilaclara.cat/${language}/waiting/${PAPER_SECRET}`,
  shortWaitingUrl: () => `https://cita.vilaclara.cat/w/${PAPER_SECRET}`,
  caseUrl: (_, language) => `https://cita.vilaclara.cat/${language}/case/${PAPER_SECRET}`,
  chatUrl: (_, language) => `https://cita.vilaclara.cat/${language}/chat/${PAPER_SECRET}`,
  requestUrl: (_, language) => `https://cita.vilaclara.cat/${language}/request/${PAPER_SECRET}`,
  followUrl: (_, language) => `https://cita.vilaclara.cat/${language}/follow/${PAPER_SECRET}`,
  cosignUrl: (_, language) => `https://cita.vilaclara.cat/${language}/cosign/${PAPER_SECRET}`,
  stopUrl: (_, language) => `https://cita.vilaclara.cat/${language}/notices/paper.${PAPER_SECRET}`,
  shortObjectUrl: () => `https://cita.vilaclara.cat/n/paper.${PAPER_SECRET}`,
  digitsOf: () => '123456',
};
export const PAPER_SECRET = 'AbCdEfGhIjKlMnOpQrStUv';
