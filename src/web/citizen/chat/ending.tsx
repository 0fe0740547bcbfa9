import {
  isLive,
  maySurvey,
  transcriptName,
  transcriptOf,
} from '../../../features/service/chat/rules.ts';
import { checkSurvey, type SurveyMistakes } from '../../../features/service/survey/rules.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextArea } from '../../../ui/forms.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import { sendBytes } from '../../files/served.ts';
import { readForm } from '../../form.ts';
import { showSurvey, surveyOf, type TypedSurvey, typedSurvey } from '../ending/survey-form.tsx';
import { problem } from '../problem.tsx';
import { formPage, Problems } from '../shared.tsx';
import type { CitizenDeps } from '../visit.tsx';
import type { ChatVisit } from './find.ts';
import { readShown } from './lines.tsx';
import { AnswerTo } from './start.tsx';

/** `…/end`: one button. Whoever waits loses their place by it. */
export function endChatPage(deps: CitizenDeps) {
  return {
    get: async (visit: ChatVisit): Promise<Response> => {
      const { t, to, secret, viewer, office } = visit;
      const look = await deps.chats.look(viewer, office);
      if (!look || !isLive(look.chat)) return visit.redirect(to.chat(secret));
      const isWaiting = look.chat.state !== 'talking';
      const title = t(isWaiting ? 'chat.leave' : 'chat.end');
      return visit.show(
        { title, isPersonal: true },
        <>
          <BackLink href={to.chat(secret)}>{t('citizen.back')}</BackLink>
          <h1>{title}</h1>
          <p>{t(isWaiting ? 'chat.leave.text' : 'chat.end.text')}</p>
          <form action={to.chat(secret, 'end')} method="post">
            <Button>{title}</Button>
          </form>
        </>,
      );
    },

    post: async (visit: ChatVisit): Promise<Response> => {
      const { viewer, office, to, secret } = visit;
      await deps.chats.end(viewer, office);
      return visit.redirect(to.chat(secret));
    },
  };
}

function showMessage(
  visit: ChatVisit,
  typed: { text: string; email: string; phone: string },
  fault?: { field: string; text: string },
): Response {
  const { t, to, secret } = visit;
  const title = t('chat.message.rather');
  const problems = fault ? [{ href: `#${fault.field}`, text: fault.text }] : [];
  const errorOf = (field: string) => (fault?.field === field ? fault.text : undefined);
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={to.chat(secret)}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('chat.message.instead')}</p>
      <form class="form" action={to.chat(secret, 'message')} method="post" novalidate>
        <TextArea
          name="text"
          label={t('chat.message.more')}
          value={typed.text}
          error={errorOf('text')}
        />
        <AnswerTo t={t} typed={typed} errorOf={errorOf} />
        <Button>{t('chat.message.send')}</Button>
      </form>
    </>,
  );
}

/** `…/message`: leaves the line, and a message in place of it. */
export function messageInstead(deps: CitizenDeps) {
  return {
    get: async (visit: ChatVisit): Promise<Response> => {
      const { viewer, office, to, secret } = visit;
      const state = (await deps.chats.look(viewer, office))?.chat.state;
      if (state !== 'waiting' && state !== 'offered') return visit.redirect(to.chat(secret));
      return showMessage(visit, { text: '', email: '', phone: '' });
    },

    post: async (visit: ChatVisit): Promise<Response> => {
      const { viewer, office, to, secret, t, c } = visit;
      const form = await readForm(c);
      const typed = {
        text: form.lines('text'),
        email: form.line('email'),
        phone: form.line('phone'),
      };
      const left = { text: typed.text, email: typed.email || null, phone: typed.phone || null };
      const done = await deps.chats.turnIntoMessage(viewer, office, left);
      if (done.ok) return visit.redirect(`${to.chat(secret)}?done=message`);
      if (done.reason === 'not_found') return problem(visit, 'no_chat');
      if (done.reason === 'over') return visit.redirect(to.chat(secret));
      if (done.reason === 'crowded')
        return showMessage(visit, typed, { field: 'text', text: t('chat.refused.crowded') });
      const field = {
        contact: 'email',
        email: 'email',
        phone: 'phone',
        text: 'text',
        long: 'text',
      };
      const text = t(`chat.wrong.${done.reason}`, { most: 2000 });
      return showMessage(visit, typed, { field: field[done.reason], text });
    },
  };
}

const surveyPage = (
  visit: ChatVisit,
  typed: TypedSurvey,
  mistakes: SurveyMistakes = {},
): Response => {
  const { t, to, secret } = visit;
  const back = { href: to.chat(secret), text: t('citizen.back') };
  return showSurvey(visit, { back, action: to.chat(secret, 'survey'), typed, mistakes });
};

/** `…/survey`: how it went, in a few optional questions. */
export function surveyChatPage(deps: CitizenDeps) {
  return {
    get: async (visit: ChatVisit): Promise<Response> => {
      const { viewer, office, to, secret, now } = visit;
      const look = await deps.chats.look(viewer, office);
      if (!look || !maySurvey(look.chat, now)) return visit.redirect(to.chat(secret));
      return surveyPage(visit, surveyOf(await deps.chats.surveyed(viewer, office)));
    },

    post: async (visit: ChatVisit): Promise<Response> => {
      const { viewer, office, to, secret, c, t } = visit;
      const form = await readForm(c);
      const typed = typedSurvey(form);
      const checked = checkSurvey(typed);
      if (!checked.ok) return surveyPage(visit, typed, checked.mistakes);
      const done = await deps.chats.survey(viewer, office, checked.answer);
      if (!done.ok) return visit.redirect(to.chat(secret));
      const title = t('citizen.thanks.title');
      return visit.show(
        { title, isPersonal: true },
        <>
          <h1>{title}</h1>
          <p>
            <a href={to.chat(secret)}>{t('citizen.back')}</a>
          </p>
        </>,
      );
    },
  };
}

/** `…/transcript`: what was said as a file, without identifiers. */
export function transcriptFile(deps: CitizenDeps) {
  return async (visit: ChatVisit): Promise<Response> => {
    const { c, t, office } = visit;
    const shown = await readShown(deps, visit);
    if (!shown || shown.chat.isForgotten) return problem(visit, 'no_chat');
    const written = { ...shown, office };
    const bytes = Buffer.from(transcriptOf(written, t));
    const name = transcriptName(written, t);
    return sendBytes(c, { name, type: 'text/plain; charset=utf-8', bytes });
  };
}
