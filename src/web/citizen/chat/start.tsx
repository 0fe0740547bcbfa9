import { randomUUID } from 'node:crypto';
import { CHAT_LENGTHS } from '../../../features/service/chat/rules.ts';
import type { ChatFault, TopicNow } from '../../../features/service/chat/types.ts';
import { isLanguage, LANGUAGE_NAMES, type Language, textIn } from '../../../lib/i18n/languages.ts';
import type { MessageKey } from '../../../lib/i18n/translate.ts';
import { createLimiter } from '../../../lib/limiter.ts';
import { Button } from '../../../ui/buttons.tsx';
import { EmailInput, PhoneInput, Radios, TextArea, TextInput } from '../../../ui/forms.tsx';
import { BackLink, Notice, type ProblemLink, Say } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { problem } from '../problem.tsx';
import { Reach } from '../reaching.tsx';
import { formPage, Problems } from '../shared.tsx';
import type { CitizenDeps, OfficeVisit } from '../visit.tsx';

/** What somebody has typed. */
interface Typed {
  key: string;
  topic: string;
  language: string;
  name: string;
  text: string;
  email: string;
  phone: string;
}

const typedIn = (form: Form): Typed => ({
  key: form.text('key'),
  topic: form.text('topic'),
  language: form.text('in'),
  name: form.line('name'),
  text: form.lines('text'),
  email: form.line('email'),
  phone: form.line('phone'),
});

/** One address begins so many: a school behind one line is many people. */
const BEGINS = { burst: 15, perMinute: 6 };

/**
 * `/{language}/{office}/chat`: begins a conversation while somebody can answer. Else it says when it opens, and takes a message. Nobody has to identify.
 */
export function startChatPage(deps: CitizenDeps) {
  const { chats } = deps;
  const begins = createLimiter(deps.clock, BEGINS);

  const show = async (visit: OfficeVisit, typed: Typed, on: Partial<Standing> = {}) => {
    const topics = await chats.topics(visit.office);
    const open = topics.filter(({ languages }) => languages.length > 0);
    const isMessage = on.isMessage || open.length === 0;
    return page(visit, { faults: [], ...on, topics, open, typed, isMessage });
  };

  return {
    get: async (visit: OfficeVisit): Promise<Response> => {
      if (visit.office.settings.chat.topics.length === 0) return problem(visit, 'not_found');
      const { c, language } = visit;
      const topic = c.req.query('topic') ?? '';
      const empty = { name: '', text: '', email: '', phone: '' };
      const typed = { key: randomUUID(), topic, language, ...empty };
      return show(visit, typed, { isMessage: c.req.query('message') === '1' });
    },

    post: async (visit: OfficeVisit): Promise<Response> => {
      const { c, office, to } = visit;
      if (office.settings.chat.topics.length === 0) return problem(visit, 'not_found');
      const form = await readForm(c);
      const typed = typedIn(form);
      const isMessage = form.text('as') === 'message';
      const wait = begins.take(deps.addressOf(c));
      if (wait > 0) {
        c.header('Retry-After', String(wait));
        return show(visit, typed, { isMessage, refused: 'chat.refused.often', status: 429 });
      }
      const language = isLanguage(typed.language) ? typed.language : visit.language;
      const { email, phone, ...asked } = { ...typed, language };
      const done = isMessage
        ? await chats.leaveMessage(office, { ...asked, email: email || null, phone: phone || null })
        : await chats.begin(office, asked, { sender: deps.senderOf(c), email: email || null });
      if (done.ok) return visit.redirect(to.chat(done.secret));
      const { reason } = done;
      if (reason === 'closed' || reason === 'full' || reason === 'share' || reason === 'crowded')
        return show(visit, typed, { isMessage: true, refused: `chat.refused.${reason}` });
      if (reason === 'many') return show(visit, typed, { refused: 'chat.write.many', status: 429 });
      return show(visit, typed, { isMessage, faults: [reason] });
    },
  };
}

interface Standing {
  topics: readonly TopicNow[];
  /** Those that somebody can answer now. */
  open: readonly TopicNow[];
  typed: Typed;
  isMessage: boolean;
  faults: readonly ChatFault[];
  /** Why it could not begin. */
  refused?: MessageKey;
  status?: 429;
}

const FIELD: Record<ChatFault, string> = {
  topic: 'topic',
  text: 'text',
  long: 'text',
  name: 'name',
  contact: 'email',
  email: 'email',
  phone: 'phone',
};

function page(visit: OfficeVisit, on: Standing): Response {
  const { t, office, to } = visit;
  const { isMessage, faults, refused, open } = on;
  const title = t(isMessage ? 'chat.message.title' : 'chat.title');
  const error = (fault: ChatFault): string =>
    fault === 'long' ? t('chat.wrong.long', { most: CHAT_LENGTHS.text }) : t(`chat.wrong.${fault}`);
  const problems: ProblemLink[] = faults.map((each) => ({
    href: `#${FIELD[each]}`,
    text: error(each),
  }));
  const errorOf = (field: string) => {
    const fault = faults.find((each) => FIELD[each] === field);
    return fault && error(fault);
  };
  return visit.show(
    { ...formPage(title, problems), ...(on.status && { status: on.status }) },
    <>
      <BackLink href={to.office(office.code)}>
        <Say of={office.name} t={t} />
      </BackLink>
      <Problems t={t} problems={problems} />
      {refused ? (
        <Notice kind="warn">
          <p>{t(refused)}</p>
        </Notice>
      ) : null}
      <h1>{title}</h1>
      <p class="lead">{t(isMessage ? 'chat.message.lead' : 'chat.lead')}</p>
      {isMessage ? null : <p>{t('chat.noNeed')}</p>}
      {isMessage ? <Opens visit={visit} topics={on.topics} open={open} /> : null}
      <form class="form" action={to.startChat(office.code)} method="post" novalidate>
        <input type="hidden" name="key" value={on.typed.key} />
        <input type="hidden" name="as" value={isMessage ? 'message' : 'chat'} />
        <Fields visit={visit} on={on} errorOf={errorOf} />
        <Button>{t(isMessage ? 'chat.message.send' : 'chat.begin')}</Button>
      </form>
      {isMessage ? null : (
        <p>
          <a href={`${to.startChat(office.code)}?message=1`}>{t('chat.message.rather')}</a>
        </p>
      )}
      <Reach visit={visit} lead={t('chat.otherwise')} />
    </>,
  );
}

/** The topics that somebody answers now, or when each opens. */
function Opens(props: {
  visit: OfficeVisit;
  topics: readonly TopicNow[];
  open: readonly TopicNow[];
}) {
  const { visit, topics, open } = props;
  const { t, dates, to, office } = visit;
  if (open.length > 0)
    return (
      <p>
        <a href={to.startChat(office.code)}>{t('chat.isOpen')}</a>
      </p>
    );
  const later = topics.filter(({ opensAt }) => opensAt !== null);
  return (
    <>
      <p>{t('chat.closed')}</p>
      {later.length > 0 ? (
        <ul>
          {later.map(({ code, name, opensAt }) => (
            <li key={code}>
              <Say of={name} t={t} />: {opensAt ? t('chat.opens', when(dates, opensAt)) : ''}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}

const when = (dates: OfficeVisit['dates'], at: Temporal.Instant) => ({
  day: dates.longDay(at),
  time: dates.time(at),
});

function Fields(props: {
  visit: OfficeVisit;
  on: Standing;
  errorOf: (field: string) => string | undefined;
}) {
  const { visit, on, errorOf } = props;
  const { t, language, town } = visit;
  const { typed, isMessage } = on;
  const topics = isMessage ? on.topics : on.open;
  const spoken = (
    isMessage ? town.languages : [...new Set(on.open.flatMap((each) => each.languages))]
  ) as readonly Language[];
  const chosen = spoken.some((each) => each === typed.language) ? typed.language : spoken[0];
  return (
    <>
      <Radios
        name="topic"
        label={t('chat.topic')}
        value={topics.length === 1 ? topics[0]?.code : typed.topic}
        error={errorOf('topic')}
        options={topics.map((each) => ({ value: each.code, label: textIn(each.name, language) }))}
      />
      <Radios
        name="in"
        label={t('chat.language')}
        value={chosen}
        options={spoken.map((each) => ({ value: each, label: LANGUAGE_NAMES[each] }))}
      />
      <TextInput
        name="name"
        label={t('chat.name')}
        hint={t('chat.name.hint')}
        value={typed.name}
        error={errorOf('name')}
        autocomplete="given-name"
        maxLength={CHAT_LENGTHS.name}
      />
      <TextArea
        name="text"
        label={t(isMessage ? 'chat.message.text' : 'chat.first')}
        hint={t('chat.text.hint')}
        value={typed.text}
        error={errorOf('text')}
        rows={4}
        maxLength={CHAT_LENGTHS.text}
      />
      {isMessage ? (
        <AnswerTo t={t} typed={typed} errorOf={errorOf} />
      ) : (
        <OwnEmail t={t} typed={typed} errorOf={errorOf} />
      )}
    </>
  );
}

interface ContactProps {
  t: OfficeVisit['t'];
  typed: { email: string; phone: string };
  errorOf: (field: string) => string | undefined;
}

/** Where somebody is answered whom nobody can answer before the office closes. */
function OwnEmail({ t, typed, errorOf }: ContactProps) {
  return (
    <EmailInput
      label={t('chat.email.own')}
      hint={t('chat.email.ifClosed')}
      value={typed.email}
      error={errorOf('email')}
    />
  );
}

/** Where the person of a message is told of its answer: e-mail or telephone. */
export function AnswerTo({ t, typed, errorOf }: ContactProps) {
  return (
    <>
      <EmailInput
        label={t('chat.email')}
        hint={t('chat.email.hint')}
        value={typed.email}
        error={errorOf('email')}
      />
      <PhoneInput label={t('chat.phone')} value={typed.phone} error={errorOf('phone')} />
    </>
  );
}
