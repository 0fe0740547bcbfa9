import { CHANNELS } from '../../domain/channel.ts';
import type { Declaration } from '../../features/booking/administration/types.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import { Notice } from '../../ui/parts.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import { adminBase } from './places.ts';
import { firstText, freeCode } from './read.ts';
import { OTHER_WAYS } from './section-fields.ts';
import type { Sheet } from './sections.ts';
import { type AdminDeps, type SheetPage, sheetPage } from './sheet.tsx';
import type { Field, Value } from './types.ts';

/** The documents that the citizen brings. */
const DOCUMENTS: Field = {
  kind: 'rows',
  key: 'documents',
  label: 'admin.field.documents',
  coded: true,
  add: 'admin.add.document',
  fields: [
    { kind: 'texts', key: 'name', label: 'admin.field.name' },
    { kind: 'texts', key: 'note', label: 'admin.field.note', rows: 2, optional: true },
    { kind: 'yes', key: 'required', label: 'admin.field.required' },
    { kind: 'yes', key: 'onlyOnBehalf', label: 'admin.field.onlyOnBehalf' },
  ],
};

/** The checklist of the agent. */
const CHECKLIST: Field = {
  kind: 'rows',
  key: 'checklist',
  label: 'admin.field.checklist',
  coded: true,
  hint: 'admin.hint.checklist',
  add: 'admin.add.step',
  fields: [
    { kind: 'texts', key: 'name', label: 'admin.field.name' },
    { kind: 'yes', key: 'required', label: 'admin.field.warned' },
  ],
};

/** Returns the fields of a procedure. */
export function procedureFields(
  { t }: Pick<DeskVisit, 't'>,
  { state }: Pick<Declaration, 'state'>,
): Field[] {
  const say = <K extends string>(key: K, values: readonly string[]) => ({
    ...({ kind: 'one', key, label: `admin.field.${key as 'kind'}` } as const),
    choices: values.map((value) => ({
      value,
      label: t(`admin.choice.${key as 'kind'}.${value as 'information'}`),
    })),
  });
  const themes = [
    { value: '', label: t('admin.choice.theme.none') },
    ...state.settings.themes.map(({ code, name }) => ({
      value: code,
      label: textIn(name, t.language),
    })),
  ];
  return [
    { kind: 'texts', key: 'name', label: 'admin.field.name' },
    { kind: 'texts', key: 'summary', label: 'admin.field.summary', rows: 2, optional: true },
    { kind: 'texts', key: 'who', label: 'admin.field.who', rows: 2, optional: true },
    {
      kind: 'texts',
      key: 'text',
      label: 'admin.field.text',
      hint: 'admin.hint.text',
      rows: 6,
      optional: true,
    },
    say('kind', ['procedure', 'information']),
    { kind: 'one', key: 'theme', label: 'admin.field.theme', choices: themes },
    {
      kind: 'group',
      key: 'channels',
      label: 'admin.group.channels',
      hint: 'admin.hint.channels',
      fields: CHANNELS.map((key) => ({ kind: 'number', key, label: `admin.field.minutes.${key}` })),
    },
    { kind: 'number', key: 'step', label: 'admin.field.step', hint: 'admin.hint.step' },
    say('identity', ['none', 'shown', 'electronic']),
    { kind: 'yes', key: 'onBehalf', label: 'admin.field.onBehalf' },
    {
      kind: 'yes',
      key: 'obligedElectronic',
      label: 'admin.field.obligedElectronic',
      hint: 'admin.hint.obligedElectronic',
    },
    DOCUMENTS,
    CHECKLIST,
    OTHER_WAYS,
    { kind: 'words', key: 'keywords', label: 'admin.field.keywords', hint: 'admin.hint.keywords' },
  ];
}

/** A new procedure before any input. */
const NEW: Value = {
  kind: 'procedure',
  identity: 'shown',
  onBehalf: true,
  channels: { phone: 15, video: 20 },
};

const sheetOf = (visit: DeskVisit, declaration: Declaration, code: string): Sheet => ({
  fields: procedureFields(visit, declaration),
  base: ['procedures', code],
  shown: ({ state }) => ({ ...(state.procedures.get(code)?.settings ?? NEW) }),
  written: (value) => value,
});

/** `/console/{office}/admin/procedures/{procedure}`: all about one procedure. */
export function procedurePage(deps: AdminDeps) {
  const pageOf = (visit: DeskVisit, declaration: Declaration): SheetPage | null => {
    const { t, office } = visit;
    const code = visit.c.req.param('procedure') ?? '';
    const procedure = declaration.state.procedures.get(code);
    if (!procedure || procedure.retired) return null;
    const list = `${adminBase(visit)}/procedures`;
    return {
      title: textIn(procedure.settings.name, t.language) || code,
      here: `${list}/${code}`,
      back: { href: list, text: t('admin.section.procedures') },
      sheet: sheetOf(visit, declaration, code),
      before: (
        <>
          <p>
            <a class="act" href={`/${t.language}/${office.code}/${code}`}>
              {t('admin.procedure.preview')}
            </a>
          </p>
          {declaration.findings
            .filter(
              ({ field, slip }) =>
                field[1] === code && field[0] === 'procedures' && slip?.kind === 'nobody',
            )
            .map(({ message, slip }) => (
              <Notice key={message} kind="warn">
                {t('admin.slip.nobody', slip?.values)}
              </Notice>
            ))}
        </>
      ),
    };
  };
  return sheetPage(deps, pageOf);
}

/** `/console/{office}/admin/new-procedure`. Its code is made from its name. */
export function newProcedurePage(deps: AdminDeps) {
  const pageOf = (visit: DeskVisit, declaration: Declaration): SheetPage => {
    const { t } = visit;
    const list = `${adminBase(visit)}/procedures`;
    const taken = new Set(declaration.state.procedures.keys());
    return {
      title: t('admin.procedure.new'),
      lead: t('admin.procedure.newLead'),
      here: `${adminBase(visit)}/new-procedure`,
      back: { href: list, text: t('admin.section.procedures') },
      sheet: sheetOf(visit, declaration, ''),
      baseOf: ({ name }) => ['procedures', freeCode(firstText(name), taken)],
      done: list,
      submit: t('admin.procedure.add'),
    };
  };
  return sheetPage(deps, pageOf);
}
