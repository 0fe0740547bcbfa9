import { WORDED_KINDS } from '../../../domain/office/wording.ts';
import type { Declaration } from '../../../features/booking/administration/types.ts';
import { type Leaves, ORDER } from '../../../formats/town-file/versions/leaves.ts';
import {
  isLanguage,
  LANGUAGE_NAMES,
  LANGUAGES,
  type Language,
} from '../../../lib/i18n/languages.ts';
import type { DeskVisit } from '../../console/visit.tsx';
import { deskFields } from '../desks.tsx';
import { pageForMending } from '../places.ts';
import { procedureFields } from '../procedures/fields.ts';
import { fieldsOf } from '../section-fields.ts';
import { SECTIONS } from '../sections.ts';
import { languagesOf } from '../sheet-view.tsx';
import type { Field } from '../types.ts';
import { wordingSheet } from '../wording/wording.tsx';

/** A place of the declaration, in words. */
export interface PlaceInWords {
  /** The page of the administration, or the procedure or desk. */
  group: string;
  /** What it is there: `Documents: DNI: Note (Castellano)`. */
  label: string;
  /** The question whose answer it is; null: a thing or a list. */
  field: Field | null;
  language: Language | null;
}

/** What is needed to name the places of a declaration. */
export interface Naming {
  visit: DeskVisit;
  declaration: Declaration;
  /** Values that the names of things are taken from, the present ones first. */
  leaves: readonly Leaves[];
}

/** Returns a path of a declaration in the words of its forms. */
export function placeInWords(naming: Naming, path: string): PlaceInWords {
  const { visit, declaration } = naming;
  const at = path.split('.');
  const root = rootOf(naming, at);
  const walk = { labels: [] as string[], field: null as Field | null };
  let fields: readonly Field[] | null = root.fields;
  let here = at.slice(0, root.depth).join('.');
  const rest = at.slice(root.depth);
  const last = rest.at(-1);
  const language = last !== undefined && isLanguage(last) ? last : null;
  for (const step of rest.filter((each) => each !== ORDER && each !== language)) {
    here = here === '' ? step : `${here}.${step}`;
    const field: Field | undefined = fields?.find(({ key }) => key === step);
    walk.field = field ?? null;
    walk.labels.push(field ? visit.t(field.label) : thingName(naming, here));
    if (field) fields = 'fields' in field ? field.fields : null;
  }
  const label = walk.labels.join(': ');
  return {
    group: root.group ?? pageNameOf(visit, declaration, at),
    label: language ? `${label} (${LANGUAGE_NAMES[language]})` : label,
    field: walk.field,
    language,
  };
}

interface Root {
  /** Its name; null: that of its page. */
  group: string | null;
  fields: readonly Field[];
  /** How many steps of the path lead to it. */
  depth: number;
}

/** Returns the form that asks for a place. */
function rootOf(naming: Naming, at: readonly string[]): Root {
  const { visit, declaration } = naming;
  const { t } = visit;
  const [part = '', code = ''] = at;
  if (part === 'procedures' || part === 'desks') {
    const fields =
      part === 'procedures' ? procedureFields(visit, declaration) : deskFields(visit, declaration);
    const isThing = at.length > 1 && code !== ORDER;
    if (!isThing) return { group: t(`admin.section.${part}`), fields: [], depth: 1 };
    return { group: thingName(naming, `${part}.${code}`), fields, depth: 2 };
  }
  const kind = part === 'wording' ? WORDED_KINDS.find((each) => each === code) : undefined;
  if (kind) {
    const { fields } = wordingSheet(kind, languagesOf(declaration));
    return { group: t(`admin.wording.kind.${kind}`), fields, depth: 2 };
  }
  const page = pageForMending({ field: [part], slip: undefined });
  const section = SECTIONS.find((each) => each === page);
  const offered = { openDays: [], regions: [], procedures: [] };
  return { group: null, fields: section ? fieldsOf(t, section, offered) : [], depth: 0 };
}

function pageNameOf({ t }: DeskVisit, _: Declaration, [part = '']: readonly string[]): string {
  const page = pageForMending({ field: [part], slip: undefined });
  const section = SECTIONS.find((each) => each === page);
  return section ? t(`admin.section.${section}`) : part;
}

/** Returns the name of a thing with a code, in the reader's language. */
export function thingName({ visit, declaration, leaves }: Naming, path: string): string {
  const [part, code = ''] = path.split('.');
  const desk = part === 'desks' && declaration.state.desks.get(code);
  if (desk && path.split('.').length === 2) return desk.name;
  const languages = [visit.t.language, ...LANGUAGES];
  for (const each of leaves)
    for (const language of languages) {
      const name = each.get(`${path}.name.${language}`);
      if (typeof name === 'string') return name;
    }
  return path.split('.').at(-1) ?? path;
}
