import type {
  DraftField,
  DraftMistake,
  DraftMistakes,
  EncounterItem,
} from '../../../features/service/encounter/types.ts';
import type { ProblemLink } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { itemIn } from '../words.ts';

/** Returns the mistakes of an encounter, each linked to its field. A row is named by its subject. */
export function problemsOf(
  { t, office }: DeskVisit,
  mistakes: DraftMistakes,
  items: readonly EncounterItem[],
): ProblemLink[] {
  const each = Object.entries(mistakes) as [DraftField, DraftMistake][];
  return each.map(([field, mistake]) => {
    const row = /^item-(\d+)-(label|outcome)$/.exec(field);
    if (row) {
      const what = mistake === 'missing' ? (row[2] === 'label' ? 'label' : 'outcome') : mistake;
      const number = Number(row[1]) + 1;
      const item = items[number - 1];
      const name = (item && itemIn(t, office, item)) || t('staff.encounter.row', { number });
      return { href: `#${field}`, text: `${name}: ${t(`staff.wrong.${what}`)}` };
    }
    if (field === 'item')
      return {
        href: '#item',
        text: t(`staff.wrong.item_${mistake === 'missing' ? 'missing' : 'many'}`),
      };
    const name = t(`staff.encounter.${field as 'identity' | 'identityNote' | 'notes' | 'wrapUp'}`);
    const colon = name.endsWith('?') ? '' : ':';
    return { href: `#${field}`, text: `${name}${colon} ${t(`staff.wrong.${mistake}`)}` };
  });
}
