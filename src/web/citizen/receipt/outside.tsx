import type { OutsideState } from '../../../features/foundation/registry/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

/** The number of the town's registry beside ours, or that it follows. */
export function OutsideNumber({ outside, t }: { outside: OutsideState | null; t: Translate }) {
  if (!outside) return null;
  if (outside.state === 'owed') return <p>{t('case.receipt.owed')}</p>;
  return (
    <>
      <p>
        {t('case.receipt.outside')} <strong class="figures">{outside.number}</strong>
      </p>
      {outside.register === 'auxiliary' ? <p class="hint">{t('case.receipt.auxiliary')}</p> : null}
    </>
  );
}
