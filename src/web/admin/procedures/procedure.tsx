import type { Declaration } from '../../../features/booking/administration/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Notice, Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../../console/visit.tsx';
import { adminBase } from '../places.ts';
import { firstText, freeCode } from '../read.ts';
import type { Sheet } from '../sections.ts';
import { type AdminDeps, type SheetPage, sheetPage } from '../sheet.tsx';
import { gapsIn } from '../translating/gaps.ts';
import type { Field, Value } from '../types.ts';
import {
  fieldsOfPart,
  newProcedureFields,
  PROCEDURE_PARTS,
  type ProcedurePart,
  procedurePath,
} from './fields.ts';

/** A new procedure before any input. */
const NEW: Value = {
  kind: 'procedure',
  identity: 'shown',
  onBehalf: true,
  channels: { phone: 15, video: 20 },
};

const sheetOf = (fields: readonly Field[], code: string): Sheet => ({
  fields,
  base: ['procedures', code],
  shown: ({ state }) => ({ ...(state.procedures.get(code)?.settings ?? NEW) }),
  written: (value) => value,
});

/** `/console/{office}/admin/procedures/{procedure}` and the pages below: a part of a procedure on each. */
export function procedurePage(deps: AdminDeps, part: ProcedurePart) {
  const pageOf = (visit: DeskVisit, declaration: Declaration): SheetPage | null => {
    const { t, office } = visit;
    const code = visit.c.req.param('procedure') ?? '';
    const procedure = declaration.state.procedures.get(code);
    if (!procedure || procedure.retired) return null;
    const admin = adminBase(visit);
    const name = textIn(procedure.settings.name, t.language) || code;
    return {
      title: name,
      here: `${admin}/${procedurePath(code, part)}`,
      back: { href: `${admin}/procedures`, text: t('admin.section.procedures') },
      canDraft: true,
      sheet: sheetOf(fieldsOfPart(visit, declaration, part, code), code),
      before: (
        <>
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
          <Parts visit={visit} declaration={declaration} code={code} name={name} part={part} />
          <div class="admin-part">
            <h2>{t(`admin.part.${part}`)}</h2>
            <a class="act" href={`/${t.language}/${office.code}/${code}`}>
              {t('admin.procedure.preview')}
            </a>
          </div>
        </>
      ),
    };
  };
  return sheetPage(deps, pageOf);
}

interface PartsProps {
  visit: DeskVisit;
  declaration: Declaration;
  code: string;
  name: string;
  part: ProcedurePart;
}

/** The parts of a procedure, each with how many of its texts are missing or older than the original. */
function Parts({ visit, declaration, code, name, part }: PartsProps) {
  const { t } = visit;
  const admin = adminBase(visit);
  return (
    <nav class="admin-parts" aria-label={t('admin.part.all', { name })}>
      <ul class="unmarked">
        {PROCEDURE_PARTS.map((each) => {
          const sheet = sheetOf(fieldsOfPart(visit, declaration, each, code), code);
          const { missing, older } = gapsIn(declaration, sheet);
          return (
            <li key={each}>
              <a
                href={`${admin}/${procedurePath(code, each)}`}
                aria-current={each === part ? 'page' : undefined}
              >
                {t(`admin.part.${each}`)}
              </a>
              {missing + older > 0 ? (
                <>
                  {' '}
                  <Tag kind="warn">{t('admin.gaps', { count: missing + older })}</Tag>
                </>
              ) : null}
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** `/console/{office}/admin/new-procedure`. Its code is made from its name. */
export function newProcedurePage(deps: AdminDeps) {
  const pageOf = (visit: DeskVisit, declaration: Declaration): SheetPage => {
    const { t } = visit;
    const admin = adminBase(visit);
    const taken = new Set(declaration.state.procedures.keys());
    const codeOf = ({ name }: Value) => freeCode(firstText(name), taken);
    return {
      title: t('admin.procedure.new'),
      lead: t('admin.procedure.newLead'),
      here: `${admin}/new-procedure`,
      back: { href: `${admin}/procedures`, text: t('admin.section.procedures') },
      sheet: {
        ...sheetOf(newProcedureFields(visit, declaration), ''),
        written: (value) => ({ onBehalf: true, ...value }),
      },
      hasAllLanguages: true,
      baseOf: (value) => ['procedures', codeOf(value)],
      doneAt: (value) => `${admin}/${procedurePath(codeOf(value), 'texts')}`,
      submit: t('admin.procedure.add'),
    };
  };
  return sheetPage(deps, pageOf);
}
