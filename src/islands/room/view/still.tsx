import { mainPair } from '../page.ts';
import type { Shown } from './controls.tsx';

/** The question about a picture of a document, on the screens of citizen and agent. */
export function Still({ page, act, words }: Shown) {
  const { still, picture, side } = page;
  if (side === 'citizen' && still === 'asked') {
    const name = mainPair(page)?.person.name ?? '';
    return (
      <div role="alert" class="notice stack room-still">
        <p>{words('still.question', { name })}</p>
        <p class="row">
          <button type="button" class="button" onClick={() => act.answerStill('yes')}>
            {words('still.yes')}
          </button>
          <button type="button" class="button quiet" onClick={() => act.answerStill('no')}>
            {words('still.no')}
          </button>
        </p>
      </div>
    );
  }
  if (side !== 'agent' || !still || picture === 'kept') return null;
  return (
    <div role="alert" class="notice stack room-still">
      <p>{words(`still.${still}`)}</p>
      {still === 'agreed' ? (
        <p>
          <button type="button" class="button" onClick={act.takePicture}>
            {words('still.take')}
          </button>
        </p>
      ) : null}
    </div>
  );
}
