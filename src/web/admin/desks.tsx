import { CHANNELS } from '../../features/town-file/rules.ts';
import type { Declaration, Edited, Writing } from '../../features/town-file/types.ts';
import { SIGN_LANGUAGES, textIn } from '../../lib/i18n/languages.ts';
import { sayLanguage } from '../../lib/i18n/say-language.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { ButtonLink } from '../../ui/buttons.tsx';
import { BackLink, Tag } from '../../ui/parts.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import { readForm } from '../form.ts';
import { adminBase } from './places.ts';
import { freeCode } from './read.ts';
import { ListRefusal } from './refused.tsx';
import { type Sheet, withPart } from './sections.ts';
import { type AdminDeps, Done, declared, type SheetPage, sheetPage } from './sheet.tsx';
import type { Field, Value } from './types.ts';

type Desk = NonNullable<ReturnType<Declaration['state']['agents']['get']>>;

/** `/console/{body}/admin/desks`: from where citizens are attended, and what each can do. */
export function desksPage(deps: AdminDeps) {
  return {
    get: declared(deps, (visit, all) => show(visit, all)),
    post: declared(deps, async (visit, all) => {
      const form = await readForm(visit.c);
      const code = form.text('desk');
      const here = `${adminBase(visit)}/desks`;
      const known = all.state.agents.get(code);
      if (!known) return visit.redirect(here);
      const edited = await deps.administration.edit(visit.viewer, {
        ...{ part: () => null, was: null },
        change: (body) =>
          form.text('act') === 'back' ? withDesk(body, code, known) : withoutDesk(body, code),
      });
      if (edited.ok) return visit.redirect(`${here}?done=saved`);
      if (edited.reason === 'not_found') return visit.c.notFound() as Response;
      return show(visit, all, edited);
    }),
  };
}

/** The body without a desk, its shifts and what else speaks of it. */
function withoutDesk(body: Writing, code: string): Writing {
  const { [code]: _, ...agents } = (body.agents ?? {}) as Writing;
  const others = (list: unknown) =>
    ((list ?? []) as { agent: string }[]).filter((each) => each.agent !== code);
  const rest = { ...body, agents, shifts: others(body.shifts), absences: others(body.absences) };
  const hasExtension = (body.phone as Value | undefined)?.exchange !== undefined;
  return hasExtension
    ? withPart(rest, ['phone', 'exchange', 'desks'], ({ [code]: __, ...desks }) => desks)
    : rest;
}

const withDesk = (body: Writing, code: string, { retired: _, ...desk }: Desk): Writing => ({
  ...body,
  agents: { ...(body.agents as Writing), [code]: desk },
});

function show(
  visit: DeskVisit,
  { state, findings, held }: Declaration,
  refusal?: Exclude<Edited, { ok: true }>,
): Response {
  const { t, base } = visit;
  const admin = adminBase(visit);
  const title = t('admin.section.desks');
  const [open, retired] = [false, true].map((isRetired) =>
    [...state.agents].filter(([, each]) => each.retired === isRetired),
  );
  const isIdle = (code: string) =>
    findings.some(
      ({ field, slip }) => field[0] === 'agents' && field[1] === code && slip?.kind === 'no_shift',
    );
  const press = (act: 'retire' | 'back', code: string, name: string) => (
    <form method="post" action={`${admin}/desks`} class="small">
      <input type="hidden" name="desk" value={code} />
      <button type="submit" class="link" name="act" value={act}>
        {t(`admin.desks.${act}`)}
        <span class="hide">: {name}</span>
      </button>
    </form>
  );
  return visit.show(
    { title, ...(refusal && { status: 409, hasErrors: true }) },
    <>
      <BackLink href={admin}>{t('admin.title')}</BackLink>
      <ListRefusal visit={visit} refusal={refusal} href={`${base}/people`} />
      <h1>{title}</h1>
      <p class="lead">{t('admin.lead.desks')}</p>
      <Done visit={visit} />
      <p>
        <ButtonLink href={`${admin}/new-desk`}>{t('admin.desks.new')}</ButtonLink>
      </p>
      <ul class="admin-list unmarked">
        {open?.map(([code, desk]) => (
          <li key={code}>
            <div>
              <a href={`${admin}/desks/${code}`}>{desk.name}</a>{' '}
              {isIdle(code) ? <Tag kind="warn">{t('admin.slip.no_shift')}</Tag> : null}
              <p class="small soft">{abilities(t, desk)}</p>
            </div>
            {held.has(code) ? (
              <span class="small soft">{t('admin.desks.held')}</span>
            ) : (
              press('retire', code, desk.name)
            )}
          </li>
        ))}
      </ul>
      {retired && retired.length > 0 ? (
        <section aria-labelledby="retired">
          <h2 id="retired">{t('admin.desks.retired')}</h2>
          <ul class="admin-list unmarked">
            {retired.map(([code, { name }]) => (
              <li key={code}>
                {name}
                {press('back', code, name)}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <p>
        <a href={`${base}/people`}>{t('admin.section.people')}</a>
      </p>
    </>,
  );
}

const abilities = (t: Translate, { skills, languages, channels }: Desk): string =>
  [
    skills === 'all' ? t('admin.desks.all') : t('admin.desks.skills', { count: skills.length }),
    languages.map((each) => sayLanguage(each, t).name).join(', '),
    channels.map((each) => t(`admin.choice.channels.${each}`)).join(', '),
  ].join(' · ');

/** What is asked of a desk. */
export function deskFields(
  { t }: Pick<DeskVisit, 't'>,
  { state }: Pick<Declaration, 'state'>,
): Field[] {
  const { languages } = state.settings;
  const procedures = [...state.procedures].filter(([, each]) => !each.retired);
  return [
    { kind: 'text', key: 'name', label: 'admin.field.deskName', hint: 'admin.hint.deskName' },
    {
      kind: 'several',
      key: 'languages',
      label: 'admin.field.languages',
      choices: [...languages, ...SIGN_LANGUAGES].map((each) => {
        const { name, writtenIn } = sayLanguage(each, t);
        return { value: each, label: name, ...(writtenIn && { lang: writtenIn }) };
      }),
    },
    {
      kind: 'several',
      key: 'channels',
      label: 'admin.field.channels',
      choices: CHANNELS.map((value) => ({ value, label: t(`admin.choice.channels.${value}`) })),
    },
    {
      kind: 'one',
      key: 'all',
      label: 'admin.field.all',
      choices: (['all', 'some'] as const).map((value) => ({
        value,
        label: t(`admin.choice.all.${value}`),
      })),
    },
    {
      kind: 'several',
      key: 'skills',
      label: 'admin.field.skills',
      hint: 'admin.hint.skills',
      choices: procedures.map(([value, { settings }]) => ({
        value,
        label: textIn(settings.name, t.language) || value,
      })),
    },
  ];
}

const NEW: Value = { languages: [], channels: ['phone', 'video'], all: 'all', skills: [] };

function sheetOf(visit: DeskVisit, declaration: Declaration, code: string): Sheet {
  return {
    fields: deskFields(visit, declaration),
    base: ['agents', code],
    shown: ({ state }) => {
      const desk = state.agents.get(code);
      if (!desk) return NEW;
      const { name, languages, channels, skills } = desk;
      return {
        name,
        languages,
        channels,
        all: skills === 'all' ? 'all' : 'some',
        skills: skills === 'all' ? [] : skills,
      };
    },
    written: ({ all, skills, ...rest }) => ({ ...rest, skills: all === 'all' ? 'all' : skills }),
  };
}

/** `/console/{body}/admin/desks/{desk}`; without one: a new desk, whose code is made from its name. */
export function deskPage(deps: AdminDeps, isNew: boolean) {
  const pageOf = (visit: DeskVisit, declaration: Declaration): SheetPage | null => {
    const { t } = visit;
    const list = `${adminBase(visit)}/desks`;
    const code = visit.c.req.param('desk') ?? '';
    const desk = declaration.state.agents.get(code);
    if (!isNew && (!desk || desk.retired)) return null;
    const taken = new Set(declaration.state.agents.keys());
    return {
      title: desk?.name ?? t('admin.desks.new'),
      back: { href: list, text: t('admin.section.desks') },
      sheet: sheetOf(visit, declaration, code),
      ...(isNew
        ? {
            here: `${adminBase(visit)}/new-desk`,
            done: list,
            baseOf: ({ name }: Value) => ['agents', freeCode(String(name ?? ''), taken)],
          }
        : { here: `${list}/${code}` }),
    };
  };
  return sheetPage(deps, pageOf);
}
