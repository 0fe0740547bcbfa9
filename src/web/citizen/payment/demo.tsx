import { amountInWords } from '../../../features/service/payments/rules.ts';
import { DEMO_ANSWERS, type Sent } from '../../../features/service/payments/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { SummaryList } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import type { CitizenDeps, Visit } from '../visit.tsx';

const sentIn = (form: Form): Sent => ({
  version: form.text('Ds_SignatureVersion'),
  parameters: form.text('Ds_MerchantParameters'),
  signature: form.text('Ds_Signature'),
});

/** Nothing is paid, and nobody is told. */
const SILENT = 'silent';

/** `/{language}/payment/demo`: the page of the demonstration's bank, and what it answers. It is there only where the stand-in is used. */
export function demoBankPage(deps: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { c, t, language } = visit;
    const form = await readForm(c);
    const sent = sentIn(form);
    const bank = await deps.payments.demo();
    const asked = bank?.open(sent);
    if (!bank || !asked) return c.notFound();
    const answer = form.text('answer');
    const chosen = DEMO_ANSWERS.find((each) => each === answer);
    if (chosen) await deps.payments.receive(bank.answer(asked, chosen));
    if (chosen || answer === SILENT)
      return visit.redirect(chosen === 'pay' ? asked.paidUrl : asked.failedUrl);
    const title = t('payment.demo.title');
    const amount = amountInWords(asked.cents, language);
    return visit.show(
      { title, isPersonal: true },
      <>
        <h1>{title}</h1>
        <p class="note">{t('payment.demo.text')}</p>
        <SummaryList
          rows={[
            { label: t('payment.amount'), value: amount },
            { label: t('payment.order'), value: <span class="figures">{asked.order}</span> },
          ]}
        />
        <form class="form" action={c.req.path} method="post">
          <input type="hidden" name="Ds_SignatureVersion" value={sent.version} />
          <input type="hidden" name="Ds_MerchantParameters" value={sent.parameters} />
          <input type="hidden" name="Ds_Signature" value={sent.signature} />
          <Button name="answer" value="pay">
            {t('payment.demo.pay', { amount })}
          </Button>
          {(['deny', 'leave', SILENT] as const).map((each) => (
            <Button key={each} kind="quiet" name="answer" value={each}>
              {t(`payment.demo.${each}`)}
            </Button>
          ))}
        </form>
      </>,
    );
  };
}
