import {
  addable,
  type Bundle,
  type BundleRefusal,
  bookedBundle,
  bundleOf,
  type Extent,
  extentOf,
  isSingle,
  minutesOn,
  mostPeople,
} from '../../../domain/office/bundle.ts';
import type { Office, Procedure } from '../../../domain/office/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Checkboxes } from '../../../ui/forms.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { languagesOf } from '../../citizen/times/ask.tsx';
import { waysOf } from '../../citizen/times/ways.ts';
import type { Form } from '../../form.ts';
import { Select } from '../fields.tsx';
import type { DeskVisit } from '../visit.tsx';

/** Returns the further procedures and the people of the form. */
export function readExtent(form: Pick<Form, 'text' | 'all'>, first: Procedure | null): Extent {
  const further = new Set(form.all('with').slice(0, 20));
  if (first) further.delete(first.code);
  const typed = form.text('people');
  const people = /^[1-9]\d{0,3}$/.test(typed) ? Number(typed) : 1;
  return {
    ...(further.size > 0 && { further: [...further] }),
    ...(people !== 1 && { people }),
  };
}

/** Returns the chosen procedures as one, as far as the office has them. */
export const chosenBundle = (office: Office, procedure: Procedure, extent: Extent): Bundle | null =>
  bookedBundle(office, { procedure: procedure.code, ...extentOf(extent) });

type Why = BundleRefusal | 'channel_not_offered' | 'no_desk';

/** Returns why what was chosen can't be one appointment; null: it can. */
export function whyNot(office: Office, procedure: Procedure, extent: Extent): Why | null {
  const made = bundleOf(office, { procedure: procedure.code, ...extentOf(extent) });
  if (!made.ok) return made.reason;
  const { bundle } = made;
  if (isSingle(bundle)) return null;
  if (Object.keys(bundle.channels).length === 0) return 'channel_not_offered';
  const isAttended = waysOf(office, bundle).length > 0 && languagesOf(office, bundle).length > 0;
  return isAttended ? null : 'no_desk';
}

interface TogetherProps {
  visit: DeskVisit;
  procedure: Procedure;
  chosen: Extent & { channel: string };
}

/** What else the appointment is for, closed while it is for one procedure and one person. The button that shows the times takes it. */
export function Together({ visit, procedure, chosen }: TogetherProps) {
  const { t, office } = visit;
  const { combining } = office.settings;
  const others = combining.procedures > 1 ? addable(office, [procedure]) : [];
  const most = mostPeople(office, procedure);
  const { further = [], people = 1 } = chosen;
  const isMore = further.length > 0 || people > 1;
  if (others.length === 0 && most === 1 && !isMore) return null;
  const bundle = chosenBundle(office, procedure, chosen);
  const minutes = bundle && isMore && minutesOn(bundle, chosen.channel);
  return (
    <details class="more" open={isMore}>
      <summary>
        {t('combining.desk.with')}
        {minutes ? `: ${t('common.minutes', { count: minutes })}` : ''}
      </summary>
      <div class="stack">
        {others.length > 0 ? (
          <Checkboxes
            name="with"
            label={t('combining.desk.more')}
            values={further}
            options={others.map((each) => ({
              value: each.code,
              label: textIn(each.name, t.language),
            }))}
          />
        ) : null}
        {most > 1 ? (
          <Select
            name="people"
            label={t('combining.people')}
            value={String(people)}
            options={Array.from({ length: most }, (_, index) => ({
              value: String(index + 1),
              label: t('common.people', { count: index + 1 }),
            }))}
          />
        ) : null}
        <p>
          <button type="submit" name="action" value="times" class="button quiet">
            {t('desk.times.show')}
          </button>
        </p>
      </div>
    </details>
  );
}

/** Why there are no times for what was chosen. */
export function NotTogether(props: NotTogetherProps) {
  return <Notice kind="warn">{formatWhyNot(props)}</Notice>;
}

interface NotTogetherProps {
  visit: DeskVisit;
  procedure: Procedure;
  extent: Extent;
  why: Why;
}

/** Returns the reason in words. */
export function formatWhyNot({ visit, procedure, extent, why }: NotTogetherProps): string {
  const { t, office } = visit;
  const { parts } = chosenBundle(office, procedure, extent) ?? { parts: [procedure] };
  const most = Math.min(...parts.map((each) => mostPeople(office, each)));
  return why === 'too_many_people'
    ? t('combining.problem.too_many_people', { most })
    : t(`combining.problem.${why}`);
}
