import type { Declaration, Edited } from '../../../features/booking/administration/types.ts';
import type { Writing } from '../../../formats/town-file/writing/written.ts';
import { type Texts, textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Say, Tag } from '../../../ui/parts.tsx';
import { askFirst } from '../../console/people/post.tsx';
import type { DeskVisit } from '../../console/visit.tsx';
import { readForm } from '../../form.ts';
import { adminBase } from '../places.ts';
import { ListRefusal } from '../refused.tsx';
import { type AdminDeps, declared } from '../sheet.tsx';
import { Done } from '../sheet-view.tsx';
import { type Gaps, gapsIn } from '../translating/gaps.ts';
import type { Value } from '../types.ts';
import { chatWithout } from './chat.ts';
import { procedureFields } from './fields.ts';

type Acted = 'up' | 'down' | 'back';
const ACTS: readonly Acted[] = ['up', 'down', 'back'];

/** `/console/{office}/admin/procedures`: the procedures in the citizen's order, and the retired ones. */
export function proceduresPage(deps: AdminDeps) {
  return {
    get: declared(deps, (visit, all) => show(visit, all)),
    post: declared(deps, async (visit, all) => {
      const form = await readForm(visit.c);
      const code = form.text('procedure');
      const act = ACTS.find((each) => each === form.text('act'));
      const known = all.state.procedures.get(code);
      const here = `${adminBase(visit)}/procedures`;
      if (!act || !known) return visit.redirect(here);
      const done = act === 'back' ? `/${code}?done=back` : `?done=saved#${code}`;
      return change(deps, visit, all, { code, done }, CHANGES[act]);
    }),
  };
}

/** `/console/{office}/admin/procedures/{procedure}/retire`: asks first. */
export function retireProcedurePage(deps: AdminDeps) {
  const list = (visit: DeskVisit) => `${adminBase(visit)}/procedures`;
  return {
    get: declared(deps, (visit, { state }) => {
      const { t } = visit;
      const code = visit.c.req.param('procedure') ?? '';
      const procedure = state.procedures.get(code);
      if (!procedure || procedure.retired) return visit.redirect(list(visit));
      const lists = [...state.desks.values()].filter(
        ({ retired, skills }) => !retired && skills !== 'all' && skills.includes(code),
      );
      return askFirst(visit, {
        title: t('admin.procedures.retire.title', {
          name: textIn(procedure.settings.name, t.language) || code,
        }),
        text: t('admin.procedures.retire.text', { desks: lists.length }),
        submit: t('admin.procedures.retire'),
        back: `${list(visit)}#${code}`,
        grave: true,
      });
    }),
    post: declared(deps, (visit, all) => {
      const code = visit.c.req.param('procedure') ?? '';
      const done = `?done=retired#${code}`;
      return change(deps, visit, all, { code, done }, retired);
    }),
  };
}

type Changing = (office: Writing, code: string, state: Declaration['state']) => Writing;

/**
 * Changes one procedure of the office and redirects to the list, or shows the list with the reason for a
 * refusal.
 */
async function change(
  deps: AdminDeps,
  visit: DeskVisit,
  all: Declaration,
  { code, done }: { code: string; done: string },
  of: Changing,
): Promise<Response> {
  const edited = await deps.administration.edit(visit.viewer, {
    part: () => null,
    was: null,
    change: (office, state) => of(office, code, state),
  });
  if (edited.ok) return visit.redirect(`${adminBase(visit)}/procedures${done}`);
  if (edited.reason === 'not_found') return visit.c.notFound() as Response;
  return show(visit, all, { code, ...edited });
}

const CHANGES: Record<Acted, Changing> = {
  up: (office, code) => moved(office, code, -1),
  down: (office, code) => moved(office, code, 1),
  back: broughtBack,
};

/** Returns the office without a procedure and all references to it. */
function retired(office: Writing, code: string): Writing {
  const each = (group: unknown, of: (thing: Value) => Value) =>
    Object.fromEntries(
      Object.entries((group ?? {}) as Record<string, Value>).map(([key, one]) => [key, of(one)]),
    );
  const { [code]: _, ...others } = office.procedures as Writing;
  const procedures = each(others, ({ combining, ...rest }) => ({
    ...rest,
    ...(combining !== undefined && { combining: withoutOther(combining as Value, code) }),
  }));
  const desks = each(office.desks, (desk) => ({ ...desk, skills: without(desk.skills, code) }));
  const acts = each(office.acts, (act) => forOthers(act, code));
  const teams = each(office.teams, (team) => ({
    ...team,
    procedures: without(team.procedures, code),
  }));
  return {
    ...office,
    procedures,
    desks,
    ...(office.acts !== undefined && { acts }),
    ...(office.teams !== undefined && { teams }),
    ...(office.chat !== undefined && { chat: chatWithout(office.chat as Value, code) }),
  };
}

/**
 * Returns the office with a procedure that was retired, without a theme and search words that no longer
 * exist.
 */
function broughtBack(
  office: Writing,
  code: string,
  { procedures, settings }: Declaration['state'],
) {
  const found = procedures.get(code);
  if (!found?.retired) return office;
  const { theme, keywords, combining, ...rest } = found.settings;
  const isThere = settings.themes.some((each) => each.code === theme);
  const searched = Object.entries(keywords).filter(([language]) =>
    settings.languages.some((each) => each === language),
  );
  const procedure = {
    ...rest,
    ...(isThere && { theme }),
    keywords: Object.fromEntries(searched),
    combining: {
      ...combining,
      with: combining.with.filter((each) => procedures.get(each)?.retired === false),
    },
  };
  return { ...office, procedures: { ...(office.procedures as Writing), [code]: procedure } };
}

const withoutOther = (combining: Value, code: string): Value => ({
  ...combining,
  with: without(combining.with, code),
});

const without = (skills: unknown, code: string): unknown =>
  Array.isArray(skills) ? skills.filter((each) => each !== code) : skills;

/**
 * Returns an act without a procedure. An act for that procedure alone stays and is reported: without
 * procedures it would be for all.
 */
function forOthers(act: Value, code: string): Value {
  const procedures = without(act.procedures, code);
  return Array.isArray(procedures) && procedures.length > 0 ? { ...act, procedures } : act;
}

/** Moves a procedure one place up or down. */
function moved(office: Writing, code: string, by: 1 | -1): Writing {
  const all = Object.entries((office.procedures ?? {}) as Writing);
  const from = all.findIndex(([each]) => each === code);
  const other = all[from + by];
  const one = all[from];
  if (!one || !other) return office;
  all[from] = other;
  all[from + by] = one;
  return { ...office, procedures: Object.fromEntries(all) };
}

function show(
  visit: DeskVisit,
  declaration: Declaration,
  refusal?: { code: string } & Exclude<Edited, { ok: true }>,
): Response {
  const { t } = visit;
  const admin = adminBase(visit);
  const title = t('admin.section.procedures');
  const acts = declaration.office.acts as Record<string, Value>;
  return visit.show(
    { title, ...(refusal && { status: 409, hasErrors: true }) },
    <>
      <BackLink href={admin}>{t('admin.title')}</BackLink>
      <ListRefusal
        visit={visit}
        refusal={refusal}
        hrefOf={() => `#${refusal?.code}`}
        of={({ field: [part, key = ''] }) => {
          const act = part === 'acts' ? acts[key] : undefined;
          return textIn((act?.name ?? {}) as Texts, t.language);
        }}
      />
      <h1>{title}</h1>
      <p class="lead">{t('admin.lead.procedures')}</p>
      <Done visit={visit} />
      <p>
        <ButtonLink href={`${admin}/new-procedure`}>{t('admin.procedure.new')}</ButtonLink>
      </p>
      <OpenProcedures t={t} admin={admin} declaration={declaration} />
      <RetiredProcedures t={t} admin={admin} declaration={declaration} />
    </>,
  );
}

interface ProceduresProps {
  t: Translate;
  admin: string;
  declaration: Declaration;
}

type Procedures = Declaration['state']['procedures'];
type Listed =
  Procedures extends ReadonlyMap<infer Code, infer Procedure> ? [Code, Procedure] : never;

function OpenProcedures({ t, admin, declaration }: ProceduresProps) {
  const open = [...declaration.state.procedures].filter(([, each]) => !each.retired);
  const fields = procedureFields({ t }, declaration);
  return (
    <ol class="admin-list unmarked">
      {open.map((each, index) => (
        <OpenProcedure
          key={each[0]}
          t={t}
          admin={admin}
          of={each}
          gaps={gapsIn(declaration, { base: ['procedures', each[0]], fields })}
          isFirst={index === 0}
          isLast={index === open.length - 1}
        />
      ))}
    </ol>
  );
}

interface OpenProcedureProps {
  t: Translate;
  admin: string;
  of: Listed;
  gaps: Gaps;
  isFirst: boolean;
  isLast: boolean;
}

function OpenProcedure({ t, admin, of, gaps, isFirst, isLast }: OpenProcedureProps) {
  const [code, { settings }] = of;
  const name = textIn(settings.name, t.language) || code;
  return (
    <li id={code}>
      <div>
        <a href={`${admin}/procedures/${code}`}>
          <Say of={settings.name} t={t} />
        </a>{' '}
        {gaps.missing > 0 ? (
          <Tag kind="warn">{t('admin.todo.texts', { count: gaps.missing })}</Tag>
        ) : null}{' '}
        {gaps.older > 0 ? (
          <Tag kind="warn">{t('admin.todo.older', { count: gaps.older })}</Tag>
        ) : null}
        <p class="small soft">
          {Object.entries(settings.channels)
            .map(([channel, minutes]) =>
              t('admin.procedures.channel', { channel, minutes: Number(minutes) }),
            )
            .join(' · ')}
        </p>
      </div>
      <form method="post" action={`${admin}/procedures`} class="row small">
        <input type="hidden" name="procedure" value={code} />
        {isFirst ? null : <Press t={t} act="up" name={name} />}
        {isLast ? null : <Press t={t} act="down" name={name} />}
        <a href={`${admin}/procedures/${code}/retire`}>
          {t('admin.procedures.retire')}
          <span class="hide">: {name}</span>
        </a>
      </form>
    </li>
  );
}

function RetiredProcedures({ t, admin, declaration }: ProceduresProps) {
  const retired = [...declaration.state.procedures].filter(([, each]) => each.retired);
  if (retired.length === 0) return null;
  return (
    <section aria-labelledby="retired">
      <h2 id="retired">{t('admin.procedures.retired')}</h2>
      <p>{t('admin.procedures.retiredText')}</p>
      <ul class="admin-list unmarked">
        {retired.map(([code, { settings }]) => (
          <li key={code} id={code}>
            <Say of={settings.name} t={t} />
            <form method="post" action={`${admin}/procedures`} class="row small">
              <input type="hidden" name="procedure" value={code} />
              <Press t={t} act="back" name={textIn(settings.name, t.language) || code} />
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Press({ t, act, name }: { t: Translate; act: Acted; name: string }) {
  return (
    <button type="submit" class="link" name="act" value={act}>
      {t(`admin.procedures.${act}`)}
      <span class="hide">: {name}</span>
    </button>
  );
}
