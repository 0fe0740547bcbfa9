import { maskAddress } from '../../../features/booking/proof/rules.ts';
import { isAnswered } from '../../../features/service/chat/rules.ts';
import { Button } from '../../../ui/buttons.tsx';
import { EmailInput } from '../../../ui/forms.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { CodeInput } from '../documents/code.tsx';
import { problem } from '../problem.tsx';
import { formPage, Problems } from '../shared.tsx';
import type { CitizenDeps } from '../visit.tsx';
import type { ChatVisit } from './find.ts';

/** `…/mail`: sends the conversation by e-mail, once a code shows that the address is theirs. */
export function mailPage(deps: CitizenDeps) {
  const { chatMailing, chats } = deps;
  return {
    get: async (visit: ChatVisit): Promise<Response> => {
      const { c, viewer, office, to, secret } = visit;
      const look = await chats.look(viewer, office);
      if (!look || !isAnswered(look.chat)) return visit.redirect(to.chat(secret));
      const asked = c.req.query('sent') === '1' ? await chatMailing.asked(viewer, office) : null;
      return asked ? showCode(visit, asked) : showEmail(visit, {});
    },

    post: async (visit: ChatVisit): Promise<Response> => {
      const { viewer, office, to, secret, t, dates } = visit;
      const form = await readForm(visit.c);
      if (form.has('code')) return enter(deps, visit, form.line('code'));
      const email = form.line('email');
      const done = await chatMailing.ask(viewer, office, email);
      if (done.ok) return visit.redirect(`${to.chat(secret, 'mail')}?sent=1`);
      if (done.reason === 'not_found') return problem(visit, 'no_chat');
      if (done.reason === 'email')
        return showEmail(visit, { email, mistake: t('chat.wrong.email') });
      const at = { day: dates.day(done.at), time: dates.time(done.at) };
      return showEmail(visit, { email, mistake: t('documents.code.too_soon', at) });
    },
  };
}

async function enter(deps: CitizenDeps, visit: ChatVisit, typed: string): Promise<Response> {
  const { viewer, office, to, secret, t } = visit;
  const asked = await deps.chatMailing.asked(viewer, office);
  const done = await deps.chatMailing.send(viewer, office, typed);
  if (done.ok) return visit.redirect(`${to.chat(secret)}?done=mailed`);
  if (done.reason === 'not_found') return problem(visit, 'no_chat');
  if (done.reason === 'ended' || asked === null)
    return showEmail(visit, { mistake: t('documents.code.ended') });
  return showCode(visit, asked, { typed, mistake: t('documents.code.wrong', { left: done.left }) });
}

/** What was typed, and what is wrong with it. */
interface Typed {
  email?: string;
  typed?: string;
  mistake?: string;
}

function showEmail(visit: ChatVisit, { email, mistake }: Typed): Response {
  const { t, to, secret } = visit;
  const problems = mistake ? [{ href: '#email', text: mistake }] : [];
  const title = t('chat.mail.title');
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={to.chat(secret)}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <p>{t('chat.mail.text')}</p>
      <form class="form" action={to.chat(secret, 'mail')} method="post" novalidate>
        <EmailInput label={t('chat.email')} value={email} error={mistake} />
        <Button>{t('documents.code.send')}</Button>
      </form>
    </>,
  );
}

function showCode(visit: ChatVisit, asked: string, { typed, mistake }: Typed = {}): Response {
  const { t, to, secret } = visit;
  const problems = mistake ? [{ href: '#code', text: mistake }] : [];
  const address = maskAddress({ channel: 'email', recipient: asked });
  return visit.show(
    formPage(t('chat.mail.title'), problems),
    <>
      <BackLink href={to.chat(secret)}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{t('documents.code.title')}</h1>
      <Notice>
        <p role="status">{t('documents.code.sent.email', { address })}</p>
      </Notice>
      <form class="form" action={to.chat(secret, 'mail')} method="post" novalidate>
        <CodeInput t={t} mistake={mistake} typed={typed} />
      </form>
      <p>
        <a href={to.chat(secret, 'mail')}>{t('chat.mail.other')}</a>
      </p>
    </>,
  );
}
