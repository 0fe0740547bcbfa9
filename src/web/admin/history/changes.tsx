import type { ComponentChildren } from 'preact';
import type { Declaration } from '../../../features/booking/administration/types.ts';
import { same } from '../../../formats/town-file/changes/same.ts';
import { briefAddress, isFile } from '../../../formats/town-file/look/logo.ts';
import { type Change, changesIn } from '../../../formats/town-file/versions/changes.ts';
import { type Replaced, reverted } from '../../../formats/town-file/versions/difference.ts';
import type { Leaves } from '../../../formats/town-file/versions/leaves.ts';
import { isLanguage, textIn } from '../../../lib/i18n/languages.ts';
import type { MessageKey } from '../../../lib/i18n/translate.ts';
import { WordDifference } from '../../../ui/difference.tsx';
import { Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../../console/visit.tsx';
import type { Field } from '../types.ts';
import { type Naming, type PlaceInWords, placeInWords, thingName } from './places.ts';

/** A change with its place in words. */
export interface PlacedChange extends Change {
  place: PlaceInWords;
  /** The thing's name, where one was added or removed. */
  name: string;
  /** Whether a value was changed again since; never of a thing or an order. */
  isChangedSince: boolean;
}

/**
 * Returns the changes of a difference in words, those of one page together. `leaves`: the present declaration, which is compared with the
 * values after the change, or with those before it.
 */
export function placedChanges(
  visit: DeskVisit,
  declaration: Declaration,
  difference: readonly Replaced[],
  leaves: Leaves,
  expected: 'from' | 'to' = 'to',
): PlacedChange[] {
  const before = reverted(new Map(difference.map(({ path, to }) => [path, to])), difference);
  const after = new Map(difference.map(({ path, to }) => [path, to]));
  const naming: Naming = { visit, declaration, leaves: [leaves, after, before] };
  const all = changesIn(difference)
    .filter(({ kind, from, to }) => kind !== 'value' || !isNothing(from) || !isNothing(to))
    .map((each) => ({
      ...each,
      place: placeInWords(naming, each.kind === 'value' ? each.path : listOf(each)),
      name: thingName(naming, each.path),
      isChangedSince: each.kind === 'value' && !same(leaves.get(each.path), each[expected]),
    }));
  const groups = Map.groupBy(all, ({ place }) => place.group);
  return [...groups.values()].flat();
}

const isNothing = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);

const listOf = ({ kind, path }: Change): string =>
  kind === 'order' ? `${path}.#` : path.slice(0, path.lastIndexOf('.'));

/** Returns the places of some changes in few words. */
export function placesInWords(changes: readonly PlacedChange[], most: number): string {
  const all = [
    ...new Set(
      changes.map(({ kind, name, place }) =>
        kind === 'added' || kind === 'removed'
          ? name
          : [place.group, place.label].filter(Boolean).join(': '),
      ),
    ),
  ];
  return [...all.slice(0, most), ...(all.length > most ? ['…'] : [])].join(' · ');
}

/** Shows changes, one below the other. `actionOf`: what can be done with each. */
export function Changes(props: {
  visit: DeskVisit;
  changes: readonly PlacedChange[];
  /** What is said of a value that was changed again since. */
  since?: MessageKey;
  actionOf?: (change: PlacedChange, index: number) => ComponentChildren;
}) {
  const { visit, changes, since = 'admin.history.changedSince', actionOf } = props;
  const { t } = visit;
  return (
    <ul class="admin-changes unmarked">
      {changes.map((each, index) => (
        <li key={each.path}>
          <div>
            <h2>
              {[each.place.group, each.place.label].filter(Boolean).join(': ')}
              {each.isChangedSince ? (
                <>
                  {' '}
                  <Tag kind="plain">{t(since)}</Tag>
                </>
              ) : null}
            </h2>
            <What visit={visit} change={each} />
          </div>
          {actionOf?.(each, index)}
        </li>
      ))}
    </ul>
  );
}

function What({ visit, change }: { visit: DeskVisit; change: PlacedChange }) {
  const { t } = visit;
  const { kind, name, place, from, to } = change;
  if (kind === 'added') return <p>{t('admin.history.added', { name })}</p>;
  if (kind === 'removed') return <p>{t('admin.history.removed', { name })}</p>;
  if (kind === 'order') return <p>{t('admin.history.order')}</p>;
  if (
    place.language !== null ||
    (typeof from === 'string' && typeof to === 'string' && isPlain(place))
  )
    return (
      <p>
        <WordDifference
          t={t}
          from={String(from ?? '')}
          to={String(to ?? '')}
          lang={place.language ?? undefined}
        />
      </p>
    );
  const [before, after] = [from, to].map((each) => linesOf(visit, place.field, each));
  return <Lines visit={visit} before={before ?? []} after={after ?? []} />;
}

const isPlain = ({ field }: PlaceInWords): boolean =>
  field === null || field.kind === 'text' || field.kind === 'texts';

function Lines(props: { visit: DeskVisit; before: readonly string[]; after: readonly string[] }) {
  const { visit, before, after } = props;
  const gone = before.filter((each) => !after.includes(each));
  const fresh = after.filter((each) => !before.includes(each));
  return (
    <>
      {gone.map((each) => (
        <p key={`- ${each}`}>
          <WordDifference t={visit.t} from={each} to="" />
        </p>
      ))}
      {fresh.map((each) => (
        <p key={`+ ${each}`}>
          <WordDifference t={visit.t} from="" to={each} />
        </p>
      ))}
    </>
  );
}

/** Returns a value in words, a line for each item of a list. */
function linesOf(visit: DeskVisit, field: Field | null, value: unknown): string[] {
  if (value === undefined) return [];
  const { t } = visit;
  if (typeof value === 'boolean') return [t(value ? 'admin.yes' : 'admin.no')];
  if (Array.isArray(value)) return value.flatMap((each) => linesOf(visit, field, each).join(' · '));
  if (typeof value === 'object' && value !== null) {
    const isTexts = Object.keys(value).length > 0 && Object.keys(value).every(isLanguage);
    if (isTexts) return [textIn(value, t.language)];
    return Object.values(value).flatMap((each) => linesOf(visit, null, each));
  }
  const choices = field && 'choices' in field ? field.choices : [];
  const chosen = choices.find((each) => each.value === value);
  const said = String(value);
  return [chosen?.label ?? (isFile(said) ? briefAddress(said) : said)];
}
