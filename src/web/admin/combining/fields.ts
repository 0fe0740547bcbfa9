import type { Declaration } from '../../../features/booking/administration/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import type { Field } from '../types.ts';

type Key = 'procedures' | 'people' | 'minutes' | 'roundTo' | 'further' | 'perPerson';

const minutes = (key: Key): Field => ({
  kind: 'number',
  key,
  label: `admin.field.combining.${key}`,
});

const group = (fields: readonly Field[]): Field => ({
  kind: 'group',
  key: 'combining',
  label: 'admin.group.combining',
  fields,
});

/** What one appointment of the office may be for. */
export const COMBINING: Field = group([
  { ...minutes('procedures'), hint: 'admin.hint.combining.procedures' },
  minutes('people'),
  minutes('minutes'),
  minutes('roundTo'),
]);

/**
 * Returns the fields of how a procedure is booked with the others, and for several people. `own`: its code, which is none of its
 * companions; undefined: the fields of any procedure.
 */
export function combiningFields(
  t: Translate,
  { procedures }: Declaration['state'],
  own?: string,
): Field {
  const others = [...procedures].filter(([code, { retired }]) => !retired && code !== own);
  return group([
    { kind: 'yes', key: 'alone', label: 'admin.field.combining.alone' },
    {
      kind: 'several',
      key: 'with',
      label: 'admin.field.combining.with',
      hint: 'admin.hint.combining.with',
      choices: others.map(([value, { settings }]) => ({
        value,
        label: textIn(settings.name, t.language) || value,
      })),
    },
    { ...minutes('further'), hint: 'admin.hint.combining.further' },
    { ...minutes('perPerson'), hint: 'admin.hint.combining.perPerson' },
    { ...minutes('people'), hint: 'admin.hint.combining.people' },
  ]);
}
