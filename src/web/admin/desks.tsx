import { CHANNELS } from '../../features/town-file/rules.ts';
import type { Declaration } from '../../features/town-file/types.ts';
import { SIGN_LANGUAGES, textIn } from '../../lib/i18n/languages.ts';
import { sayLanguage } from '../../lib/i18n/say-language.ts';
import { ButtonLink } from '../../ui/buttons.tsx';
import { BackLink, Tag } from '../../ui/parts.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import { adminBase } from './places.ts';
import { freeCode } from './read.ts';
import type { Sheet } from './sections.ts';
import { type AdminDeps, Done, declared, postSheet, type SheetPage, showSheet } from './sheet.tsx';
import type { Field, Value } from './types.ts';

/** `/console/{body}/admin/desks`: from where citizens are attended, and what each can do. */
export const desksPage = (deps: AdminDeps) =>
  declared(deps, (visit, { state, findings }) => {
    const { t, base } = visit;
    const admin = adminBase(visit);
    const title = t('admin.section.desks');
    const open = [...state.agents].filter(([, each]) => !each.retired);
    const isIdle = (code: string) =>
      findings.some(
        ({ field, slip }) =>
          field[0] === 'agents' && field[1] === code && slip?.kind === 'no_shift',
      );
    return visit.show(
      { title },
      <>
        <BackLink href={admin}>{t('admin.title')}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('admin.lead.desks')}</p>
        <Done visit={visit} />
        <ul class="admin-list unmarked">
          {open.map(([code, desk]) => (
            <li key={code}>
              <div>
                <a href={`${admin}/desks/${code}`}>{desk.name}</a>{' '}
                {isIdle(code) ? <Tag kind="warn">{t('admin.slip.no_shift')}</Tag> : null}
                <p class="small soft">
                  {[
                    desk.skills === 'all'
                      ? t('admin.desks.all')
                      : t('admin.desks.skills', { count: desk.skills.length }),
                    desk.languages.map((each) => sayLanguage(each, t).name).join(', '),
                    desk.channels.map((each) => t(`admin.choice.channels.${each}`)).join(', '),
                  ].join(' · ')}
                </p>
              </div>
            </li>
          ))}
        </ul>
        <ButtonLink href={`${admin}/new-desk`}>{t('admin.desks.new')}</ButtonLink>
        <p>
          <a href={`${base}/people`}>{t('admin.section.people')}</a>
        </p>
      </>,
    );
  });

function fieldsOf({ t }: DeskVisit, { state }: Declaration): Field[] {
  const { languages } = state.settings;
  const procedures = [...state.procedures].filter(([, each]) => !each.retired);
  return [
    { kind: 'text', key: 'name', label: 'admin.field.deskName', hint: 'admin.hint.deskName' },
    {
      ...{ kind: 'several', key: 'languages', label: 'admin.field.languages' },
      choices: [...languages, ...SIGN_LANGUAGES].map((each) => {
        const { name, writtenIn } = sayLanguage(each, t);
        return { value: each, label: name, ...(writtenIn && { lang: writtenIn }) };
      }),
    },
    {
      ...{ kind: 'several', key: 'channels', label: 'admin.field.channels' },
      choices: CHANNELS.map((value) => ({ value, label: t(`admin.choice.channels.${value}`) })),
    },
    {
      ...{ kind: 'one', key: 'all', label: 'admin.field.all' },
      choices: (['all', 'some'] as const).map((value) => ({
        value,
        label: t(`admin.choice.all.${value}`),
      })),
    },
    {
      ...{ kind: 'several', key: 'skills', label: 'admin.field.skills', hint: 'admin.hint.skills' },
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
    fields: fieldsOf(visit, declaration),
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
  return {
    get: declared(deps, (visit, all) => {
      const page = pageOf(visit, all);
      return page ? showSheet(visit, all, page) : (visit.c.notFound() as Response);
    }),
    post: declared(deps, (visit, all) => {
      const page = pageOf(visit, all);
      return page ? postSheet(deps, visit, all, page) : (visit.c.notFound() as Response);
    }),
  };
}
