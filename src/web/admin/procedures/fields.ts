import { CHANNELS } from '../../../domain/channel.ts';
import { GIVEN_LEVELS } from '../../../domain/identity.ts';
import type { Declaration } from '../../../features/booking/administration/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { DeskVisit } from '../../console/visit.tsx';
import { combiningFields } from '../combining/fields.ts';
import { OTHER_WAYS } from '../section-fields.ts';
import type { Field } from '../types.ts';

/** The pages of a procedure's form, in their order; the first one is the procedure's own address. */
export const PROCEDURE_PARTS = [
  'texts',
  'general',
  'channels',
  'documents',
  'checklist',
  'otherWays',
] as const;
export type ProcedurePart = (typeof PROCEDURE_PARTS)[number];

/** The part of each key of a procedure. The others are in `general`. */
const PART_OF: Record<string, ProcedurePart> = {
  name: 'texts',
  summary: 'texts',
  who: 'texts',
  text: 'texts',
  channels: 'channels',
  step: 'channels',
  combining: 'channels',
  documents: 'documents',
  checklist: 'checklist',
  otherWays: 'otherWays',
};

export const procedurePartOf = (key: unknown): ProcedurePart =>
  key === undefined ? 'texts' : (PART_OF[String(key)] ?? 'general');

/** Returns the page of a part of a procedure, below the address of the administration. */
export const procedurePath = (code: string, part: ProcedurePart): string =>
  part === 'texts' ? `procedures/${code}` : `procedures/${code}/${part}`;

/** The documents that the citizen brings. */
const DOCUMENTS: Field = {
  kind: 'rows',
  key: 'documents',
  label: 'admin.field.documents',
  coded: true,
  add: 'admin.add.document',
  fields: [
    { kind: 'texts', key: 'name', label: 'admin.field.name' },
    { kind: 'texts', key: 'note', label: 'admin.field.note', rows: 2, optional: true },
    { kind: 'yes', key: 'required', label: 'admin.field.required' },
    { kind: 'yes', key: 'onlyOnBehalf', label: 'admin.field.onlyOnBehalf' },
  ],
};

/** The checklist of the agent. */
const CHECKLIST: Field = {
  kind: 'rows',
  key: 'checklist',
  label: 'admin.field.checklist',
  coded: true,
  hint: 'admin.hint.checklist',
  add: 'admin.add.step',
  fields: [
    { kind: 'texts', key: 'name', label: 'admin.field.name' },
    { kind: 'yes', key: 'required', label: 'admin.field.warned' },
  ],
};

const TEXTS: readonly Field[] = [
  { kind: 'texts', key: 'name', label: 'admin.field.name' },
  { kind: 'texts', key: 'summary', label: 'admin.field.summary', rows: 2, optional: true },
  { kind: 'texts', key: 'who', label: 'admin.field.who', rows: 2, optional: true },
  {
    kind: 'texts',
    key: 'text',
    label: 'admin.field.text',
    hint: 'admin.hint.text',
    rows: 5,
    optional: true,
  },
];

const MINUTES: readonly Field[] = [
  {
    kind: 'group',
    key: 'channels',
    label: 'admin.group.channels',
    hint: 'admin.hint.channels',
    fields: CHANNELS.map((key) => ({ kind: 'number', key, label: `admin.field.minutes.${key}` })),
  },
  { kind: 'number', key: 'step', label: 'admin.field.step', hint: 'admin.hint.step' },
];

type FieldVisit = Pick<DeskVisit, 't'>;
type FieldDeclaration = Pick<Declaration, 'state'>;

/** Returns all fields of a procedure, in the order of its parts. */
export const procedureFields = (visit: FieldVisit, declaration: FieldDeclaration): Field[] =>
  PROCEDURE_PARTS.flatMap((part) => fieldsOfPart(visit, declaration, part));

/** Returns the fields of a part of a procedure. `code`: the procedure's; undefined: the fields of any. */
export function fieldsOfPart(
  visit: FieldVisit,
  declaration: FieldDeclaration,
  part: ProcedurePart,
  code?: string,
): readonly Field[] {
  switch (part) {
    case 'texts':
      return TEXTS;
    case 'general':
      return generalFields(visit, declaration);
    case 'channels':
      return [...MINUTES, combiningFields(visit.t, declaration.state, code)];
    case 'documents':
      return [DOCUMENTS];
    case 'checklist':
      return [CHECKLIST];
    default:
      return [OTHER_WAYS];
  }
}

/** Returns the fields of a new procedure: those without which it can't be offered. */
export function newProcedureFields(visit: FieldVisit, declaration: FieldDeclaration): Field[] {
  const first = ['name', 'summary'];
  const general = generalFields(visit, declaration);
  return [
    ...TEXTS.filter(({ key }) => first.includes(key)),
    ...general.filter(({ key }) => ['kind', 'theme', 'identity'].includes(key)),
    ...MINUTES.filter(({ key }) => key === 'channels'),
  ];
}

function generalFields({ t }: FieldVisit, { state }: FieldDeclaration): Field[] {
  const say = <K extends string>(key: K, values: readonly string[]) => ({
    ...({ kind: 'one', key, label: `admin.field.${key as 'kind'}` } as const),
    choices: values.map((value) => ({
      value,
      label: t(`admin.choice.${key as 'kind'}.${value as 'information'}`),
    })),
  });
  const themes = [
    { value: '', label: t('admin.choice.theme.none') },
    ...state.settings.themes.map(({ code, name }) => ({
      value: code,
      label: textIn(name, t.language),
    })),
  ];
  return [
    say('kind', ['procedure', 'information']),
    { kind: 'one', key: 'theme', label: 'admin.field.theme', isLong: true, choices: themes },
    say('identity', ['none', 'shown', 'electronic']),
    say('level', GIVEN_LEVELS),
    { kind: 'yes', key: 'onBehalf', label: 'admin.field.onBehalf' },
    {
      kind: 'yes',
      key: 'obligedElectronic',
      label: 'admin.field.obligedElectronic',
      hint: 'admin.hint.obligedElectronic',
    },
    { kind: 'words', key: 'keywords', label: 'admin.field.keywords', hint: 'admin.hint.keywords' },
  ];
}
