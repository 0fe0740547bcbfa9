import { MESSAGE_LENGTH } from '../../../../features/service/cases/service.ts';
import { readForm } from '../../../form.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { caseAt, showCase } from '../case.tsx';
import { keptIn, keptPage } from '../kept.tsx';

/** `…/message`: writes to whoever handed the case in. What can't be sent stays in its field. */
export function writeMessage(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office } = visit;
    const text = (await readForm(c)).lines('message');
    const id = c.req.param('id') ?? '';
    const result = await deps.caseMessages.write(viewer, office, id, text);
    if (result.ok)
      return visit.redirect(
        `${caseAt(visit)}?done=${result.isTold ? 'message-sent' : 'message-untold'}`,
      );
    const kept = keptIn([{ label: t('message.toPerson'), text }]);
    switch (result.reason) {
      case 'not_found':
        return kept.length > 0 ? keptPage(visit, kept) : c.notFound();
      case 'empty':
      case 'long': {
        const error = t(`message.wrong.${result.reason}`, { most: MESSAGE_LENGTH });
        return showCase(deps, visit, { status: 422, message: { text, error } });
      }
      default:
        return showCase(deps, visit, {
          status: 409,
          notice: { kind: 'warn', text: t('message.untaken') },
          kept,
        });
    }
  };
}
