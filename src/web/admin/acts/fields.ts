import { ACT_LEVELS } from '../../../domain/office/acts.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import type { Choice, Field } from '../types.ts';

/** The register of the officials. */
const HABILITATED: Field = {
  kind: 'rows',
  key: 'habilitated',
  label: 'admin.field.habilitated',
  hint: 'admin.hint.habilitated',
  add: 'admin.add.habilitated',
  fields: [
    {
      kind: 'text',
      key: 'email',
      type: 'email',
      label: 'admin.field.accountEmail',
    },
    { kind: 'text', key: 'name', label: 'admin.field.personName' },
    { kind: 'text', key: 'post', label: 'admin.field.post' },
    {
      kind: 'text',
      key: 'order',
      label: 'admin.field.order',
      hint: 'admin.hint.order',
    },
    { kind: 'text', key: 'since', type: 'date', label: 'admin.field.from' },
    {
      kind: 'text',
      key: 'until',
      type: 'date',
      label: 'admin.field.to',
      hint: 'admin.hint.until',
    },
  ],
};

/** Returns the fields of what officials do for citizens who consent, and of the register of those officials. */
export const actFields = (
  t: Translate,
  { procedures }: { procedures: readonly Choice[] },
): Field[] => [
  {
    kind: 'rows',
    key: 'acts',
    label: 'admin.field.acts',
    hint: 'admin.hint.acts',
    add: 'admin.add.act',
    coded: true,
    fields: [
      { kind: 'texts', key: 'name', label: 'admin.field.name' },
      {
        kind: 'texts',
        key: 'text',
        rows: 8,
        label: 'admin.field.actText',
        hint: 'admin.hint.actText',
      },
      {
        kind: 'several',
        key: 'procedures',
        label: 'admin.field.actProcedures',
        hint: 'admin.hint.actProcedures',
        choices: procedures,
      },
      {
        kind: 'one',
        key: 'level',
        label: 'admin.field.actLevel',
        hint: 'admin.hint.actLevel',
        choices: ACT_LEVELS.map((value) => ({ value, label: t(`admin.choice.level.${value}`) })),
      },
      {
        kind: 'yes',
        key: 'handsIn',
        label: 'admin.field.handsIn',
        hint: 'admin.hint.handsIn',
      },
    ],
  },
  HABILITATED,
];
