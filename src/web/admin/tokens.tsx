import { isUnused, UNUSED_DAYS } from '../../features/tokens/rules.ts';
import type { TokenInfo } from '../../features/tokens/types.ts';
import { mayAdminister } from '../../features/town-file/service.ts';
import { Button } from '../../ui/buttons.tsx';
import { TextInput } from '../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice, Table, Tag } from '../../ui/parts.tsx';
import { confirmFirst } from '../console/account/confirm.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import { readForm } from '../form.ts';
import { adminBase } from './places.ts';
import { type AdminDeps, Done } from './sheet.tsx';

const LONGEST_NAME = 80;

/** `/console/{body}/admin/tokens`: with which other systems speak to the API for this body. */
export function tokensPage(deps: Pick<AdminDeps, 'tokens' | 'staff' | 'config'>) {
  const { tokens } = deps;
  const page = async (visit: DeskVisit, state: State) =>
    show(visit, await tokens.list(visit.body), state);
  return {
    get: (visit: DeskVisit) =>
      mayAdminister(visit.viewer) ? page(visit, {}) : (visit.c.notFound() as Response),
    post: async (visit: DeskVisit) => {
      const { viewer, body } = visit;
      if (!mayAdminister(viewer)) return visit.c.notFound() as Response;
      const form = await readForm(visit.c);
      const name = form.line('name');
      if (name === '') return page(visit, { wrong: visit.t('admin.slip.empty') });
      if (name.length > LONGEST_NAME)
        return page(visit, { name, wrong: visit.t('admin.slip.long', { max: LONGEST_NAME }) });
      const asked = await confirmFirst(deps, visit, form);
      if (asked) return asked;
      return page(visit, { made: (await tokens.create(body, name, viewer)).token });
    },
  };
}

interface State {
  name?: string;
  wrong?: string;
  /** The token that was just made: shown this once. */
  made?: string;
}

function show(
  visit: DeskVisit,
  list: readonly TokenInfo[],
  { name, wrong, made }: State,
): Response {
  const { t, dates } = visit;
  const here = `${adminBase(visit)}/tokens`;
  const title = t('admin.section.tokens');
  const inForce = list.filter((each) => each.revokedAt === null);
  const unused = list.filter((each) => isUnused(each, visit.now)).map((each) => each.name);
  return visit.show(
    { title, ...(wrong && { status: 422, hasErrors: true }) },
    <>
      <BackLink href={adminBase(visit)}>{t('admin.title')}</BackLink>
      <ErrorSummary
        title={t('people.wrong.title')}
        problems={wrong ? [{ href: '#name', text: wrong }] : []}
      />
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
      {unused.length > 0 ? (
        <Notice kind="warn">
          {t('admin.tokens.unused', { days: UNUSED_DAYS, names: unused.join(', ') })}
        </Notice>
      ) : null}
      {list.length > 0 ? (
        <div class="listed">
          <Table
            caption={t('admin.tokens.caption')}
            columns={[
              { head: t('admin.tokens.name'), cell: (row) => row.name },
              {
                head: t('admin.tokens.since'),
                cell: (row) => labelled(t('admin.tokens.since'), dates.shortDay(row.createdAt)),
              },
              {
                head: t('admin.tokens.used'),
                cell: ({ lastUsedOn: day, watchedSince }) => {
                  const never = t(watchedSince ? 'admin.tokens.unknown' : 'admin.tokens.never');
                  const used = day ? dates.shortDay(noonOf(day, visit.body.timeZone)) : never;
                  return labelled(t('admin.tokens.used'), used);
                },
              },
              {
                head: t('admin.tokens.state'),
                cell: (row) =>
                  row.revokedAt ? (
                    <Tag kind="plain">{t('admin.tokens.revoked')}</Tag>
                  ) : (
                    <a class="act" href={`${here}/${row.id}/end`}>
                      {t('admin.tokens.revoke')}
                      <span class="hide">: {row.name}</span>
                    </a>
                  ),
              },
            ]}
            rows={[...inForce, ...list.filter((each) => each.revokedAt !== null)]}
            keyOf={(row) => String(row.id)}
          />
        </div>
      ) : (
        <p>{t('admin.tokens.none')}</p>
      )}
      <form method="post" action={here} class="form" aria-labelledby="make">
        <h2 id="make">{t('admin.tokens.new')}</h2>
        <TextInput
          name="name"
          label={t('admin.tokens.name')}
          hint={t('admin.tokens.nameHint')}
          value={name}
          error={wrong}
          autocomplete="off"
        />
        <Button>{t('admin.tokens.make')}</Button>
      </form>
    </>,
  );
}

const noonOf = (day: string, timeZone: string) =>
  Temporal.PlainDateTime.from(`${day}T12:00`).toZonedDateTime(timeZone).toInstant();

/** What it is, where the table is a list that has no heads. */
const labelled = (label: string, text: string) => (
  <>
    <span class="label soft">{label}: </span>
    {text}
  </>
);
