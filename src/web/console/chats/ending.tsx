import type { ChatRecord } from '../../../features/service/chat/service.ts';
import { usualOutcome } from '../../../features/service/encounter/rules.ts';
import type {
  DraftMistakes,
  Encounter,
  FrequentItem,
} from '../../../features/service/encounter/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { TextArea } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { baseText, kept, readDraft, type TypedDraft } from '../encounter/draft.ts';
import { Frequent, Items } from '../encounter/items.tsx';
import { problemsOf } from '../encounter/mistakes.ts';
import { rowsChanged } from '../encounter/save.tsx';
import { Segments } from '../encounter/segments.tsx';
import { Key } from '../key.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { chatsBase, personName, topicName } from './words.ts';

interface Shown {
  draft: TypedDraft;
  mistakes?: DraftMistakes;
  status?: 409 | 422;
  /** A colleague wrote it down meanwhile. */
  isStale?: boolean;
}

/** `…/chats/{chat}/end`: ends a conversation, and writes down what was done in it, as in any other encounter. */
export function endPage(deps: StaffDeps) {
  const recordIn = async (
    visit: DeskVisit,
  ): Promise<(ChatRecord & { encounter: Encounter }) | null> => {
    const { c, viewer, office } = visit;
    const found = await deps.chatWork.record(viewer, office, c.req.param('chat') ?? '');
    const { encounter } = found ?? {};
    const isOwn = found && (found.chat.staff === viewer.staff || found.chat.desk === viewer.desk);
    return found && encounter && isOwn ? { ...found, encounter } : null;
  };
  return {
    get: async (visit: DeskVisit): Promise<Response> => {
      const record = await recordIn(visit);
      if (!record) return elsewhere(deps, visit);
      if (record.encounter.endedAt) return visit.redirect(chatsBase(visit));
      return show(deps, visit, record, { draft: draftFor(visit, record) });
    },

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const id = c.req.param('chat') ?? '';
      const form = await readForm(c);
      const action = form.text('action');
      if (action === 'answered') {
        const done = await deps.chatDesk.end(viewer, office, id);
        return done.ok || done.reason === 'gone' ? visit.redirect(chatsBase(visit)) : c.notFound();
      }
      const record = await recordIn(visit);
      if (!record) return elsewhere(deps, visit);
      const typed = readDraft(form);
      const changed = rowsChanged(visit, typed, action);
      if (changed) return show(deps, visit, record, { draft: changed });
      return end(deps, visit, record, typed);
    },
  };
}

/** Leads to a conversation that has no encounter of the viewer's: a message, or one that a colleague answers. */
async function elsewhere({ chatDesk }: StaffDeps, visit: DeskVisit): Promise<Response> {
  const { c, viewer, office } = visit;
  const id = c.req.param('chat') ?? '';
  const found = await chatDesk.find(viewer, office, id);
  return found ? visit.redirect(`${chatsBase(visit)}/${id}`) : c.notFound();
}

/** Writes it down, then ends the conversation: what is wrong is told before anything ends. */
async function end(
  deps: StaffDeps,
  visit: DeskVisit,
  record: ChatRecord & { encounter: Encounter },
  typed: TypedDraft,
): Promise<Response> {
  const { viewer, office, c } = visit;
  const { chat, encounter } = record;
  if (!encounter.endedAt) {
    const of = { encounter: encounter.id };
    const how = { base: typed.base, anyway: true };
    const saved = await deps.encounter.close(viewer, office, of, typed.version, kept(typed), how);
    if (!saved.ok) {
      if (saved.reason === 'not_found') return c.notFound();
      if (saved.reason === 'stale')
        return show(
          deps,
          visit,
          { ...record, encounter: saved.current },
          {
            draft: { ...typed, version: saved.current.version, base: undefined },
            status: 409,
            isStale: true,
          },
        );
      if (saved.reason === 'invalid') {
        const draft = { ...typed, ...kept(typed) };
        return show(deps, visit, record, { draft, mistakes: saved.mistakes, status: 422 });
      }
    }
  }
  await deps.chatDesk.end(viewer, office, chat.id);
  return visit.redirect(`${chatsBase(visit)}?done=ended`);
}

/** Returns the form's first values: the conversation was about the first procedure of its topic, and nobody was identified. */
function draftFor(
  { office }: DeskVisit,
  { chat, encounter }: { chat: ChatRecord['chat']; encounter: Encounter },
): TypedDraft {
  const { version, items, identity, identityNote, notes, wrapUp, points } = encounter;
  const saved = { items, identity, identityNote, notes, wrapUp, points };
  const topic = office.settings.chat.topics.find(({ code }) => code === chat.topic);
  const procedure = topic?.procedures[0] ?? null;
  const outcome = usualOutcome('query', office.settings.outcomes);
  const first = procedure
    ? [{ kind: 'query' as const, procedure, query: null, label: '', outcome }]
    : [];
  return {
    ...saved,
    items: items.length > 0 ? items : first,
    identity: identity ?? 'none',
    version,
    base: saved,
  };
}

async function show(
  deps: StaffDeps,
  visit: DeskVisit,
  { chat }: ChatRecord,
  { draft, mistakes = {}, status, isStale = false }: Shown,
): Promise<Response> {
  const { t, office, viewer } = visit;
  const frequent = await deps.encounter.frequent(viewer, office);
  const problems = problemsOf(visit, mistakes, draft.items);
  const title = t('chatDesk.end.title', { who: personName(t, chat) });
  const at = `${chatsBase(visit)}/${chat.id}`;
  return visit.show(
    { title, ...(status && { status }), hasErrors: problems.length > 0 },
    <>
      <BackLink href={at}>{t('chatDesk.end.back')}</BackLink>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{topicName(t, office, chat.topic)}</p>
      {isStale ? <Notice kind="warn">{t('chatDesk.end.stale')}</Notice> : null}
      <EndForm visit={visit} at={at} draft={draft} mistakes={mistakes} frequent={frequent} />
    </>,
  );
}

interface FormProps {
  visit: DeskVisit;
  draft: TypedDraft;
  mistakes: DraftMistakes;
  frequent: readonly FrequentItem[];
}

/** What was done, in notes, and how it ended. */
function EndForm({ at, ...props }: FormProps & { at: string }) {
  const { visit, draft, mistakes } = props;
  const { t, office } = visit;
  return (
    <form method="post" action={`${at}/end`} class="stack encounter">
      <button type="submit" name="action" value="end" class="hide" tabIndex={-1} aria-hidden="true">
        {t('chatDesk.end.submit')}
      </button>
      <input type="hidden" name="version" value={draft.version} />
      <input type="hidden" name="base" value={baseText(draft.base)} />
      <input type="hidden" name="identity" value={draft.identity ?? 'none'} />
      <Done {...props} />
      <TextArea
        name="notes"
        label={t('staff.encounter.notes')}
        value={draft.notes}
        rows={2}
        action="notes"
        error={mistakes.notes && t(`staff.wrong.${mistakes.notes}`)}
      />
      <Segments
        name="wrapUp"
        label={t('staff.encounter.wrapUp')}
        action="wrapUp"
        value={draft.wrapUp}
        error={mistakes.wrapUp && t(`staff.wrong.${mistakes.wrapUp}`)}
        options={office.settings.wrapUpCodes.map((each) => ({
          value: each.code,
          label: textIn(each.name, t.language),
        }))}
      />
      <p class="action row">
        <button
          type="submit"
          name="action"
          value="end"
          class="button"
          id="action"
          data-action="close"
        >
          {t('chatDesk.end.submit')} <Key action="close" />
        </button>
      </p>
    </form>
  );
}

function Done(props: FormProps) {
  const { visit, draft, mistakes, frequent } = props;
  const { t } = visit;
  return (
    <>
      <h2 id="item">{t('staff.encounter.items')}</h2>
      {mistakes.item ? (
        <p class="mend">
          {t(`staff.wrong.item_${mistakes.item === 'missing' ? 'missing' : 'many'}`)}
        </p>
      ) : null}
      <Frequent visit={visit} items={frequent} />
      <Items visit={visit} draft={draft} mistakes={mistakes} />
      <p>
        <button type="submit" name="action" value="add" class="link">
          {t('staff.encounter.add')}
        </button>
      </p>
    </>
  );
}
