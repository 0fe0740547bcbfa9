import type { Shown } from './controls.tsx';
import type { Saying } from './said.tsx';

/** The others' text while they type or speak, and their last lines: over their pictures, for people who read the conversation. */
export function Captions({ page, words }: Shown) {
  const { pairs, writing, captions } = page;
  const typed = pairs.flatMap(({ person, line }) => {
    const ended = writing.ended.get(`${person.side} ${person.name}`) ?? '';
    const text = [ended, line].filter((each) => each !== '').join(' ');
    return text ? [{ key: person.seat, name: person.name, text }] : [];
  });
  const spoken = [
    ...pairs.map(({ person, captions: { text } }) => ({
      key: person.seat,
      name: person.name,
      text,
    })),
    { key: 'me', name: words('me'), text: captions.lines.text },
  ].filter(({ text }) => text !== '');
  if (typed.length === 0 && spoken.length === 0) return null;
  return (
    <div class="room-captions">
      {spoken.map(({ key, name, text }) => (
        <p key={`spoken ${key}`} data-spoken={key === 'me' ? 'mine' : 'theirs'}>
          <b>{name}</b> {text}
        </p>
      ))}
      {typed.map(({ key, name, text }) => (
        <p key={key}>
          <b>{name}</b> <span class="soft small">({words('write.typing')})</span> {text}
        </p>
      ))}
    </div>
  );
}

/** Asks the citizen whether their speech may be turned into text, as somebody else wishes. */
export function CaptionQuestion({ page, act, words }: Shown) {
  if (!page.isCaptionQuestion) return null;
  return (
    <div class="notice stack room-question" role="alert">
      <p>{words('captions.question')}</p>
      <p class="row">
        <button type="button" class="button" onClick={() => act.agreeCaptions(true)}>
          {words('captions.yes')}
        </button>{' '}
        <button type="button" class="button quiet" onClick={() => act.agreeCaptions(false)}>
          {words('captions.no')}
        </button>
      </p>
    </div>
  );
}

/** Returns what both sides are told of captions: that they are on, and whose speech isn't in them. */
export function captionWords({ page, words }: Shown): Saying[] {
  const { captions, pairs, side } = page;
  const isAsked = captions.isAsked || pairs.some(({ media }) => media?.captions);
  if (!page.isAdmitted || !captions.provider || !isAsked) return [];
  const missing = pairs.filter(
    ({ person, media }) =>
      person.side !== 'companion' && media?.microphone && !media.captioned && captions.isAsked,
  );
  const whose = captions.own === 'on' && side !== 'companion' ? 'captions.mine' : 'captions.theirs';
  return [
    { text: words('captions.running') },
    { text: words(whose), isBrief: true },
    { text: captions.own === 'failed' ? words('captions.failed') : '' },
    ...missing.map(({ person }) => ({ text: words('captions.without', { name: person.name }) })),
  ];
}
