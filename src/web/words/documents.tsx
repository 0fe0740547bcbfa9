import type { DocumentEntry } from '../../features/service/documents/types.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Tag, type TagKind } from '../../ui/parts.tsx';

/** The state of a document: the office's judgement, else the check's. */
export type Standing = DocumentEntry['state'] | 'accepted' | 'again';

const TAGS: Record<Standing, TagKind> = {
  receiving: 'plain',
  checking: 'plain',
  error: 'warn',
  clean: 'good',
  accepted: 'good',
  again: 'warn',
  infected: 'bad',
  refused: 'bad',
  unscannable: 'warn',
};

export const standingOf = ({ state, review }: Pick<DocumentEntry, 'state' | 'review'>): Standing =>
  review ?? state;

export function StandingTag(props: {
  t: Translate;
  entry: Pick<DocumentEntry, 'state' | 'review'>;
}) {
  const { t, entry } = props;
  const standing = standingOf(entry);
  return <Tag kind={TAGS[standing]}>{t(`documents.state.${standing}`)}</Tag>;
}

const WHYS = [
  ...(['broken', 'empty', 'type', 'mismatch', 'program', 'macros', 'embedded'] as const),
  ...([
    'hidden',
    'damaged',
    'too_much_inside',
    'pixels',
    'encrypted',
    'not_whole',
    'active',
  ] as const),
];

/** Returns the reason why a document is useless, with the next step; null: there is none. */
export function formatWhy(
  t: Translate,
  { state, why }: Pick<DocumentEntry, 'state' | 'why'>,
): string | null {
  if (state === 'infected') return t('documents.why.infected');
  if (state !== 'refused' && state !== 'unscannable') return null;
  const known = WHYS.find((each) => each === why);
  return t(`documents.why.${known ?? (state === 'refused' ? 'type' : 'not_whole')}`);
}

/** Returns a size in everyday units: `350 kB`, `2,4 MB`. */
export function formatSize(t: Translate, bytes: number): string {
  const isLarge = bytes >= 1_000_000;
  const unit = isLarge ? 'megabyte' : 'kilobyte';
  const value = isLarge ? bytes / 1_000_000 : Math.max(1, Math.round(bytes / 1_000));
  const options = { style: 'unit', unit, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(t.language, options).format(value);
}
