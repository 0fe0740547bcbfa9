import type { Conversation } from '../../../../features/service/cases/service.ts';
import { MESSAGE_LENGTH, MESSAGES_SHOWN } from '../../../../features/service/cases/service.ts';
import { Button } from '../../../../ui/buttons.tsx';
import { TextArea } from '../../../../ui/forms.tsx';
import { BackLink, Notice } from '../../../../ui/parts.tsx';
import { readForm } from '../../../form.ts';
import { problem } from '../../problem.tsx';
import { Reach } from '../../reaching.tsx';
import { formPage, Problems } from '../../shared.tsx';
import type { CaseVisit, CitizenDeps } from '../../visit.tsx';
import { typedBefore } from '../applicant/kept.ts';
import { type OwnFilling, readFilling } from '../filling.ts';
import { KeptNotice } from '../frame.tsx';
import { titleOf } from '../words.tsx';
import { MESSAGES, Messages } from './part.tsx';

/** What is shown of the text that somebody writes. */
interface Typed {
  text?: string;
  error?: string;
  /** It was kept while they identified again. */
  isKept?: boolean;
  /** What they had typed could not be kept meanwhile. */
  isLost?: boolean;
}

/** `/{language}/case/{secret}/messages`: what the office and whoever handed the case in write to each other. */
export function messagesPage(deps: CitizenDeps) {
  const show = async (visit: CaseVisit, typed: Typed = {}): Promise<Response> => {
    const { viewer, office, found, to, secret } = visit;
    const most = visit.c.req.query('all') === '1' ? undefined : MESSAGES_SHOWN;
    const of = await deps.caseMessages.ofCase(viewer, office, found.id, most);
    const filling = of && (await readFilling(deps, visit));
    return filling ? page(filling, of, typed) : visit.redirect(to.case(secret));
  };
  return {
    get: async (visit: CaseVisit): Promise<Response> => {
      const found = await typedBefore(deps, visit.c);
      if (found === 'lost') return show(visit, { isLost: true });
      return show(visit, found ? { text: found.lines(MESSAGES), isKept: true } : {});
    },

    post: async (visit: CaseVisit): Promise<Response> => {
      const { viewer, office, found, to, secret, t } = visit;
      const text = (await readForm(visit.c)).lines(MESSAGES);
      const result = await deps.caseMessages.write(viewer, office, found.id, text);
      if (result.ok) return visit.redirect(`${to.case(secret, MESSAGES)}?done=sent`);
      if (result.reason === 'not_found') return problem(visit, 'no_case');
      const why = result.reason === 'untaken' ? 'over' : result.reason;
      return show(visit, { text, error: t(`message.wrong.${why}`, { most: MESSAGE_LENGTH }) });
    },
  };
}

function page(filling: OwnFilling, of: Conversation, typed: Typed): Response {
  const { visit } = filling;
  const { t, c, to, secret, show } = visit;
  const title = t('message.title');
  const problems = typed.error ? [{ href: `#${MESSAGES}`, text: typed.error }] : [];
  return show(
    formPage(title, problems),
    <>
      <BackLink href={to.case(secret, 'done')}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      {c.req.query('done') === 'sent' ? (
        <div role="status">
          <Notice kind="good">
            <p>{t(of.isTold ? 'message.sent' : 'message.sent.untold')}</p>
          </Notice>
        </div>
      ) : null}
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      {of.messages.length === 0 ? (
        <p class="lead">{t(of.isTold ? 'message.about' : 'message.about.untold')}</p>
      ) : (
        <>
          {of.older > 0 ? (
            <p>
              <a href={`${to.case(secret, MESSAGES)}?all=1`}>
                {t('message.older', { count: of.older })}
              </a>
            </p>
          ) : null}
          <Messages visit={visit} of={of.messages} />
        </>
      )}
      <Writing filling={filling} of={of} typed={typed} />
    </>,
  );
}

/** The field to write in, or why there is none and what to do instead. What was typed is shown in any case. */
function Writing({ filling, of, typed }: { filling: OwnFilling; of: Conversation; typed: Typed }) {
  const { visit } = filling;
  const { t, to, secret } = visit;
  if (of.obstacle && typed.text === undefined)
    return (
      <>
        <p>{t(of.obstacle === 'many' ? 'message.wrong.many' : 'message.wrong.over')}</p>
        <Reach visit={visit} lead={t('citizen.problem.call')} />
      </>
    );
  return (
    <form class="form" action={to.case(secret, MESSAGES)} method="post" novalidate>
      <KeptNotice t={t} isKept={typed.isKept} isLost={typed.isLost} />
      <TextArea
        name={MESSAGES}
        label={t('message.toOffice')}
        hint={t('message.toOffice.hint')}
        value={typed.text}
        error={typed.error}
        rows={6}
        maxLength={MESSAGE_LENGTH}
      />
      <Button>{t('message.send')}</Button>
    </form>
  );
}
