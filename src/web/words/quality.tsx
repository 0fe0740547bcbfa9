import type { Translate } from '../../lib/i18n/translate.ts';

/** How the connection is, in words: for the `<template>` of the room's screen, from which its island takes what it says. */
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
