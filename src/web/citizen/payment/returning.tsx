import type { CitizenDeps, Visit } from '../visit.tsx';
import { BACK } from './pay.tsx';

const TOKEN = /^([\dA-Za-z]{4,12})\.([\w-]+)$/;

/**
 * `/{language}/payment/{order}.{proof}/{paid|failed}`: where the bank's page leads back to. What it brings is read as any other message; what became of the
 * payment is told on the page of the case, whose own address no bank gets to know.
 */
export function returnedPage(deps: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { c, t, to } = visit;
    const [, order = '', proof = ''] = TOKEN.exec(c.req.param('token') ?? '') ?? [];
    const secret = order ? await deps.payments.returning(order, proof) : null;
    const parameters = c.req.query('Ds_MerchantParameters');
    if (secret && parameters)
      await deps.payments.receive({
        version: c.req.query('Ds_SignatureVersion') ?? '',
        parameters: parameters.slice(0, 8_000),
        signature: c.req.query('Ds_Signature') ?? '',
      });
    if (secret) return visit.redirect(`${to.case(secret, 'pay')}?${BACK}=1`);
    const title = t('payment.back.title');
    return visit.show(
      { title, isPersonal: true },
      <>
        <h1>{title}</h1>
        <p class="lead">{t('payment.back.text')}</p>
      </>,
    );
  };
}
