import {
  CHAT_FIELD_NAMES,
  CHAT_FIELDS,
  type ChatField,
  type ChatMistakes,
  type ChatPlan,
  type ChatTeam,
  readChatAssumptions,
} from '../../../features/insight/planning/rules.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, type Column, ErrorSummary, Notice, Table } from '../../../ui/parts.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { wordsOfPlan } from './words.ts';

type Typed = (name: ChatField) => string;

/** `…/planning/chats`: the number of desks that chats need; the address has the assumptions. */
export function planChatsPage(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office, base } = visit;
    if (office.settings.chat.topics.length === 0) return c.notFound();
    const typed: Typed = (name) => (c.req.query(name) ?? '').slice(0, 20);
    const read = readChatAssumptions(typed);
    const plan = read.ok ? await deps.planning.chats(viewer, office, read.assumptions) : undefined;
    if (plan === null) return c.notFound();
    const mistakes = read.ok ? {} : read.mistakes;
    const title = t('planning.chats.title');
    return visit.show(
      { title, layout: 'column', hasErrors: !read.ok, ...(!read.ok && { status: 422 }) },
      <div class="stack planning">
        <BackLink href={`${base}/planning`}>{t('planning.title')}</BackLink>
        <ErrorSummary
          title={t('staff.error.title')}
          problems={CHAT_FIELD_NAMES.flatMap((name) => {
            const error = errorIn(visit, mistakes, name);
            return error ? [{ href: `#${name}`, text: `${labelOf(visit, name)}: ${error}` }] : [];
          })}
        />
        <h1>{title}</h1>
        <p class="lead">{t('planning.chats.lead')}</p>
        {plan?.hours.length === 0 ? (
          <Notice>
            <p role="status">{t('planning.chats.none')}</p>
          </Notice>
        ) : null}
        {plan && plan.hours.length > 0 ? <Hours visit={visit} plan={plan} /> : null}
        <Assumed visit={visit} typed={typed} mistakes={mistakes} plan={plan} />
        <p class="soft small">{t('planning.chats.limits')}</p>
      </div>,
    );
  };
}

const labelOf = ({ t }: DeskVisit, name: ChatField): string =>
  t(name === 'answered' ? 'planning.chats.field.kept' : `planning.chats.field.${name}`);

function errorIn({ t }: DeskVisit, mistakes: ChatMistakes, name: ChatField): string | undefined {
  const mistake = mistakes[name];
  const { least, most } = CHAT_FIELDS[name];
  return mistake && t(`planning.wrong.${mistake}`, { least, most });
}

/** The assumptions: a GET form, so that its address keeps the typed values. */
function Assumed(props: {
  visit: DeskVisit;
  typed: Typed;
  mistakes: ChatMistakes;
  plan: ChatPlan | undefined;
}) {
  const { visit, typed, mistakes, plan } = props;
  const { t, base, office } = visit;
  const { number, small } = wordsOfPlan(visit);
  const was = (value: number | null | undefined, said = number) =>
    typeof value === 'number'
      ? t('planning.known.was', { value: said(value) })
      : t('planning.known.none');
  const hints: Partial<Record<ChatField, string | undefined>> = {
    perHour: plan && `${t('planning.chats.hint.perHour')} ${was(plan.known.perHour, small)}`,
    atOnce: was(office.settings.chat.atOnce),
    minutes: plan && was(plan.known.minutes),
    share: t('planning.chats.hint.share'),
  };
  return (
    <form action={`${base}/planning/chats`} class="supposed stack">
      <fieldset>
        <legend class="legend">{t('planning.form.supposed')}</legend>
        <div class="fields">
          {CHAT_FIELD_NAMES.map((name) => (
            <TextInput
              key={name}
              name={name}
              label={labelOf(visit, name)}
              hint={hints[name]}
              error={errorIn(visit, mistakes, name)}
              value={typed(name) || String(CHAT_FIELDS[name].usual ?? '')}
              autocomplete="off"
              maxLength={12}
              short
            />
          ))}
        </div>
      </fieldset>
      <p>
        <Button>{t('planning.submit')}</Button>
      </p>
    </form>
  );
}

/** The desks of each hour, and what fewer and more would do at the busiest one. */
function Hours({ visit, plan }: { visit: DeskVisit; plan: ChatPlan }) {
  const { t, dates } = visit;
  const { number, small, share } = wordsOfPlan(visit);
  const team: Column<ChatTeam>[] = [
    { head: t('planning.chats.column.served'), number: true, cell: (row) => share(row.served) },
    { head: t('planning.chats.column.wait'), number: true, cell: (row) => number(row.meanWait) },
    { head: t('planning.chats.column.gaveUp'), number: true, cell: (row) => share(row.gaveUp) },
    { head: t('planning.chats.column.taken'), number: true, cell: (row) => share(row.occupied) },
  ];
  const most = Math.max(...plan.hours.map(({ perHour }) => perHour));
  return (
    <>
      <Table
        caption={t('planning.chats.hours', { atOnce: plan.atOnce })}
        wide="chat-hours"
        rows={plan.hours}
        keyOf={({ hour }) => String(hour)}
        columns={[
          {
            head: t('planning.chats.column.hour'),
            cell: ({ hour }) =>
              hour === null ? t('planning.chats.typed') : dates.clock(60 * hour),
          },
          {
            head: t('planning.chats.column.perHour'),
            number: true,
            cell: (row) => small(row.perHour),
          },
          {
            head: t('planning.chats.column.desks'),
            number: true,
            cell: (row) => <b>{number(row.team.desks)}</b>,
          },
          {
            head: t('planning.chats.column.alone'),
            number: true,
            cell: (row) => number(row.alone),
          },
        ]}
      />
      <Table
        caption={t('planning.chats.around', { perHour: small(most) })}
        wide="chat-teams"
        rows={plan.around}
        keyOf={({ desks }) => String(desks)}
        columns={[
          { head: t('planning.chats.column.desks'), cell: (row) => number(row.desks) },
          ...team,
        ]}
      />
      <p class="soft small">
        {t('planning.chats.length', {
          atOnce: plan.atOnce,
          alone: number(plan.minutes),
          minutes: number(plan.minutesAtOnce),
        })}
      </p>
    </>
  );
}
