import { WAIT_SECONDS } from '../../features/challenge/rules.ts';
import type { Challenge, Purpose } from '../../features/challenge/types.ts';
import type { SlotAsk } from '../../features/slots/service.ts';
import { Button } from '../../ui/buttons.tsx';
import { BackLink, Notice } from '../../ui/parts.tsx';
import type { Form } from '../form.ts';
import type { CitizenDeps, ProcedureVisit } from './visit.tsx';

/** Where the time was chosen, and what for. */
export interface Chosen {
  ask: SlotAsk;
  start: Temporal.Instant;
  /** Where the time was posted, and is posted again. */
  action: string;
}

/**
 * Lets a booking begin, or answers with a page on which the browser works or the person waits for a moment first; then the
 * same time is posted again, with a ticket.
 */
export async function mayBegin(
  deps: CitizenDeps,
  visit: ProcedureVisit,
  chosen: Chosen,
  form: Form,
): Promise<{ sender: Buffer; ticket?: string } | Response> {
  const { c, body } = visit;
  const sender = deps.senderOf(c);
  const purpose: Purpose = { ...chosen.ask, body: body.id, start: chosen.start, sender };
  const ticket = form.text('ticket');
  if (ticket !== '') {
    const checked = deps.challenges.check(purpose, ticket, form.text('answer'));
    if (checked.verdict === 'passed') return { sender, ticket };
    if (checked.verdict === 'early') {
      c.header('Retry-After', String(checked.seconds));
      return showChallenge(visit, chosen, checked.challenge, checked.seconds);
    }
  }
  if (!(await deps.challenges.isOwed(body, sender))) return { sender };
  return showChallenge(visit, chosen, deps.challenges.issue(purpose));
}

function showChallenge(
  visit: ProcedureVisit,
  { start, action }: Chosen,
  challenge: Challenge,
  /** How long somebody who came back early still has to wait. */
  early?: number,
): Response {
  const { t, dates } = visit;
  const title = t('limits.challenge.title');
  return visit.show(
    {
      title,
      status: early === undefined ? 200 : 429,
      isPersonal: true,
      islands: ['challenge'],
    },
    <>
      <BackLink href={action}>{t('citizen.time.other')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">
        {t('limits.challenge.why', { day: dates.day(start), time: dates.time(start) })}
      </p>
      <form
        class="form"
        action={action}
        method="post"
        data-challenge={challenge.target}
        data-salt={challenge.salt}
        data-below={challenge.below}
        data-working={t('limits.challenge.working')}
        data-done={t('limits.challenge.done')}
      >
        <input type="hidden" name="start" value={start.toString()} />
        <input type="hidden" name="ticket" value={challenge.ticket} />
        <input type="hidden" name="answer" value="" />
        <div data-wait>
          <Notice kind={early === undefined ? 'time' : 'warn'}>
            <p>
              {early === undefined
                ? t('limits.challenge.wait', { seconds: WAIT_SECONDS })
                : t('limits.challenge.early', { seconds: early })}
            </p>
          </Notice>
        </div>
        <p role="status" />
        <progress hidden aria-label={t('limits.challenge.progress')} />
        <Button>{t('citizen.continue')}</Button>
      </form>
    </>,
  );
}
