import {
  daysAfter,
  isMoment,
  MOST_COPIES,
  readWeek,
  weekCode,
} from '../../../features/service/rota/rules.ts';
import type { RotaEdit } from '../../../features/service/rota/types.ts';
import { SelectField, TextInput } from '../../../ui/forms.tsx';
import type { DeskVisit } from '../visit.tsx';
import { procedureName } from '../words.ts';
import { DeskField, type EditPage } from './edit.tsx';
import { dayAsked, formatDesk, WeekOptions, weekAsked } from './words.tsx';

const moment = (text: string): string => text.slice(0, 16);

/** `…/rota/absence`: an absence of a desk; with `?absence`, the early end of one. */
export const ABSENCE_PAGE: EditPage = {
  title: ({ t }, typed) => t(typed.text('absence') ? 'rota.back.title' : 'rota.absence.title'),

  fresh(visit, { absences }) {
    const { c } = visit;
    const asked = c.req.query('absence');
    if (asked !== undefined) {
      const found = absences.find((each) => `${each.id}` === asked);
      const { desk, from, to, why } = found ?? {};
      return found ? { absence: asked, desk: `${desk}`, from: from!, to: to!, why: why! } : null;
    }
    const day = dayAsked(visit);
    const from = `${day}T00:00`;
    const to = `${daysAfter(day, 1)}T00:00`;
    return { desk: c.req.query('desk') ?? '', from, to, why: '' };
  },

  edit(_visit, typed): RotaEdit {
    if (typed.text('absence')) {
      const at = moment(typed.text('at')) || null;
      return { kind: 'back', absence: Number(typed.text('absence')), at };
    }
    return {
      kind: 'absence',
      desk: Number(typed.text('desk')),
      why: typed.text('why').trim(),
      from: moment(typed.text('from')),
      to: moment(typed.text('to')),
    };
  },

  fields(visit, typed, wrong) {
    const { t } = visit;
    if (typed.text('absence'))
      return (
        <>
          <p class="lead">{formatAbsence(visit, typed)}</p>
          {typed.text('why') ? <p>{typed.text('why')}</p> : null}
          <p>{t('rota.back.text')}</p>
          <TextInput
            name="at"
            type="datetime-local"
            label={t('rota.back.at')}
            hint={t('rota.back.atHint')}
            value={typed.text('at')}
            error={wrong('at')}
            short
          />
          {['absence', 'desk', 'from', 'to', 'why'].map((each) => (
            <input key={each} type="hidden" name={each} value={typed.text(each)} />
          ))}
        </>
      );
    return (
      <>
        <DeskField visit={visit} typed={typed} wrong={wrong} />
        {(['from', 'to'] as const).map((each) => (
          <TextInput
            key={each}
            name={each}
            type="datetime-local"
            label={t(`away.${each}`)}
            value={typed.text(each)}
            error={wrong(each)}
            short
          />
        ))}
        <TextInput
          name="why"
          label={t('away.why')}
          hint={t('rota.whyHint')}
          value={typed.text('why')}
          error={wrong('why')}
          autocomplete="off"
        />
      </>
    );
  },
};

function formatAbsence(visit: DeskVisit, typed: { text(name: string): string }): string {
  const { t, dates, office } = visit;
  const desk = formatDesk(visit, Number(typed.text('desk')));
  if (![typed.text('from'), typed.text('to')].every(isMoment)) return desk;
  const say = (local: string) => {
    const at = Temporal.PlainDateTime.from(local).toZonedDateTime(office.timeZone).toInstant();
    return `${dates.briefDay(at)} ${dates.time(at)}`;
  };
  const values = { from: say(typed.text('from')), to: say(typed.text('to')) };
  return t('away.line', { desk, ...values });
}

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
