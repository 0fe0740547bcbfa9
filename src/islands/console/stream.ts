/** As `src/web/console/event-words.ts` says it. */
export interface NewsSaid {
  appointment: string;
  kind: string;
  text: string;
  days: string[];
}

interface Listener {
  /** From here on nothing is missed. */
  hello(): void;
  /** Another tab listens already, and may have passed something on since this page was made. */
  joined(): void;
  news(news: NewsSaid): void;
  /** A desk's state has changed. */
  presence(): void;
  lost(): void;
  /** The server answered, and not with a stream. */
  refused(): void;
}

type Message =
  | { type: 'hello' | 'presence' | 'lost' | 'refused'; id: string }
  | { type: 'news'; id: string; news: NewsSaid };

const AGAIN_MS = 10_000;

/**
 * One stream for all tabs of a browser, which has few connections: the tab that holds the lock listens and passes on what
 * it hears. Where there are no locks (a page without HTTPS) each tab has its own.
 */
export function shareNews(live: HTMLElement, to: Listener): { stop(): void } {
  const name = `finestreta ${live.dataset.share}`;
  const others = new BroadcastChannel(name);
  /** Where whoever listens next goes on: at first, where the page was made. */
  let last = live.dataset.after ?? '';
  let source: EventSource | null = null;
  let isStopped = false;
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });

  const hear = (message: Message) => {
    if (message.id) last = message.id;
    if (message.type === 'news') to.news(message.news);
    else to[message.type]();
  };
  const pass = (message: Message) => {
    if (navigator.locks) others.postMessage(message);
    hear(message);
  };

  const listen = () => {
    if (isStopped) return;
    const mine = new EventSource(`${live.dataset.stream}${last ? `?after=${last}` : ''}`);
    source = mine;
    mine.addEventListener('hello', ({ lastEventId: id }) => pass({ type: 'hello', id }));
    mine.addEventListener('news', ({ lastEventId: id, data }) =>
      pass({ type: 'news', id, news: JSON.parse(data) as NewsSaid }),
    );
    mine.addEventListener('presence', () => pass({ type: 'presence', id: '' }));
    mine.addEventListener('error', () => {
      const isOver = mine.readyState === EventSource.CLOSED;
      pass({ type: isOver ? 'refused' : 'lost', id: '' });
      // The browser comes again by itself, except where it was refused.
      if (isOver) setTimeout(listen, AGAIN_MS);
    });
  };

  others.addEventListener('message', ({ data }: MessageEvent<Message>) => hear(data));
  if (navigator.locks) {
    const take = () => {
      if (isStopped) return;
      listen();
      return held; // until the tab closes or listens no more
    };
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (lock) return take();
      if (!isStopped) to.joined();
      void navigator.locks.request(name, take);
    });
  } else listen();

  return {
    stop: () => {
      isStopped = true;
      source?.close();
      others.close();
      letGo();
    },
  };
}
