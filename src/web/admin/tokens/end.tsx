import { can } from '../../../domain/roles.ts';
import { isInForce } from '../../../features/foundation/tokens/rules.ts';
import { askFirst } from '../../console/people/post.tsx';
import type { DeskVisit } from '../../console/visit.tsx';
import { adminBase } from '../places.ts';
import type { AdminDeps } from '../sheet.tsx';

/** `/console/{office}/admin/tokens/{token}/end`: asks first. */
export function endTokenPage({ tokens }: Pick<AdminDeps, 'tokens'>) {
  const tokenIn = async (visit: DeskVisit) => {
    const list = can(visit.viewer, 'administer') ? await tokens.list(visit.office) : [];
    return list.find(
      (each) => isInForce(each, visit.now) && String(each.id) === visit.c.req.param('token'),
    );
  };
  const here = (visit: DeskVisit) => `${adminBase(visit)}/tokens`;
  return {
    get: async (visit: DeskVisit) => {
      const token = await tokenIn(visit);
      if (!token) return visit.c.notFound() as Response;
      const { t } = visit;
      return askFirst(visit, {
        title: t('admin.tokens.revoke.title', { name: token.name }),
        text: t('admin.tokens.revoke.text'),
        submit: t('admin.tokens.revoke'),
        back: here(visit),
        grave: true,
      });
    },
    post: async (visit: DeskVisit) => {
      const token = await tokenIn(visit);
      if (!token) return visit.c.notFound() as Response;
      await tokens.revoke(visit.office, token.id, visit.viewer);
      return visit.redirect(`${here(visit)}?done=revoked`);
    },
  };
}
