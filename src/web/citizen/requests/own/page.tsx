import { pointText } from '../../../../domain/requests/points.ts';
import { isClosedRequest } from '../../../../domain/requests/states.ts';
import { isReachable, REQUEST_LENGTH } from '../../../../features/service/requests/rules.ts';
import type { OwnRequest } from '../../../../features/service/requests/service.ts';
import { declaredType } from '../../../../features/service/requests/service.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { Button } from '../../../../ui/buttons.tsx';
import { TextArea } from '../../../../ui/forms.tsx';
import { Notice, Say, SummaryList } from '../../../../ui/parts.tsx';
import { readForm } from '../../../form.ts';
import { RequestStateTag } from '../../../words/request-states.tsx';
import { problem } from '../../problem.tsx';
import { formPage, Problems } from '../../shared.tsx';
import type { CitizenDeps } from '../../visit.tsx';
import { type RequestVisit, typeName } from '../find.ts';
import { firstStep } from '../steps/frame.tsx';
import { AnswerForAll, answerText, eventText } from '../words.tsx';

/** `/{language}/request/{secret}`: how it stands, what happened, what was written; and what its person can do. What was not sent yet goes on where it was. */
export function ownRequestPage(deps: CitizenDeps) {
  return {
    get: (visit: RequestVisit) => read(deps, visit),

    /** Writes to the office, or answers what it asked. */
    post: async (visit: RequestVisit): Promise<Response> => {
      const { viewer, office, id, to, secret, t } = visit;
      const text = (await readForm(visit.c)).lines('text');
      const done = await deps.requests.say(viewer, office, id, text);
      if (done.ok) return visit.redirect(`${to.request(secret)}?done=said`);
      if (done.reason === 'not_found') return problem(visit, 'no_request');
      return read(deps, visit, { text, error: t(`requests.say.${done.reason}`, MOST) });
    },
  };
}

export const MOST = { most: REQUEST_LENGTH };

interface Typed {
  text: string;
  error?: string;
}

async function read(
  deps: CitizenDeps,
  visit: RequestVisit,
  typed: Typed = { text: '' },
): Promise<Response> {
  const { viewer, office, id, secret, to } = visit;
  const own = await deps.requests.own(viewer, office, id);
  if (own) return show(visit, own, typed);
  const unsent = await deps.requests.unsent(viewer, office, id);
  const type = unsent && declaredType(office, unsent.row.type);
  return type ? visit.redirect(to.request(secret, firstStep(type))) : problem(visit, 'no_request');
}

const DONE = ['sent', 'said', 'withdrawn', 'reopened', 'thanks'] as const;

function show(visit: RequestVisit, own: OwnRequest, typed: Typed): Response {
  const { t, c } = visit;
  const { row, into } = own;
  const done = DONE.find((each) => each === c.req.query('done'));
  const problems = typed.error ? [{ href: '#text', text: typed.error }] : [];
  const title = t('requests.own.title', { reference: row.reference });
  return visit.show(
    formPage(title, problems),
    <>
      <Problems t={t} problems={problems} />
      {done ? <Done visit={visit} own={own} done={done} /> : null}
      <p class="place">
        <Say of={typeName(visit, row.type)} t={t} />
      </p>
      <h1>{title}</h1>
      <p>
        <RequestStateTag t={t} state={row.state} reason={row.reason} />
      </p>
      <p class="lead">{standing(visit, own)}</p>
      {into ? <p>{t('requests.own.into', { reference: into.reference })}</p> : null}
      {row.leftAt ? <p>{t('requests.own.left')}</p> : null}
      <AnswerForAll t={t} text={into?.answerForAll ?? ''} />
      {row.anonymisedAt ? (
        <p>{t('requests.own.anonymised')}</p>
      ) : (
        <Words visit={visit} own={own} typed={typed} />
      )}
      <Shown visit={visit} own={own} />
      <History visit={visit} own={own} />
      <Acts visit={visit} own={own} />
    </>,
  );
}

/** What comes next, and until when. */
function standing({ t, dates, office, now }: RequestVisit, own: OwnRequest): string {
  const { row, into } = own;
  const dayIn = (day: Temporal.PlainDate) =>
    dates.longDay(
      day.toZonedDateTime({ timeZone: office.timeZone, plainTime: '12:00' }).toInstant(),
    );
  const state = into?.state ?? row.state;
  if (row.state === 'asked')
    return own.lapsesAfter
      ? t('requests.own.asked.until', { day: dayIn(own.lapsesAfter) })
      : t('requests.own.asked');
  if (row.due && row.closedAt === null) {
    const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
    const isLate = Temporal.PlainDate.compare(row.due, today) < 0;
    return t(isLate ? 'requests.own.late' : 'requests.own.due', { day: dayIn(row.due) });
  }
  return t(isClosedRequest(state) ? 'requests.own.closed' : 'requests.own.open');
}

function Done(props: { visit: RequestVisit; own: OwnRequest; done: (typeof DONE)[number] }) {
  const { visit, own, done } = props;
  const { t } = visit;
  const told = isReachable(own.row) ? 'requests.done.sent.told' : 'requests.done.sent.page';
  return (
    <div role="status">
      <Notice kind="good">
        <p>
          <strong>{t(`requests.done.${done}`, { reference: own.row.reference })}</strong>
        </p>
        {done === 'sent' ? <p>{t(told)}</p> : null}
      </Notice>
    </div>
  );
}

/** What was written, its photos, the conversation. */
function Words({ visit, own, typed }: { visit: RequestVisit; own: OwnRequest; typed: Typed }) {
  const { t, to, secret, dates, office } = visit;
  const { row, photos } = own;
  const type = declaredType(office, row.type);
  const place = [row.address, row.point ? pointText(row.point) : ''].filter((each) => each !== '');
  const rows = [
    { label: t('requests.check.what'), value: row.text },
    ...(place.length > 0 ? [{ label: t('requests.check.where'), value: place.join('\n') }] : []),
    ...(type?.questions ?? []).flatMap((question) => {
      const value = answerText(t, question, row.answers, dates);
      return value === '' ? [] : [{ label: textIn(question.label, t.language), value }];
    }),
  ];
  return (
    <>
      <SummaryList rows={rows} />
      {photos.length > 0 ? (
        <ul>
          {photos.map(({ id, standing: how }, nth) => (
            <li key={id}>
              {how === 'here' ? (
                <a href={to.request(secret, `photos/${id}`)}>
                  {t('requests.photos.one', { number: nth + 1 })}
                </a>
              ) : (
                `${t('requests.photos.one', { number: nth + 1 })}: ${t(`requests.photos.${how}`)}`
              )}
            </li>
          ))}
        </ul>
      ) : null}
      <Conversation visit={visit} own={own} />
      {own.mayWrite || typed.error ? (
        <form class="form" action={to.request(secret)} method="post" novalidate>
          <TextArea
            name="text"
            label={t(row.state === 'asked' ? 'requests.say.answer' : 'requests.say.label')}
            value={typed.text}
            error={typed.error}
            rows={4}
            maxLength={REQUEST_LENGTH}
          />
          <Button kind={row.state === 'asked' ? 'main' : 'quiet'}>{t('requests.say.send')}</Button>
        </form>
      ) : null}
    </>
  );
}

/** What the office and its person wrote to each other. */
function Conversation({ visit, own }: { visit: RequestVisit; own: OwnRequest }) {
  const { t, dates, office } = visit;
  if (own.messages.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="messages">
      <h2 id="messages">{t('message.title')}</h2>
      <ol class="messages stack">
        {own.messages.map(({ id, side, at, text }) => (
          <li key={id} class={side}>
            <p class="soft">
              <strong>
                {side === 'person' ? t('message.you') : textIn(office.name, t.language)}
              </strong>
              , {dates.longDay(at)}, {dates.time(at)}
            </p>
            <p class="said" dir="auto">
              {text}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What everybody sees of what they sent: nothing until an official passed it. */
function Shown({ visit, own }: { visit: RequestVisit; own: OwnRequest }) {
  const { t } = visit;
  const { shown, row, photos } = own;
  if (!shown || (!shown.text && shown.photos.length === 0)) return null;
  const numbers = photos.flatMap(({ id }, nth) => (shown.photos.includes(id) ? [nth + 1] : []));
  return (
    <section class="stack" aria-labelledby="shown">
      <h2 id="shown">{t('requests.own.shown')}</h2>
      <p>{t('requests.own.shown.text')}</p>
      {shown.text ? (
        <blockquote class="said" dir="auto">
          {shown.words ?? row.text}
        </blockquote>
      ) : null}
      {numbers.map((number) => (
        <p key={number}>{t('requests.photos.one', { number })}</p>
      ))}
    </section>
  );
}

function History({ visit, own }: { visit: RequestVisit; own: OwnRequest }) {
  const { t, dates } = visit;
  return (
    <section class="stack" aria-labelledby="history">
      <h2 id="history">{t('requests.own.history')}</h2>
      <ol class="stack">
        {own.events.map((event) => {
          const said = eventText(visit, event, { isOwn: true });
          return said ? (
            <li key={event.id}>
              <span class="soft">
                {dates.longDay(event.at)}, {dates.time(event.at)}.
              </span>{' '}
              {said}
            </li>
          ) : null;
        })}
      </ol>
      {own.followers > 0 ? <p>{t('requests.own.followers', { count: own.followers })}</p> : null}
    </section>
  );
}

function Acts({ visit, own }: { visit: RequestVisit; own: OwnRequest }) {
  const { t, to, secret, dates, office } = visit;
  const acts = [
    ...(own.asksOpinion ? [['survey', t('citizen.survey.title')] as const] : []),
    ...(own.mayReopen ? [['reopen', t('requests.reopen.title')] as const] : []),
    ...(own.mayWithdraw ? [['withdraw', t('requests.withdraw.title')] as const] : []),
  ];
  const until = own.reopenUntil?.subtract({ hours: 1 });
  return (
    <>
      {acts.length > 0 ? (
        <ul>
          {acts.map(([page, label]) => (
            <li key={page}>
              <a href={to.request(secret, page)}>{label}</a>
              {page === 'reopen' && until
                ? ` ${t('requests.reopen.until', { day: dates.longDay(until) })}`
                : null}
            </li>
          ))}
        </ul>
      ) : null}
      <p>
        <a href={to.requests(office.code)}>{t('requests.own.another')}</a>
      </p>
    </>
  );
}
