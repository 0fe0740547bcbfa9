import { can } from '../../../domain/roles.ts';
import { SCOPES } from '../../../domain/scopes.ts';
import { checkRequest, MOST_DAYS, USUAL_DAYS } from '../../../features/foundation/tokens/rules.ts';
import type {
  TokenField,
  TokenInfo,
  TokenMistake,
  TokenMistakes,
  TokenRequest,
} from '../../../features/foundation/tokens/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Checkboxes, TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { confirmFirst } from '../../console/account/confirm.tsx';
import type { DeskVisit } from '../../console/visit.tsx';
import { type Form, readForm } from '../../form.ts';
import { adminBase } from '../places.ts';
import type { AdminDeps } from '../sheet.tsx';
import { Done } from '../sheet-view.tsx';
import { SCOPE_TEXTS, TokenList } from './list.tsx';

/** `/console/{office}/admin/tokens`: the tokens with which other systems use the API for this office. */
export function tokensPage(deps: Pick<AdminDeps, 'tokens' | 'staff' | 'config'>) {
  const { tokens } = deps;
  const page = async (visit: DeskVisit, state: State) =>
    show(visit, await tokens.list(visit.office), state);
  return {
    get: (visit: DeskVisit) =>
      can(visit.viewer, 'administer') ? page(visit, {}) : (visit.c.notFound() as Response),
    post: async (visit: DeskVisit) => {
      const { viewer, office, now } = visit;
      if (!can(viewer, 'administer')) return visit.c.notFound() as Response;
      const form = await readForm(visit.c);
      const typed = requestIn(form);
      const checked = checkRequest(typed, { now, timeZone: office.timeZone });
      if (!checked.ok) return page(visit, { typed, mistakes: checked.mistakes });
      const asked = await confirmFirst(deps, visit, form);
      if (asked) return asked;
      const made = await tokens.create(office, typed, viewer);
      return page(visit, made.ok ? { made: made.token } : { typed, mistakes: made.mistakes });
    },
  };
}

const requestIn = (form: Form): TokenRequest => ({
  name: form.line('name'),
  scopes: form.all('scopes'),
  lastDay: form.has('lastDay') ? form.line('lastDay') : null,
  networks: form.line('networks'),
});

interface State {
  /** The typed values, when they need a correction. */
  typed?: TokenRequest;
  mistakes?: TokenMistakes;
  /** The new token, shown only once. */
  made?: string;
}

function show(visit: DeskVisit, list: readonly TokenInfo[], state: State): Response {
  const { t } = visit;
  const { made, mistakes = {} } = state;
  const here = `${adminBase(visit)}/tokens`;
  const title = t('admin.section.tokens');
  const isWrong = Object.keys(mistakes).length > 0;
  const problems = Object.entries(mistakes).map(([field, mistake]) => ({
    href: `#${field}`,
    text: formatMistake(visit, field as TokenField, mistake),
  }));
  return visit.show(
    { title, ...(isWrong && { status: 422, hasErrors: true }) },
    <>
      <BackLink href={adminBase(visit)}>{t('admin.title')}</BackLink>
      <ErrorSummary title={t('people.wrong.title')} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('admin.lead.tokens')}</p>
      <Done visit={visit} />
      {made ? (
        <div role="status">
          <Notice kind="good">
            <p>{t('admin.tokens.made')}</p>
            <p>
              <code class="admin-token">{made}</code>
            </p>
          </Notice>
        </div>
      ) : null}
      <TokenList visit={visit} list={list} here={here} />
      <NewToken visit={visit} here={here} state={state} />
    </>,
  );
}

function NewToken({ visit, here, state }: { visit: DeskVisit; here: string; state: State }) {
  const { t, now, office } = visit;
  const { typed, mistakes = {} } = state;
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const error = (field: TokenField) => {
    const mistake = mistakes[field];
    return mistake && formatMistake(visit, field, mistake);
  };
  return (
    <form method="post" action={here} class="form" aria-labelledby="make">
      <h2 id="make">{t('admin.tokens.new')}</h2>
      <TextInput
        name="name"
        label={t('admin.tokens.name')}
        hint={t('admin.tokens.nameHint')}
        value={typed?.name}
        error={error('name')}
        autocomplete="off"
      />
      <Checkboxes
        name="scopes"
        label={t('admin.tokens.scopes')}
        hint={t('admin.tokens.scopesHint')}
        error={error('scopes')}
        options={SCOPES.map((scope) => ({
          value: scope,
          label: t(SCOPE_TEXTS[scope]),
          ...(scope === 'contacts:write' && { hint: t('admin.tokens.scope.contactsHint') }),
        }))}
        values={typed?.scopes ?? []}
      />
      <TextInput
        name="lastDay"
        type="date"
        short
        label={t('admin.tokens.lastDay')}
        hint={t('admin.tokens.lastDayHint')}
        value={typed?.lastDay ?? today.add({ days: USUAL_DAYS }).toString()}
        error={error('lastDay')}
      />
      <TextInput
        name="networks"
        label={t('admin.tokens.networks')}
        hint={t('admin.tokens.networksHint')}
        value={typed?.networks}
        error={error('networks')}
        autocomplete="off"
        spellcheck={false}
      />
      <Button>{t('admin.tokens.make')}</Button>
    </form>
  );
}

/** Returns the mistake in a field, and its correction. */
function formatMistake({ t }: DeskVisit, field: TokenField, { reason, text = '' }: TokenMistake) {
  switch (reason) {
    case 'missing':
    case 'unknown_scope':
      return t(field === 'scopes' ? 'admin.tokens.wrong.scopes' : 'admin.slip.empty');
    case 'too_long':
      return t('admin.slip.long', { max: text });
    case 'not_a_day':
    case 'past':
      return t('admin.tokens.wrong.day');
    case 'too_far':
      return t('admin.tokens.wrong.far', { days: MOST_DAYS });
    case 'not_a_network':
      return t('admin.tokens.wrong.network', { text });
    case 'too_many':
      return t('admin.tokens.wrong.many', { most: text });
  }
}
