import { localMinute } from '../../../domain/rota.ts';
import type { Closing, Outcome, RotaEdit } from '../../../features/service/rota/types.ts';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { formatHours } from '../rota/words.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { OutcomeLine } from './desk-away.tsx';

const DONE = ['undone', 'reopened', 'given'] as const;

/** `…/closing/:change`: what became of it; undone while nobody is told, ended afterwards. */
export function closingPage(deps: StaffDeps) {
  const find = async ({ c, viewer, office }: DeskVisit) => {
    const id = c.req.param('change') ?? '';
    return /^\d{1,10}$/.test(id) ? deps.rota.closing(viewer, office, Number(id)) : null;
  };
  return {
    get: async (visit: DeskVisit) => {
      const found = await find(visit);
      return found ? showClosing(visit, found.closing, found.outcomes) : visit.c.notFound();
    },

    post: async (visit: DeskVisit) => {
      const found = await find(visit);
      if (!found) return visit.c.notFound();
      const { viewer, office, base, c } = visit;
      const { change, absences } = found.closing;
      const isUndone = !isTold(found.closing);
      const to = (done: (typeof DONE)[number]) =>
        visit.redirect(`${base}/closing/${change.id}?done=${done}`);
      if ((await readForm(c)).text('action') === 'give') {
        await deps.rota.giveBack(viewer, office, change.id);
        return to('given');
      }
      const edit: RotaEdit = { kind: 'reopen', absences: absences.map((each) => each.id) };
      const planned = await deps.rota.plan(viewer, office, edit);
      if (planned.ok) {
        const { digest } = planned.plan;
        await deps.rota.save(viewer, office, edit, { digest, resolutions: new Map() });
      }
      return to(isUndone ? 'undone' : 'reopened');
    },
  };
}

/** Whether its citizens were told: a closing that was undone before is settled earlier. */
const isTold = ({ settledAt, settlesAt }: Closing): boolean =>
  settledAt !== null && Temporal.Instant.compare(settledAt, settlesAt) >= 0;

function showClosing(visit: DeskVisit, closing: Closing, outcomes: readonly Outcome[]): Response {
  const { t, base, c, now, office, dates } = visit;
  const { absences, settlesAt } = closing;
  const wasTold = isTold(closing);
  const local = localMinute(now, office.timeZone);
  const isOpen = absences.every((each) => each.to <= local);
  const [first] = absences;
  const done = DONE.find((each) => each === c.req.query('done'));
  const title = t(isOpen ? 'freeNow.close.over' : 'freeNow.close.closed');
  // Only hours to come can be given back.
  const waiting = outcomes.filter(
    (each) => each.now === 'waits' && Temporal.Instant.compare(each.appointment.start, now) > 0,
  );
  return visit.show(
    { title },
    <>
      <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
      <h1>{title}</h1>
      {done ? (
        <div role="status">
          <Notice kind="good">{t(`freeNow.close.done.${done}`)}</Notice>
        </div>
      ) : null}
      {first ? <p class="lead">{formatHours(visit, first)}</p> : null}
      {first?.why ? <p>{first.why}</p> : null}
      {isOpen || wasTold ? null : (
        <Notice kind="warn">{t('freeNow.close.pending', { time: dates.time(settlesAt) })}</Notice>
      )}
      {isOpen ? null : (
        <form method="post">
          <button type="submit" class={wasTold ? 'button quiet' : 'button'}>
            {t(wasTold ? 'freeNow.close.reopen' : 'freeNow.close.undoNow')}
          </button>
        </form>
      )}
      {isOpen && waiting.length > 0 ? <GiveBack visit={visit} count={waiting.length} /> : null}
      {wasTold ? (
        <>
          <h2>{t('away.done')}</h2>
          {outcomes.length === 0 ? <p>{t('away.nobody')}</p> : null}
          <ul class="unmarked">
            {outcomes.map((each) => (
              <OutcomeLine key={each.appointment.id} visit={visit} outcome={each} />
            ))}
          </ul>
        </>
      ) : null}
    </>,
  );
}

/** Once the office is open again: their hours, for those who have chosen no other. */
function GiveBack({ visit: { t }, count }: { visit: DeskVisit; count: number }) {
  return (
    <form method="post" class="stack">
      <p>{t('freeNow.close.giveText', { count })}</p>
      <p>
        <button type="submit" name="action" value="give" class="button">
          {t('freeNow.close.give')}
        </button>
      </p>
    </form>
  );
}
