import { mayOverrule } from '../../../features/service/coordination/rules.ts';
import type { DeskChoices } from '../../../features/service/coordination/service.ts';
import type { DeskChoice } from '../../../features/service/coordination/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { conflict, here, showAppointment } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { spanIn } from '../words.ts';
import { chosenValue, readChosen } from './column.tsx';

interface Tried {
  desk: number | null;
  override: boolean;
  wrong: { status: 409 | 422; text: string };
}

/**
 * `…/desk`: another desk at the same hour. For each desk the page says whether it can take the
 * appointment, and why not.
 */
export function reassignPage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, tried?: Tried) => {
    const { t, c, viewer, office } = visit;
    const choices = await deps.coordination.desksFor(viewer, office, c.req.param('id') ?? '');
    if (!choices) return c.notFound();
    return showAppointment(deps, visit, {
      title: t('reassign.title'),
      ...(tried && {
        status: tried.wrong.status,
        problems: [{ href: '#desk', text: tried.wrong.text }],
      }),
      instead: () => <Region visit={visit} choices={choices} tried={tried} />,
    });
  };

  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit) => {
      const { c, t, viewer, office } = visit;
      const form = await readForm(c);
      const desk = Number(form.text('desk')) || null;
      const override = form.text('override') === 'yes';
      const seen = readChosen(form.text('seen'));
      const again = (status: 409 | 422, text: string) =>
        show(visit, { desk, override, wrong: { status, text } });
      if (!desk || !seen) return again(422, t('reassign.missing'));
      const to = { desk, seen, override };
      const id = c.req.param('id') ?? '';
      const given = await deps.coordination.reassign(viewer, office, id, to);
      if (given.ok) return visit.redirect(`${here(visit)}?done=reassigned`);
      switch (given.reason) {
        case 'not_found':
          return c.notFound();
        case 'not_open':
          return conflict(deps, visit, '');
        case 'needs_override':
          return again(422, t('reassign.needsEvenSo'));
        default:
          return again(409, t(`reassign.${given.reason}`));
      }
    },
  };
}

function Region(props: { visit: DeskVisit; choices: DeskChoices; tried: Tried | undefined }) {
  const { visit, tried } = props;
  const { appointment, desks } = props.choices;
  const { t, dates, office } = visit;
  const possible = desks.filter((each) => canBeChosen(each));
  const others = desks.filter((each) => !canBeChosen(each));
  const values = {
    desk: office.desk(appointment.desk)?.name ?? '',
    day: dates.day(appointment.start),
    time: dates.time(appointment.start),
  };
  return (
    <section class="region work stack" aria-labelledby="reassign">
      <h2 id="reassign">{t('reassign.title')}</h2>
      <p>{t('reassign.now', values)}</p>
      <p class="soft">{t('reassign.untold')}</p>
      {possible.length === 0 ? (
        <Notice kind="warn">{t(desks.length === 0 ? 'reassign.over' : 'reassign.none')}</Notice>
      ) : null}
      <form method="post" action={`${here(visit)}/desk`} class="stack" novalidate>
        <input type="hidden" name="seen" value={chosenValue(appointment)} />
        <Possible visit={visit} possible={possible} tried={tried} />
        {others.length > 0 ? <Impossible t={t} others={others} /> : null}
        <div class="action row">
          <ButtonLink kind="quiet" href={here(visit)}>
            {t('desk.back')}
          </ButtonLink>
          {possible.length > 0 ? (
            <button type="submit" class="button" id="action">
              {t('reassign.submit')}
            </button>
          ) : null}
        </div>
      </form>
    </section>
  );
}

interface PossibleProps {
  visit: DeskVisit;
  possible: readonly DeskChoice[];
  tried: Tried | undefined;
}

/** The desks that can take it, some of them against a rule. */
function Possible({ visit, possible, tried }: PossibleProps) {
  const { t } = visit;
  return (
    <>
      {possible.length > 0 ? (
        <fieldset class={tried ? 'wrong' : undefined}>
          <legend class="legend">{t('reassign.which')}</legend>
          <div class="choices">
            {possible.map((each, nth) => (
              <Desk key={each.desk.id} visit={visit} choice={each} nth={nth} tried={tried} />
            ))}
          </div>
        </fieldset>
      ) : null}
      {possible.some((each) => each.ineligibility !== null) ? (
        <div class="choice">
          <input
            type="checkbox"
            id="override"
            name="override"
            value="yes"
            checked={tried?.override ?? false}
          />
          <label for="override">{t('reassign.override')}</label>
        </div>
      ) : null}
    </>
  );
}

/** The other desks, with the reasons. */
function Impossible({ t, others }: { t: DeskVisit['t']; others: readonly DeskChoice[] }) {
  return (
    <>
      <h3>{t('reassign.cannot')}</h3>
      <ul class="unmarked">
        {others.map(({ desk, ineligibility }) => (
          <li key={desk.id}>
            {desk.name}: {t(`reassign.why.${ineligibility ?? 'taken'}`)}
          </li>
        ))}
      </ul>
    </>
  );
}

const canBeChosen = ({ ineligibility }: DeskChoice): boolean =>
  ineligibility === null || mayOverrule(ineligibility);

function Desk(props: {
  visit: DeskVisit;
  choice: DeskChoice;
  nth: number;
  tried: Tried | undefined;
}) {
  const { t } = props.visit;
  const { desk, ineligibility, minutes } = props.choice;
  const id = props.nth === 0 ? 'desk' : `desk-choice-${desk.id}`;
  return (
    <div>
      <div class="choice">
        <input
          type="radio"
          name="desk"
          id={id}
          value={desk.id}
          checked={props.tried?.desk === desk.id}
          aria-describedby={`${id}-more`}
        />
        <label for={id}>{desk.name}</label>
      </div>
      <p class="choice-hint" id={`${id}-more`}>
        {ineligibility === null
          ? t('reassign.free', { span: spanIn(t, minutes) })
          : `▲ ${t(`reassign.why.${ineligibility}`)}`}
      </p>
    </div>
  );
}
