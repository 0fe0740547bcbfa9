import type { Declaration } from '../../features/booking/administration/types.ts';
import type { Finding } from '../../formats/town-file/reading/check.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import type { DeskVisit } from '../console/visit.tsx';
import { type ProcedurePart, procedurePartOf, procedurePath } from './procedures/fields.ts';
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
  combining: 'opening',
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
  if (part === 'procedures' && code !== undefined)
    return procedurePath(String(code), procedurePartOf(field[2]));
  if (part === 'desks' && code !== undefined) return `desks/${code}`;
  if (slip?.kind === 'no_walk_in') return 'places';
  if (slip?.kind === 'phone_only') return 'office';
  if (slip?.kind === 'no_caller') return 'telephone';
  return SECTION_OF[String(part)] ?? null;
}

/** Returns the name of a page below `adminBase`. */
export function pageName(
  { t }: Pick<DeskVisit, 't'>,
  { state }: Pick<Declaration, 'state'>,
  page: string,
): string {
  const [path = ''] = page.split('?');
  const [group = '', code = '', part] = path.split('/');
  if (group === 'desks') return state.desks.get(code)?.name ?? code;
  if (group !== 'procedures') return isNamed(group) ? t(`admin.section.${group}`) : group;
  const name = textIn(state.procedures.get(code)?.settings.name, t.language) || code;
  return part ? `${name}: ${t(`admin.part.${part as ProcedurePart}`)}` : name;
}

/** Returns the name of the page where a mistake is corrected. */
export function placeName(
  visit: Pick<DeskVisit, 't'>,
  declaration: Pick<Declaration, 'state'>,
  finding: Finding,
): string {
  const page = pageForMending(finding);
  return page === null ? String(finding.field[0]) : pageName(visit, declaration, page);
}

const isNamed = (page: string): page is SectionName | 'wording' =>
  page === 'wording' || (SECTIONS as readonly string[]).includes(page);
