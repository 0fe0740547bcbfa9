import type { TownState } from '../../domain/office/state.ts';
import { addressOf } from '../../features/service/captions/service.ts';
import { type Finding, right, warning, wrong } from './report.ts';

const WITHIN_MS = 5_000;

/**
 * Opens a WebSocket to each speech-to-text engine of the town, as a browser in a call does, and sends it no sound. `secret`: the one shared
 * with the engines; null: there are no captions.
 */
export async function aboutCaptions(
  town: TownState,
  secret: string | null,
  now: Temporal.Instant,
): Promise<Finding[]> {
  const urls = enginesOf(town);
  if (urls.length === 0) return [];
  if (secret === null)
    return [
      warning(
        'The town file names speech-to-text engines, and there is no CAPTIONS_SECRET: nobody has captions.',
        'Set CAPTIONS_SECRET, or take `video: captions` out of the town file.',
      ),
    ];
  return Promise.all(
    urls.map(async (url) => {
      const isOpen = await opens(await addressOf(url, { secret, name: 'doctor', now }));
      return isOpen
        ? right(`The speech-to-text engine ${url} answers.`)
        : wrong(
            `The speech-to-text engine ${url} takes no WebSocket from us.`,
            'Does it run, is its certificate valid, does its proxy have the same CAPTIONS_SECRET, and do both clocks agree?',
          );
    }),
  );
}

/** The addresses of all offices' engines, each once. */
const enginesOf = ({ offices }: TownState): string[] => [
  ...new Set(
    [...offices.values()].flatMap(({ settings }) =>
      Object.values(settings.video?.captions?.engines ?? {}),
    ),
  ),
];

function opens(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const done = (answer: boolean) => {
      clearTimeout(late);
      socket.close();
      resolve(answer);
    };
    const late = setTimeout(done, WITHIN_MS, false);
    socket.addEventListener('open', () => done(true));
    socket.addEventListener('error', () => done(false));
  });
}
