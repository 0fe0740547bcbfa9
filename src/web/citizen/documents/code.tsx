import { maskAddress } from '../../../features/booking/proof/rules.ts';
import type { CodePurpose, CodeWay, WayResult } from '../../../features/booking/proof/types.ts';
import type { NotSent } from '../../../features/service/one-time-codes/service.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { rememberProof } from '../appointment/proof.ts';
import { Reach } from '../reaching.tsx';
import { formPage, Problems } from '../shared.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

/** The pages that may follow the code. */
const NEXT = ['documents', 'documents/seen', 'contact', 'notices', 'form', 'appointment'] as const;
/** A way that a change asks for stays: only its signs are looked at, since the page that reads it knows the ways. */
const CHANGE = /^change\?channel=[a-z0-9_.-]{1,80}$/;
/** The check of a case that an official began with them: `case.` and its id. */
const CASE = /^case\.([0-9a-f-]{36})$/;
/** The act that an official wants to do for them. */
const ACT = /^acts\/[0-9a-f-]{36}$/;
const isAct = (next: Next): next is `acts/${string}` => ACT.test(next);
type Next = (typeof NEXT)[number] | `change?channel=${string}` | `acts/${string}`;

/** Returns the path of a page of the appointment. */
const pageOf = (next: Exclude<Next, `acts/${string}`>) => (next === 'appointment' ? '' : next);

/** What a code is for. */
interface Goal {
  /** The field or query that says it. */
  next: string;
  purpose: CodePurpose;
  /** The address of the page that follows it. */
  after: string;
  back: { href: string; label: string };
  /** What it is good for, in words. */
  text: string;
}

/** Returns what a code is for; a case that was not begun at the appointment is none of it. */
async function goalOf(
  deps: Pick<CitizenDeps, 'cases'>,
  visit: AppointmentVisit,
  text: string | undefined,
): Promise<Goal> {
  const { t, to, secret, viewer, office, appointment } = visit;
  const id = CASE.exec(text ?? '')?.[1];
  if (id) {
    const begun = (await deps.cases.casesAt(viewer, office, appointment.id)) ?? [];
    const found = begun.find((each) => each.id === id);
    if (!found) return goalOf(deps, visit, 'appointment');
    const check = to.case(deps.cases.secretOf(found), 'check');
    const back = { href: check, label: t('fourHands.code.back') };
    return {
      next: `case.${id}`,
      purpose: `case ${id}`,
      after: check,
      back,
      text: t('fourHands.code.text'),
    };
  }
  const next = nextOf(text);
  const after = isAct(next)
    ? to.act(secret, next.slice('acts/'.length))
    : to.appointment(secret, pageOf(next));
  const purpose = 'documents';
  return next.startsWith('documents')
    ? {
        next,
        purpose,
        after,
        text: t('documents.locked.text'),
        back: { href: to.appointment(secret, 'documents'), label: t('documents.title') },
      }
    : {
        next,
        purpose,
        after,
        text: t(whyOf(next)),
        back: { href: to.appointment(secret), label: t('citizen.backToAppointment') },
      };
}

/** Returns why a code is asked for before a page of the appointment without documents. */
function whyOf(next: Next) {
  if (next === 'form') return 'talking.code.text';
  return next.startsWith('acts/') ? 'onBehalf.byCode.why' : 'documents.code.contact';
}

const nextOf = (text: string | undefined): Next => {
  if (text && (CHANGE.test(text) || ACT.test(text))) return text as Next;
  return NEXT.find((each) => each === text) ?? 'documents';
};

interface Shown {
  goal: Goal;
  to: CodeWay;
  /** Whether a code was sent and can still be typed. */
  isSent: boolean;
  mistake?: string;
  typed?: string;
}

/** Redirects to the page for the code, which leads back. */
export const askForCode = (visit: AppointmentVisit, next: Next = 'documents'): Response =>
  visit.redirect(
    `${visit.to.appointment(visit.secret, 'documents/code')}?next=${encodeURIComponent(next)}`,
  );

/** `…/documents/code`: a code by the other address than the link's. Opening the page sends none. */
export function documentsCode(deps: CitizenDeps) {
  const { oneTimeCodes } = deps;
  return {
    get: async (visit: AppointmentVisit): Promise<Response> => {
      const { c, appointment } = visit;
      const goal = await goalOf(deps, visit, c.req.query('next'));
      if (visit.viewer.proof && goal.purpose === 'documents') return visit.redirect(goal.after);
      const found = await oneTimeCodes.way(appointment);
      if (!found.ok) return showNowhere(visit, goal, found);
      return showCode(visit, { goal, to: found.way, isSent: c.req.query('sent') === '1' });
    },

    post: async (visit: AppointmentVisit): Promise<Response> => {
      const { t, to, secret, appointment, dates } = visit;
      const form = await readForm(visit.c);
      const goal = await goalOf(deps, visit, form.text('next'));
      const { next, purpose } = goal;
      const found = await oneTimeCodes.way(appointment);
      if (!found.ok) return showNowhere(visit, goal, found);
      const shown = { goal, to: found.way, isSent: true };
      if (!form.has('code')) {
        const sent = await oneTimeCodes.send(appointment, purpose);
        const here = `${to.appointment(secret, 'documents/code')}?next=${encodeURIComponent(next)}&sent=1`;
        if (sent.ok) return visit.redirect(here);
        if (sent.reason !== 'too_soon') return showNowhere(visit, goal, sent);
        const at = { day: dates.day(sent.at), time: dates.time(sent.at) };
        return showCode(visit, { ...shown, mistake: t('documents.code.too_soon', at) });
      }
      const typed = form.line('code');
      const entered = await oneTimeCodes.enter(appointment, purpose, typed);
      if (entered.ok) {
        rememberProof(deps, visit, entered.secret);
        const done = next === 'documents' ? '?done=unlocked' : '';
        return visit.redirect(goal.after + done);
      }
      const mistake =
        entered.reason === 'wrong'
          ? t('documents.code.wrong', { left: entered.left })
          : t('documents.code.ended');
      return showCode(visit, { ...shown, mistake, typed });
    },
  };
}

function showCode(visit: AppointmentVisit, shown: Shown): Response {
  const { t, to, secret } = visit;
  const { goal, isSent, mistake, typed } = shown;
  const { next, back, text } = goal;
  const address = maskAddress(shown.to);
  const problems = mistake ? [{ href: '#code', text: mistake }] : [];
  const title = t(isSent ? 'documents.code.title' : 'documents.code.ask.title');
  const action = to.appointment(secret, 'documents/code');
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={back.href}>{back.label}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <p>{text}</p>
      {isSent ? (
        <>
          <Notice>
            <p role="status">{t(`documents.code.sent.${shown.to.channel}`, { address })}</p>
          </Notice>
          <form class="form" action={action} method="post" novalidate>
            <input type="hidden" name="next" value={next} />
            <CodeInput t={t} mistake={mistake} typed={typed} />
          </form>
        </>
      ) : (
        <p>{t(`documents.code.ask.${shown.to.channel}`, { address })}</p>
      )}
      <form action={action} method="post">
        <input type="hidden" name="next" value={next} />
        <Button kind={isSent ? 'quiet' : 'main'}>
          {t(isSent ? 'documents.code.more' : 'documents.code.send')}
        </Button>
      </form>
    </>,
  );
}

/** The field of a code that was sent, with its button. */
export function CodeInput(props: {
  t: Translate;
  mistake: string | undefined;
  typed: string | undefined;
}) {
  const { t, mistake, typed } = props;
  return (
    <>
      <TextInput
        name="code"
        label={t('documents.code.label')}
        error={mistake}
        value={typed}
        short
        inputMode="numeric"
        autocomplete="one-time-code"
      />
      <Button>{t('documents.code.button')}</Button>
    </>
  );
}

type Nowhere = Exclude<WayResult, { ok: true }> | Exclude<NotSent, { reason: 'too_soon' }>;

/**
 * Says why no code can be sent: there is no address, or it is frozen. The page suggests to contact the
 * office.
 */
function showNowhere(visit: AppointmentVisit, { back }: Goal, why: Nowhere): Response {
  const { t, dates } = visit;
  const text =
    why.reason !== 'frozen'
      ? t('documents.code.none')
      : why.until
        ? t('documents.code.frozen.until', {
            day: dates.day(why.until),
            time: dates.time(why.until),
          })
        : t('documents.code.frozen.never');
  const title = t('documents.code.ask.title');
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={back.href}>{back.label}</BackLink>
      <h1>{title}</h1>
      <p>{text}</p>
      <Reach visit={visit} lead={t('citizen.problem.call')} />
    </>,
  );
}
