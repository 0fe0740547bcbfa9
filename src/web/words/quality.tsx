import type { Translate } from '../../lib/i18n/translate.ts';

/**
 * The words for the connection's quality, in the `<template>` of the room's screen, where its island
 * finds them.
 */
export function QualityWords({ t }: { t: Translate }) {
  return (
    <>
      {(['good', 'fair', 'poor'] as const).map((each) => (
        <p key={each} data-word={`quality.${each}`}>
          {t(`quality.${each}`)}
        </p>
      ))}
    </>
  );
}
