import { MOST_COPIES, readWeek, weekCode } from '../../../features/service/rota/rules.ts';
import type { RotaEdit } from '../../../features/service/rota/types.ts';
import { SelectField, TextInput } from '../../../ui/forms.tsx';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit } from '../visit.tsx';
import { procedureName } from '../words.ts';
import { DeskField, type EditPage } from './edit.tsx';
import { dayAsked, WeekOptions, weekAsked } from './words.tsx';

/** `…/rota/swap`: two desks swap their hours on a day. */
export const SWAP_PAGE: EditPage = {
  title: ({ t }) => t('rota.swap.title'),
  fresh: (visit) => ({
    day: dayAsked(visit),
    other: '',
    desk: visit.c.req.query('desk') ?? '',
  }),
  edit: (_visit, typed): RotaEdit => ({
    kind: 'swap',
    day: typed.text('day').slice(0, 10),
    desks: [Number(typed.text('desk')), Number(typed.text('other'))],
  }),
  fields: (visit, typed, wrong) => (
    <>
      <p class="lead">{visit.t('rota.swap.lead')}</p>
      <TextInput
        name="day"
        type="date"
        label={visit.t('rota.day')}
        value={typed.text('day')}
        error={wrong('day')}
        short
      />
      <DeskField visit={visit} typed={typed} wrong={wrong} />
      <DeskField visit={visit} typed={typed} wrong={wrong} name="other" label="rota.swap.other" />
    </>
  ),
  warnings(visit, edit) {
    if (edit.kind !== 'swap') return [];
    const [a, b] = edit.desks;
    return [lacking(visit, a, b), lacking(visit, b, a)].filter((each) => each !== null);
  },
};

/** Returns the skills of one desk that the other lacks; null: none. */
function lacking(visit: DeskVisit, desk: number, other: number): string | null {
  const { t, office } = visit;
  const [own, others] = [desk, other].map((id) => office.rota.desks.find((each) => each.id === id));
  if (!own || !others) return null;
  const attends = ({ skills }: typeof own, code: string) =>
    skills === 'all' || skills.includes(code);
  const found = office.procedures.filter(
    ({ code }) => attends(others, code) && !attends(own, code),
  );
  if (found.length === 0) return null;
  const list = found.map((each) => procedureName(t, office, each.code));
  const values = { desk: formatDesk(visit, desk), other: formatDesk(visit, other) };
  const what = new Intl.ListFormat(t.language).format(list.slice(0, 5));
  return t('rota.swap.lacks', { ...values, what, more: Math.max(0, list.length - 5) });
}

/** `…/rota/copy`: copies a week to other weeks. */
export const COPY_PAGE: EditPage = {
  title: ({ t }) => t('rota.copy.title'),
  fresh(visit) {
    const source = weekAsked(visit);
    return { source: weekCode(source), target: weekCode(source.add({ weeks: 1 })), count: '1' };
  },
  edit(_visit, typed): RotaEdit {
    const monday = (name: string) => readWeek(typed.text(name))?.toString() ?? '';
    const count = Number(typed.text('count'));
    return { kind: 'copy', from: monday('source'), to: monday('target'), count };
  },
  fields(visit, typed, wrong) {
    const { t } = visit;
    return (
      <>
        <p class="lead">{t('rota.copy.lead')}</p>
        <SelectField name="source" label={t('rota.copy.source')}>
          <WeekOptions visit={visit} back={8} chosen={typed.text('source')} />
        </SelectField>
        <SelectField name="target" label={t('rota.copy.target')} error={wrong('target')}>
          <WeekOptions visit={visit} back={0} chosen={typed.text('target')} />
        </SelectField>
        <SelectField name="count" label={t('rota.copy.count')} error={wrong('count')}>
          {Array.from({ length: MOST_COPIES }, (_, nth) => `${nth + 1}`).map((each) => (
            <option key={each} value={each} selected={each === typed.text('count')}>
              {t('rota.copy.weeks', { count: Number(each) })}
            </option>
          ))}
        </SelectField>
      </>
    );
  },
};
