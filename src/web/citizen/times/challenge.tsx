import type { SlotAsk } from '../../../features/booking/slots/service.ts';
import { WAIT_SECONDS } from '../../../features/foundation/proof-of-work/rules.ts';
import type { Challenge, Purpose } from '../../../features/foundation/proof-of-work/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import type { Form } from '../../form.ts';
import type { CitizenDeps, ProcedureVisit } from '../visit.tsx';

/** The page of the chosen time, and its subject. */
export interface Chosen {
  ask: SlotAsk;
  start: Temporal.Instant;
  /** The address that the time is posted to, the first time and again. */
  action: string;
}

/**
 * Lets a booking begin, or answers with a page on which the browser computes a proof of work or the
 * person waits a moment; then
 * the same time is posted again, with a ticket.
 */
export function mayBegin(
  deps: CitizenDeps,
  visit: ProcedureVisit,
  { ask, start, action }: Chosen,
  form: Form,
): Promise<Passed | Response> {
  const { t, dates } = visit;
  const what = start.toString();
  const why = t('limits.challenge.why', { day: dates.day(start), time: dates.time(start) });
  const page = { action, why, back: t('citizen.time.other'), fields: [['start', what]] } as const;
  return mayPass(deps, visit, { ask, what, before: 'booking', page }, form);
}

/**
 * Lets a person without an appointment join the wait list; else as `mayBegin`, with the whole form. A
 * ticket is
 * valid for its form, which makes one entry.
 */
export function mayJoin(
  deps: CitizenDeps,
  visit: ProcedureVisit,
  { ask, once, action }: { ask: SlotAsk; once: string; action: string },
  form: Form,
): Promise<Passed | Response> {
  const { t } = visit;
  const others = form.fields().filter(([name]) => !['once', 'ticket', 'answer'].includes(name));
  const page = {
    action,
    why: t('limits.challenge.whyWaiting'),
    back: t('citizen.back'),
    fields: [['once', once] as const, ...others],
  };
  return mayPass(deps, visit, { ask, what: `waiting ${once}`, before: 'waiting', page }, form);
}

interface Passed {
  sender: Buffer;
  ticket?: string;
}

interface Asked {
  ask: SlotAsk;
  what: string;
  before: 'booking' | 'waiting';
  page: ChallengePage;
}

interface ChallengePage {
  action: string;
  why: string;
  /** The words of the link back to the form's page. */
  back: string;
  /** The fields that are posted again. */
  fields: readonly (readonly [name: string, text: string])[];
}

async function mayPass(
  deps: CitizenDeps,
  visit: ProcedureVisit,
  { ask, what, before, page }: Asked,
  form: Form,
): Promise<Passed | Response> {
  const { c, office } = visit;
  const sender = deps.senderOf(c);
  const purpose: Purpose = { ...ask, office: office.id, what, sender };
  const ticket = form.text('ticket');
  if (ticket !== '') {
    const checked = deps.proofOfWork.check(purpose, ticket, form.text('answer'));
    if (checked.verdict === 'passed') return { sender, ticket };
    if (checked.verdict === 'early') {
      c.header('Retry-After', String(checked.seconds));
      return showChallenge(visit, page, checked.challenge, checked.seconds);
    }
  }
  if (!(await deps.proofOfWork.isOwed(office, sender, before))) return { sender };
  return showChallenge(visit, page, deps.proofOfWork.issue(purpose));
}

function showChallenge(
  visit: ProcedureVisit,
  { action, why, back, fields }: ChallengePage,
  challenge: Challenge,
  /** The remaining wait after an early return. */
  early?: number,
): Response {
  const { t } = visit;
  const title = t('limits.challenge.title');
  return visit.show(
    {
      title,
      status: early === undefined ? 200 : 429,
      isPersonal: true,
      islands: ['proof-of-work'],
    },
    <>
      <BackLink href={action}>{back}</BackLink>
      <h1>{title}</h1>
      <p class="lead">{why}</p>
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
        {fields.map(([name, text], nth) => (
          <input key={nth} type="hidden" name={name} value={text} />
        ))}
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
