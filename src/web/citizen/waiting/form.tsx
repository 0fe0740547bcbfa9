import { PARTS, type Part } from '../../../domain/waiting.ts';
import { LONGEST_WAIT_DAYS } from '../../../features/booking/wait-list/rules.ts';
import { DateInput, Radios } from '../../../ui/forms.tsx';
import type { ProblemLink } from '../../../ui/parts.tsx';
import type { Form } from '../../form.ts';
import { readDay, readTypedDay, type TypedDay, today } from '../times/days.ts';
import type { OfficeVisit } from '../visit.tsx';

/** The typed wish: a part of the day, and a day. */
export interface TypedWish {
  part: Part | null;
  day: TypedDay;
}

export type DayMistake = 'missing' | 'bad' | 'past' | 'far' | 'not_before';

export const NO_WISH: TypedWish = { part: null, day: { day: '', month: '', year: '' } };

export function readWish(form: Form): TypedWish {
  return {
    part: PARTS.find((each) => each === form.text('part')) ?? null,
    day: readTypedDay('day', form.text),
  };
}

/** Returns the typed day, from today to the longest wait; null when it is empty. */
export function checkDay(
  visit: OfficeVisit,
  typed: TypedDay,
): { ok: true; day: string | null } | { ok: false; mistake: DayMistake } {
  const day = readDay(typed);
  if (day === 'bad') return { ok: false, mistake: 'bad' };
  if (!day) return { ok: true, day: null };
  const first = today(visit.office, visit.now);
  if (Temporal.PlainDate.compare(day, first) < 0) return { ok: false, mistake: 'past' };
  const last = first.add({ days: LONGEST_WAIT_DAYS });
  if (Temporal.PlainDate.compare(day, last) > 0) return { ok: false, mistake: 'far' };
  return { ok: true, day: day.toString() };
}

export const dayProblem = ({ t }: OfficeVisit, mistake: DayMistake | undefined): ProblemLink[] =>
  mistake ? [{ href: '#day', text: t(`waiting.day.${mistake}`) }] : [];

interface Props {
  visit: OfficeVisit;
  wish: TypedWish;
  mistake: DayMistake | undefined;
}

/** Mornings, afternoons or both. */
export function PartField({ visit, wish }: Omit<Props, 'mistake'>) {
  const { t } = visit;
  return (
    <Radios
      name="part"
      label={t('waiting.part')}
      value={wish.part ?? 'any'}
      options={(['any', ...PARTS] as const).map((each) => ({
        value: each,
        label: t(`waiting.part.${each}`),
      }))}
    />
  );
}

/** A day field: `from`, for a person who wants an earlier appointment; `until`, for a person without one. */
export function DayField(props: Props & { which: 'from' | 'until'; hint: string }) {
  const { visit, wish, mistake, which, hint } = props;
  const { t } = visit;
  return (
    <DateInput
      name="day"
      label={t(`waiting.day.${which}`)}
      hint={hint}
      error={mistake && t(`waiting.day.${mistake}`)}
      value={wish.day}
      labels={{
        day: t('common.date.day'),
        month: t('common.date.month'),
        year: t('common.date.year'),
      }}
    />
  );
}

/** The rules of the wait list, and their limits. */
export function HowItWorks(props: { visit: OfficeVisit; address: string; keeps: boolean }) {
  const { visit, address, keeps } = props;
  const { t, office } = visit;
  const { offerMinutes, offersPerDay } = office.settings.waitList;
  const minutes = t('common.minutes', { count: offerMinutes });
  return (
    <ul>
      <li>{address ? t('waiting.how.write', { address }) : t('waiting.how.writeTo')}</li>
      <li>{t('waiting.how.kept', { minutes })}</li>
      <li>{t('waiting.how.most', { count: offersPerDay })}</li>
      <li>{t(keeps ? 'waiting.how.keeps' : 'waiting.how.noPromise')}</li>
    </ul>
  );
}
