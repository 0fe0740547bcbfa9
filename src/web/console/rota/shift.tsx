import { isDay } from '../../../features/service/rota/rules.ts';
import type { RotaEdit } from '../../../features/service/rota/types.ts';
import { Checkboxes, Radios, TextInput } from '../../../ui/forms.tsx';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit } from '../visit.tsx';
import { DeskField, type EditPage, type Typed, type Wrong } from './edit.tsx';
import { dayAsked, formatDay } from './words.tsx';

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/** `…/rota/shift`: a new shift, on a single day or each week; with `?shift`, the change or removal of one. */
export const SHIFT_PAGE: EditPage = {
  title: (visit, typed) => visit.t(typed.text('shift') ? 'rota.alter.title' : 'rota.add.title'),

  fresh(visit, { shifts }) {
    const day = dayAsked(visit);
    const asked = visit.c.req.query('shift');
    const common = { day, once: 'yes' };
    if (asked === undefined) {
      const weekday = `${Temporal.PlainDate.from(day).dayOfWeek}`;
      const desk = visit.c.req.query('desk') ?? '';
      return { ...common, desk, from: '09:00', to: '14:00', weekdays: weekday, until: '' };
    }
    const shift = shifts.find((each) => `${each.id}` === asked);
    if (!shift) return null;
    const { desk, from, to, weekdays, since } = shift;
    // A shift of one day has no end for a weekly repetition yet.
    const until = shift.until === since ? '' : (shift.until ?? '');
    const said = { desk: `${desk}`, from, to, weekdays: weekdays.map(String), until };
    return { ...common, shift: asked, ...said };
  },

  edit(_visit, typed): RotaEdit {
    const [day, from, to] = ['day', 'from', 'to'].map((each) => typed.text(each).slice(0, 10));
    const isOnce = typed.text('once') !== 'no';
    const at = { day: day ?? '', from: from ?? '', to: to ?? '' };
    const shift = Number(typed.text('shift'));
    if (typed.text('shift') && typed.text('act') === 'drop')
      return { kind: 'drop', shift, day: at.day, onwards: !isOnce };
    const weekdays = isOnce ? null : typed.all('weekdays').map(Number);
    const until = isOnce ? null : typed.text('until') || null;
    if (typed.text('shift')) return { kind: 'alter', shift, ...at, weekdays, until };
    return { kind: 'add', desk: Number(typed.text('desk')), ...at, weekdays, until };
  },

  fields: (visit, typed, wrong) => <Fields visit={visit} typed={typed} wrong={wrong} />,
};

interface FieldsProps {
  visit: DeskVisit;
  typed: Typed;
  wrong: Wrong;
}

function Fields({ visit, typed, wrong }: FieldsProps) {
  const { t } = visit;
  const isThere = typed.text('shift') !== '';
  return (
    <>
      {isThere ? (
        <ShiftThere visit={visit} typed={typed} />
      ) : (
        <NewShift visit={visit} typed={typed} wrong={wrong} />
      )}
      <TextInput
        name="from"
        type="time"
        label={t('rota.from')}
        value={typed.text('from')}
        error={wrong('from')}
        short
      />
      <TextInput
        name="to"
        type="time"
        label={t('rota.to')}
        hint={t('rota.toHint')}
        value={typed.text('to').replace('24:00', '00:00')}
        error={wrong('to')}
        short
      />
      {isThere ? (
        <Radios
          name="act"
          label={t('rota.act')}
          value={typed.text('act') || 'alter'}
          options={[
            { value: 'alter', label: t('rota.act.alter') },
            { value: 'drop', label: t('rota.act.drop') },
          ]}
        />
      ) : null}
      <Radios
        name="once"
        label={t('rota.scope')}
        value={typed.text('once') || 'yes'}
        options={[
          { value: 'yes', label: t('rota.scope.day') },
          {
            value: 'no',
            label: t('rota.scope.onwards'),
            under: <Weekdays visit={visit} typed={typed} wrong={wrong} />,
          },
        ]}
      />
    </>
  );
}

/** The shift that the form is about. */
function ShiftThere({ visit, typed }: Omit<FieldsProps, 'wrong'>) {
  const day = typed.text('day');
  return (
    <>
      <p class="lead">
        {formatDesk(visit, Number(typed.text('desk')))}
        {isDay(day) ? ` · ${formatDay(visit, day)}` : ''}
      </p>
      {['shift', 'desk', 'day'].map((each) => (
        <input key={each} type="hidden" name={each} value={typed.text(each)} />
      ))}
    </>
  );
}

function NewShift({ visit, typed, wrong }: FieldsProps) {
  return (
    <>
      <DeskField visit={visit} typed={typed} wrong={wrong} />
      <TextInput
        name="day"
        type="date"
        label={visit.t('rota.day')}
        value={typed.text('day')}
        error={wrong('day')}
        short
      />
    </>
  );
}

/** The days of each week, and the end. */
function Weekdays({ visit: { t }, typed, wrong }: FieldsProps) {
  const monday = Temporal.PlainDate.from('2024-01-01');
  const weekdayName = new Intl.DateTimeFormat(t.language, { weekday: 'long', timeZone: 'UTC' });
  const nameOf = (weekday: number) =>
    weekdayName.format(monday.add({ days: weekday - 1 }).toZonedDateTime('UTC').epochMilliseconds);
  return (
    <>
      <Checkboxes
        name="weekdays"
        label={t('rota.weekdays')}
        error={wrong('weekdays')}
        values={typed.all('weekdays')}
        options={WEEKDAYS.map((each) => ({ value: `${each}`, label: nameOf(each) }))}
      />
      <TextInput
        name="until"
        type="date"
        label={t('rota.until')}
        hint={t('rota.untilHint')}
        value={typed.text('until')}
        error={wrong('until')}
        short
      />
    </>
  );
}
