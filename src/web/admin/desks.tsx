import { CHANNELS, isAtSite } from '../../domain/channel.ts';
import type { Declaration, Edited } from '../../features/booking/administration/types.ts';
import type { Writing } from '../../formats/town-file/writing/written.ts';
import { formatLanguage } from '../../lib/i18n/format-language.ts';
import { SIGN_LANGUAGES, textIn } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { ButtonLink } from '../../ui/buttons.tsx';
import { BackLink, Tag } from '../../ui/parts.tsx';
import { askFirst } from '../console/people/post.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import { readForm } from '../form.ts';
import { adminBase, pageForMending } from './places.ts';
import { freeCode } from './read.ts';
import { ListRefusal } from './refused.tsx';
import { type Sheet, withPart } from './sections.ts';
import { type AdminDeps, declared, type SheetPage, sheetPage } from './sheet.tsx';
import { Done } from './sheet-view.tsx';
import type { Field, Value } from './types.ts';

type Desk = NonNullable<ReturnType<Declaration['state']['desks']['get']>>;

/** `/console/{office}/admin/desks`: the desks and their skills. A retired desk may come back. */
export function desksPage(deps: AdminDeps) {
  return {
    get: declared(deps, (visit, all) => show(visit, all)),
    post: declared(deps, async (visit, all) => {
      const code = (await readForm(visit.c)).text('desk');
      if (!all.state.desks.get(code)?.retired) return visit.redirect(`${adminBase(visit)}/desks`);
      return change(deps, visit, all, { code, done: `/${code}?done=deskBack` }, withDesk);
    }),
  };
}

/** `/console/{office}/admin/desks/{desk}/retire`: asks first. */
export function retireDeskPage(deps: AdminDeps) {
  const deskIn = ({ c }: DeskVisit, { state, held }: Declaration) => {
    const code = c.req.param('desk') ?? '';
    const desk = state.desks.get(code);
    return desk && !desk.retired && !held.has(code) ? { code, name: desk.name } : null;
  };
  return {
    get: declared(deps, (visit, all) => {
      const { t } = visit;
      const desk = deskIn(visit, all);
      if (!desk) return visit.redirect(`${adminBase(visit)}/desks`);
      const shifts = all.state.shifts.filter((each) => each.desk === desk.code).length;
      return askFirst(visit, {
        title: t('admin.desks.retire.title', { name: desk.name }),
        text: t('admin.desks.retire.text', { shifts }),
        submit: t('admin.desks.retire'),
        back: `${adminBase(visit)}/desks`,
        grave: true,
      });
    }),
    post: declared(deps, (visit, all) => {
      const code = visit.c.req.param('desk') ?? '';
      return change(deps, visit, all, { code, done: '?done=deskRetired' }, withoutDesk);
    }),
  };
}

/**
 * Changes one desk of the office and redirects to the list, or shows the list with the reason for a refusal.
 */
async function change(
  deps: AdminDeps,
  visit: DeskVisit,
  all: Declaration,
  { code, done }: { code: string; done: string },
  of: (office: Writing, code: string, state: Declaration['state']) => Writing,
): Promise<Response> {
  const edited = await deps.administration.edit(visit.viewer, {
    part: () => null,
    was: null,
    change: (office, state) => of(office, code, state),
  });
  if (edited.ok) return visit.redirect(`${adminBase(visit)}/desks${done}`);
  if (edited.reason === 'not_found') return visit.c.notFound() as Response;
  return show(visit, all, edited);
}

/** Returns the office without a desk and all references to it. Its rota is kept with the desk. */
function withoutDesk(office: Writing, code: string): Writing {
  const { [code]: _, ...desks } = (office.desks ?? {}) as Writing;
  const others = (list: unknown) =>
    ((list ?? []) as { desk: string }[]).filter((each) => each.desk !== code);
  const rest = {
    ...office,
    desks,
    shifts: others(office.shifts),
    absences: others(office.absences),
  };
  const hasExtension = (office.phone as Value | undefined)?.exchange !== undefined;
  return hasExtension
    ? withPart(rest, ['phone', 'exchange', 'desks'], ({ [code]: __, ...desks }) => desks)
    : rest;
}

/**
 * Returns the office with a desk that was retired and its rota, without skills that the office no longer has.
 */
function withDesk(office: Writing, code: string, state: Declaration['state']): Writing {
  const declared = state.desks.get(code);
  if (!declared?.retired) return office;
  const { retired: _, ...desk } = declared;
  const offered = state.settings.languages;
  const spoken = desk.languages.filter((each) =>
    [...offered, ...SIGN_LANGUAGES].some((language) => language === each),
  );
  const skills =
    desk.skills === 'all'
      ? desk.skills
      : desk.skills.filter((each) => state.procedures.get(each)?.retired === false);
  const languages = spoken.length > 0 ? spoken : offered.slice(0, 1);
  const isIts = (row: { desk: string }) => row.desk === code;
  const { shifts, absences } = state.retiredRotas;
  return {
    ...office,
    desks: { ...(office.desks as Writing), [code]: { ...desk, skills, languages } },
    shifts: [...((office.shifts ?? []) as unknown[]), ...shifts.filter(isIts)],
    absences: [...((office.absences ?? []) as unknown[]), ...absences.filter(isIts)],
  };
}

function show(
  visit: DeskVisit,
  declaration: Declaration,
  refusal?: Exclude<Edited, { ok: true }>,
): Response {
  const { t, base } = visit;
  const admin = adminBase(visit);
  const title = t('admin.section.desks');
  return visit.show(
    { title, ...(refusal && { status: 409, hasErrors: true }) },
    <>
      <BackLink href={admin}>{t('admin.title')}</BackLink>
      <ListRefusal
        visit={visit}
        refusal={refusal}
        hrefOf={(finding) =>
          finding.slip?.kind === 'held' ? `${base}/people` : `${admin}/${pageForMending(finding)}`
        }
      />
      <h1>{title}</h1>
      <p class="lead">{t('admin.lead.desks')}</p>
      <Done visit={visit} />
      <p>
        <ButtonLink href={`${admin}/new-desk`}>{t('admin.desks.new')}</ButtonLink>
      </p>
      <OpenDesks t={t} admin={admin} declaration={declaration} />
      <RetiredDesks t={t} admin={admin} declaration={declaration} />
      <p>
        <a href={`${base}/people`}>{t('admin.section.people')}</a>
      </p>
    </>,
  );
}

interface DesksProps {
  t: Translate;
  admin: string;
  declaration: Declaration;
}

const desksOf = ({ state }: Declaration, isRetired: boolean) =>
  [...state.desks].filter(([, each]) => each.retired === isRetired);

function OpenDesks({ t, admin, declaration }: DesksProps) {
  const isIdle = (code: string) =>
    declaration.findings.some(
      ({ field, slip }) => field[0] === 'desks' && field[1] === code && slip?.kind === 'no_shift',
    );
  return (
    <ul class="admin-list unmarked">
      {desksOf(declaration, false).map(([code, desk]) => (
        <li key={code}>
          <div>
            <a href={`${admin}/desks/${code}`}>{desk.name}</a>{' '}
            {isIdle(code) ? <Tag kind="warn">{t('admin.slip.no_shift')}</Tag> : null}
            <p class="small soft">{abilities(t, desk)}</p>
          </div>
          {declaration.held.has(code) ? (
            <span class="small soft">{t('admin.desks.held')}</span>
          ) : (
            <a class="small" href={`${admin}/desks/${code}/retire`}>
              {t('admin.desks.retire')}
              <OfDesk name={desk.name} />
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

function RetiredDesks({ t, admin, declaration }: DesksProps) {
  const retired = desksOf(declaration, true);
  if (retired.length === 0) return null;
  return (
    <section aria-labelledby="retired">
      <h2 id="retired">{t('admin.desks.retired')}</h2>
      <ul class="admin-list unmarked">
        {retired.map(([code, { name }]) => (
          <li key={code}>
            {name}
            <form method="post" action={`${admin}/desks`} class="small">
              <button type="submit" class="link" name="desk" value={code}>
                {t('admin.desks.back')}
                <OfDesk name={name} />
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Names a button's desk for screen readers. */
const OfDesk = ({ name }: { name: string }) => <span class="hide">: {name}</span>;

const abilities = (t: Translate, { skills, languages, channels }: Desk): string =>
  [
    skills === 'all' ? t('admin.desks.all') : t('admin.desks.skills', { count: skills.length }),
    languages.map((each) => formatLanguage(each, t).name).join(', '),
    channels.map((each) => t(`admin.choice.channels.${each}`)).join(', '),
  ].join(' · ');

/** Where a desk stands, in an office that has sites. */
function siteField(t: Translate, { settings }: Declaration['state']): Field[] {
  if (settings.sites.length === 0) return [];
  const sites = settings.sites.map(({ code, name }) => ({
    value: code,
    label: textIn(name, t.language) || code,
  }));
  const choices = [{ value: '', label: t('admin.choice.site.none') }, ...sites];
  return [
    { kind: 'one', key: 'site', label: 'admin.field.site', hint: 'admin.hint.site', choices },
  ];
}

/** Returns the fields of a desk. */
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
        const { name, writtenIn } = formatLanguage(each, t);
        return { value: each, label: name, ...(writtenIn && { lang: writtenIn }) };
      }),
    },
    {
      kind: 'several',
      key: 'channels',
      label: 'admin.field.channels',
      choices: CHANNELS.map((value) => ({ value, label: t(`admin.choice.channels.${value}`) })),
    },
    ...siteField(t, state),
    { kind: 'number', key: 'chats', label: 'admin.field.chats', hint: 'admin.hint.chats' },
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

const NEW: Value = {
  languages: [],
  channels: CHANNELS.filter((each) => !isAtSite(each)),
  all: 'all',
  skills: [],
};

function sheetOf(visit: DeskVisit, declaration: Declaration, code: string): Sheet {
  return {
    fields: deskFields(visit, declaration),
    base: ['desks', code],
    shown: ({ state }) => {
      const desk = state.desks.get(code);
      if (!desk) return NEW;
      const { name, languages, channels, site, chats, skills } = desk;
      return {
        name,
        languages,
        channels,
        site,
        chats,
        all: skills === 'all' ? 'all' : 'some',
        skills: skills === 'all' ? [] : skills,
      };
    },
    written: ({ all, skills, ...rest }) => ({ ...rest, skills: all === 'all' ? 'all' : skills }),
  };
}

/** `/console/{office}/admin/desks/{desk}`; without one: a new desk, whose code is made from its name. */
export function deskPage(deps: AdminDeps, isNew: boolean) {
  const pageOf = (visit: DeskVisit, declaration: Declaration): SheetPage | null => {
    const { t } = visit;
    const list = `${adminBase(visit)}/desks`;
    const code = visit.c.req.param('desk') ?? '';
    const desk = declaration.state.desks.get(code);
    if (!isNew && (!desk || desk.retired)) return null;
    const taken = new Set(declaration.state.desks.keys());
    return {
      title: desk?.name ?? t('admin.desks.new'),
      back: { href: list, text: t('admin.section.desks') },
      sheet: sheetOf(visit, declaration, code),
      ...(isNew
        ? {
            here: `${adminBase(visit)}/new-desk`,
            done: list,
            baseOf: ({ name }: Value) => ['desks', freeCode(String(name ?? ''), taken)],
          }
        : { here: `${list}/${code}` }),
    };
  };
  return sheetPage(deps, pageOf);
}
