import { ANNOUNCED } from '../../../features/service/delays/rules.ts';
import type { Reached } from '../../../features/service/delays/types.ts';
import { Radios, TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

const MINUTES = ['10', '20', '30', '45', '60'] as const;
const HOURS = 2;

interface Typed {
  desk: string;
  span: string;
  minutes: string;
  own: string;
}

/** `…/late`: a delay of one desk or all: its length, and the recipients of the notice. */
export function latePage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, typed: Typed, wrong?: string) => {
    const { t, c, viewer, office, base } = visit;
    const reached = await deps.delays.reach(viewer, office, aboutOf(visit, typed));
    if (!reached) return c.notFound();
    const told = c.req.query('told');
    const problems = wrong ? [{ href: '#minutes', text: wrong }] : [];
    return visit.show(
      { title: t('late.title'), hasErrors: problems.length > 0, ...(wrong && { status: 422 }) },
      <>
        <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
        <ErrorSummary title={t('staff.error.title')} problems={problems} />
        <h1>{t('late.title')}</h1>
        {told && /^\d{1,4}$/.test(told) ? (
          <div role="status">
            <Notice kind="good">{t('late.told', { count: Number(told) })}</Notice>
          </div>
        ) : null}
        <p class="lead">{t('late.lead')}</p>
        <Whom visit={visit} typed={typed} reached={reached} />
        <SayForm typed={typed} visit={visit} wrong={wrong} count={reached.length} />
      </>,
    );
  };

  return {
    get: (visit: DeskVisit) =>
      show(
        visit,
        typedIn((name) => visit.c.req.query(name) ?? ''),
      ),

    post: async (visit: DeskVisit) => {
      const { c, t, viewer, office, base } = visit;
      const form = await readForm(c);
      const typed = typedIn((name) => form.text(name));
      const minutes = Number(typed.own === '' ? typed.minutes : typed.own);
      const isFine =
        Number.isInteger(minutes) && minutes >= ANNOUNCED.least && minutes <= ANNOUNCED.most;
      if (!isFine) return show(visit, typed, t('late.wrong', ANNOUNCED));
      const about = aboutOf(visit, typed);
      const told = await deps.delays.announce(viewer, office, { ...about, minutes });
      if (told === null) return c.notFound();
      return visit.redirect(`${base}/late?${addressOf(typed)}&told=${told}`);
    },
  };
}

const typedIn = (text: (name: string) => string): Typed => ({
  desk: text('desk'),
  span: text('span') === 'day' ? 'day' : 'soon',
  minutes: text('minutes'),
  own: text('own').trim().slice(0, 6),
});

const addressOf = ({ desk, span }: Typed) => `desk=${encodeURIComponent(desk)}&span=${span}`;

const aboutOf = ({ office }: DeskVisit, { desk, span }: Typed) => ({
  desk: office.desks.find((each) => `${each.id}` === desk)?.id ?? null,
  hours: span === 'day' ? null : HOURS,
});

/** The desk and the hours, and the recipients. */
function Whom(props: { visit: DeskVisit; typed: Typed; reached: readonly Reached[] }) {
  const { visit, typed, reached } = props;
  const { t, office, base, dates } = visit;
  return (
    <>
      <form action={`${base}/late`} class="choose">
        <div class="field">
          <label for="late-desk">{t('staff.day.desk')}</label>
          <select id="late-desk" name="desk">
            <option value="">{t('staff.day.everyDesk')}</option>
            {office.desks.map((each) => (
              <option key={each.id} value={each.id} selected={`${each.id}` === typed.desk}>
                {each.name}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="late-span">{t('late.span')}</label>
          <select id="late-span" name="span">
            <option value="soon">{t('late.soon')}</option>
            <option value="day" selected={typed.span === 'day'}>
              {t('late.day')}
            </option>
          </select>
        </div>
        <button type="submit" class="button quiet">
          {t('staff.day.show')}
        </button>
      </form>
      <h2>{t('late.whom', { count: reached.length })}</h2>
      <ul class="unmarked">
        {reached.map((each) => (
          <li key={each.id}>
            <span class="figures">{dates.time(each.start)}</span> <strong>{each.name}</strong> ·{' '}
            {formatDesk(visit, each.desk)} · {t(`late.by.${each.by ?? 'nobody'}`)}
            {each.told > 0 ? ` · ${t('late.knows', { minutes: each.told })}` : ''}
          </li>
        ))}
      </ul>
    </>
  );
}

function SayForm(props: {
  visit: DeskVisit;
  typed: Typed;
  wrong: string | undefined;
  count: number;
}) {
  const { typed, wrong, count } = props;
  const { t, base } = props.visit;
  if (count === 0) return null;
  return (
    <form method="post" action={`${base}/late`} class="form" novalidate>
      <input type="hidden" name="desk" value={typed.desk} />
      <input type="hidden" name="span" value={typed.span} />
      <Radios
        name="minutes"
        label={t('late.howMuch')}
        options={MINUTES.map((each) => ({
          value: each,
          label: t('common.minutes', { count: Number(each) }),
        }))}
        value={typed.minutes || '20'}
        error={wrong}
      />
      <TextInput
        name="own"
        label={t('late.own')}
        value={typed.own}
        short
        inputMode="numeric"
        autocomplete="off"
      />
      <p>
        <button type="submit" class="button">
          {t('late.submit')}
        </button>
      </p>
    </form>
  );
}
