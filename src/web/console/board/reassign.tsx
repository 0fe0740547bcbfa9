import { hasCome, mayOverrule } from '../../../features/service/coordination/rules.ts';
import type { DeskChoices } from '../../../features/service/coordination/service.ts';
import type { DeskChoice } from '../../../features/service/coordination/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice, Tag } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { DeskName, formatDesk } from '../desk-name.tsx';
import { conflict, here, showAppointment } from '../encounter/appointment.tsx';
import { formatOutlook } from '../outlook-words.ts';
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
          return again(
            422,
            t(isNow(visit, seen) ? 'freeNow.needsOverride' : 'reassign.needsEvenSo'),
          );
        default:
          return again(409, t(`reassign.${given.reason}`));
      }
    },
  };
}

function Region(props: { visit: DeskVisit; choices: DeskChoices; tried: Tried | undefined }) {
  const { visit, tried } = props;
  const { appointment, desks } = props.choices;
  const { t, dates } = visit;
  const possible = desks.filter((each) => canBeChosen(each));
  const others = desks.filter((each) => !canBeChosen(each));
  const hasHourCome = isNow(visit, appointment);
  const isAnyThere = possible.some((each) => each.ineligibility === null);
  const values = {
    desk: formatDesk(visit, appointment.desk),
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
      {hasHourCome && possible.length > 0 && !isAnyThere ? (
        <Notice kind="warn">{t('freeNow.none')}</Notice>
      ) : null}
      <form method="post" action={`${here(visit)}/desk`} class="stack" novalidate>
        <input type="hidden" name="seen" value={chosenValue(appointment)} />
        <Possible visit={visit} possible={possible} tried={tried} isNow={hasHourCome} />
        {others.length > 0 ? <Impossible visit={visit} others={others} /> : null}
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

/** Whether its hour has come, so that it goes to whoever is free. */
const isNow = ({ now }: DeskVisit, { start }: { start: Temporal.Instant }): boolean =>
  hasCome(start, now);

interface PossibleProps {
  isNow: boolean;
  visit: DeskVisit;
  possible: readonly DeskChoice[];
  tried: Tried | undefined;
}

/** The desks that can take it, some of them against a rule. */
function Possible({ visit, possible, tried, isNow }: PossibleProps) {
  const { t } = visit;
  return (
    <>
      {possible.length > 0 ? (
        <fieldset class={tried ? 'wrong' : undefined}>
          <legend class="legend">{t('reassign.which')}</legend>
          <div class="choices">
            {possible.map((each, nth) => (
              <Desk
                key={each.desk.id}
                visit={visit}
                choice={each}
                nth={nth}
                tried={tried}
                isNow={isNow}
              />
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
          <label for="override">{t(isNow ? 'freeNow.absentOverride' : 'reassign.override')}</label>
        </div>
      ) : null}
    </>
  );
}

/** The other desks, with the reasons. */
function Impossible({ visit, others }: { visit: DeskVisit; others: readonly DeskChoice[] }) {
  const { t } = visit;
  return (
    <>
      <h3>{t('reassign.cannot')}</h3>
      <ul class="unmarked">
        {others.map(({ desk, ineligibility }) => (
          <li key={desk.id}>
            {formatDesk(visit, desk.id)}: {t(`reassign.why.${ineligibility ?? 'taken'}`)}
          </li>
        ))}
      </ul>
    </>
  );
}

const canBeChosen = ({ ineligibility }: DeskChoice): boolean =>
  ineligibility === null || mayOverrule(ineligibility);

interface DeskProps {
  visit: DeskVisit;
  choice: DeskChoice;
  nth: number;
  tried: Tried | undefined;
  isNow: boolean;
}

function Desk({ visit, choice, nth, tried, isNow }: DeskProps) {
  const { t } = visit;
  const { desk, ineligibility } = choice;
  const id = nth === 0 ? 'desk' : `desk-choice-${desk.id}`;
  const isBest = isNow && nth === 0 && ineligibility === null;
  return (
    <div>
      <div class="choice">
        <input
          type="radio"
          name="desk"
          id={id}
          value={desk.id}
          checked={tried ? tried.desk === desk.id : isBest}
          aria-describedby={`${id}-more`}
        />
        <label for={id}>
          <DeskName visit={visit} desk={desk.id} />
        </label>
      </div>
      <p class="choice-hint" id={`${id}-more`}>
        {isBest ? (
          <>
            <Tag kind="good">{t('freeNow.recommended')}</Tag>{' '}
          </>
        ) : null}
        <HowItStands visit={visit} choice={choice} isNow={isNow} />
      </p>
    </div>
  );
}

/** What the agent is at, and what speaks against the desk; of an hour to come, what it has booked. */
function HowItStands({ visit, choice, isNow }: Pick<DeskProps, 'visit' | 'choice' | 'isNow'>) {
  const { t } = visit;
  const { desk, ineligibility, minutes, outlook } = choice;
  const stands = outlook ? formatOutlook(visit, desk.id, outlook) : '';
  // That nobody is there is in the words of how it stands.
  const isSaid = ineligibility === 'absent' && stands !== '';
  const objection =
    ineligibility && !isSaid ? `▲ ${t(`reassign.why.${ineligibility}`)}.` : isSaid ? '▲' : '';
  const span = spanIn(t, minutes);
  const booked = ineligibility === null ? t(isNow ? 'freeNow.day' : 'reassign.free', { span }) : '';
  const now = stands && `${stands}.`;
  const parts = isNow ? [objection, now, booked] : [objection, booked, now];
  return <>{parts.filter(Boolean).join(' ')}</>;
}
