import type { Declaration } from '../../features/booking/administration/types.ts';
import type { Finding } from '../../formats/town-file/reading/check.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import type { DeskVisit } from '../console/visit.tsx';
import { SECTIONS, type SectionName } from './sections.ts';

/** `/console/{office}/admin` */
export const adminBase = ({ base }: { base: string }): string => `${base}/admin`;

/** The section of each part of an office. Parts with pages of their own aren't here. */
const SECTION_OF: Record<string, SectionName> = {
  name: 'office',
  intro: 'office',
  mailFrom: 'office',
  smsFrom: 'office',
  contact: 'office',
  languages: 'languages',
  interpreters: 'languages',
  holidays: 'languages',
  phone: 'telephone',
  video: 'calls',
  board: 'calls',
  calendars: 'calls',
  outcomes: 'lists',
  wrapUpCodes: 'lists',
  acts: 'acts',
  habilitated: 'acts',
  verification: 'verification',
  dir3: 'verification',
  slots: 'opening',
  attempts: 'opening',
  booking: 'opening',
  waitList: 'opening',
  closures: 'closures',
  feastDays: 'closures',
  openDays: 'closures',
  sites: 'places',
  walkIn: 'places',
  otherWays: 'places',
  themes: 'lists',
  queries: 'lists',
  notices: 'notices',
  retention: 'retention',
  uploads: 'retention',
  look: 'look',
};

/**
 * Returns the page of the administration where a mistake is corrected, below `adminBase`; null where
 * there is none.
 */
export function pageForMending({ field, slip }: Pick<Finding, 'field' | 'slip'>): string | null {
  const [part, code] = field;
  if (part === 'wording') return code === undefined ? 'wording' : `wording?kind=${code}`;
  if (part === 'procedures' && code !== undefined) return `procedures/${code}`;
  if (part === 'desks' && code !== undefined) return `desks/${code}`;
  if (slip?.kind === 'no_walk_in') return 'places';
  if (slip?.kind === 'phone_only') return 'office';
  if (slip?.kind === 'no_caller') return 'telephone';
  return SECTION_OF[String(part)] ?? null;
}

/** Returns the name of that page. */
export function placeName(
  { t }: Pick<DeskVisit, 't'>,
  { state }: Pick<Declaration, 'state'>,
  finding: Finding,
): string {
  const [part, code] = finding.field.map(String);
  if (part === 'procedures')
    return textIn(state.procedures.get(code ?? '')?.settings.name, t.language) || String(code);
  if (part === 'desks') return state.desks.get(code ?? '')?.name ?? String(code);
  const page = part === 'wording' ? part : pageForMending(finding);
  return page !== null && isNamed(page) ? t(`admin.section.${page}`) : String(part);
}

const isNamed = (page: string): page is SectionName | 'wording' =>
  page === 'wording' || (SECTIONS as readonly string[]).includes(page);
